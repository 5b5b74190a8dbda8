"""What the figures should be, and whether they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.turns.figures import duration, megabytes
from benchmarks.turns.sides import SERVICE, STARTER

Figures = Mapping[str, Any]

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Target:
    """A figure that is to be at least or at most something.

    Args:
        name: What is measured.
        limit: The least or the most it may be.
        is_least: Whether `limit` is the least.
        get: Gives the measured value; a KeyError when it was not measured.
        write: Writes a value.

    """

    name: str
    limit: float
    is_least: bool
    get: Callable[[Figures], float]
    write: Callable[[float], str]

    @property
    def wanted(self) -> str:
        """The limit in words."""
        return f"{'at least' if self.is_least else 'at most'} {self.write(self.limit)}"

    def is_met(self, value: float) -> bool:
        """Tells whether a value is within the limit."""
        return value >= self.limit if self.is_least else value <= self.limit


def judged(figures: Figures) -> Iterator[tuple[Target, float | None]]:
    """Gives each target with the value that was measured, or None."""
    for target in _TARGETS:
        try:
            yield target, target.get(figures)
        except KeyError:
            yield target, None


def _with(users: int, side: str, key: str) -> Callable[[Figures], float]:
    return lambda figures: float(figures["throughput"]["users"][str(users)][side][key])


def _throughput(figures: Figures) -> float:
    get = "per_second"
    return _with(16, SERVICE, get)(figures) / _with(16, STARTER, get)(figures)


def _median(figures: Figures) -> float:
    return _with(1, STARTER, "p50")(figures) / _with(1, SERVICE, "p50")(figures)


def _tail(figures: Figures) -> float:
    half = figures["half"][SERVICE]["even"]
    return float(half["p99"] / half["p50"])


def _growth(database: str) -> Callable[[Figures], float]:
    def get(figures: Figures) -> float:
        medians = figures["growth"][f"{SERVICE}/{database}"]
        return float(medians["2000"] / medians["5"])

    return get


def _resident(figures: Figures) -> float:
    return float(max(figures["throughput"]["resident"][SERVICE].values()))


def _ratio(value: float) -> str:
    return f"{value:.1f}×"


_TARGETS = (
    Target("Turns a second at 16 users, beside the starter set-up", 10, True, _throughput, _ratio),
    Target("Median of the starter set-up with one user, beside ours", 10, True, _median, _ratio),
    Target("p99 at half load, beside the median", 3, False, _tail, _ratio),
    Target("Turn 2,000 on SQLite, beside turn 5", 1.3, False, _growth("sqlite"), _ratio),
    Target("Turn 2,000 on PostgreSQL, beside turn 5", 1.3, False, _growth("postgresql"), _ratio),
    Target(
        "Training after an edit of one line",
        15,
        False,
        lambda figures: float(figures["training"][SERVICE]["edited"]),
        duration,
    ),
    Target(
        "Start until ready",
        10,
        False,
        lambda figures: figures["startup"][SERVICE]["ready"],
        duration,
    ),
    Target("Resident memory of a worker", 500 * _MEGABYTE, False, _resident, megabytes),
)
