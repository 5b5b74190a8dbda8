"""Draws throughput over users, and the cost of a turn over the length of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl  # type: ignore[import-untyped]

mpl.use("Agg")
from matplotlib import pyplot as plt

from benchmarks.turns.sides import FLOOR, SERVICE, STARTER, TITLES

# Okabe and Ito's colours, told apart by the colour-blind as well; marks do so without colour.
_STYLES = {
    SERVICE: ("#0072B2", "o"),
    STARTER: ("#D55E00", "s"),
    FLOOR: ("#999999", "^"),
    f"{SERVICE}/sqlite": ("#0072B2", "o"),
    f"{SERVICE}/postgresql": ("#009E73", "v"),
    f"{STARTER}/sqlite": ("#D55E00", "s"),
}
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def draw(figures: Mapping[str, Any], file: Path) -> None:
    """Writes an SVG of all that was measured."""
    plt.rcParams.update({"svg.hashsalt": "benchmark", "svg.fonttype": "none", "font.size": 9})
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
    if "throughput" in figures:
        _throughput(left, figures["throughput"]["users"])
    if "growth" in figures:
        _growth(right, figures["growth"])
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _throughput(axis: Any, by_users: Mapping[str, Any]) -> None:
    users = [int(count) for count in by_users]
    for side, title in TITLES.items():
        if all(side in by_side for by_side in by_users.values()):
            _line(axis, side, title, users, [by_users[str(n)][side]["per_second"] for n in users])
    _label(axis, "Turns a second", "users at once", users)


def _growth(axis: Any, by_place: Mapping[str, Mapping[str, float]]) -> None:
    depths: set[int] = set()
    for key, medians in by_place.items():
        side, _, database = key.partition("/")
        turns = [int(turn) for turn in medians]
        depths.update(turns)
        title = f"{TITLES[side]}, {_DATABASES[database]}"
        _line(axis, key, title, turns, [1000 * seconds for seconds in medians.values()])
    _label(axis, "A turn, ms", "turn of the conversation", sorted(depths))


def _line(axis: Any, key: str, title: str, x: list[int], y: list[float]) -> None:
    colour, marker = _STYLES[key]
    axis.plot(x, y, color=colour, linewidth=1.4, marker=marker, markersize=6, label=title)


def _label(axis: Any, title: str, x: str, ticks: list[int]) -> None:
    axis.set(title=f"{title} (logarithmic)", xlabel=x, xscale="log", yscale="log")
    axis.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axis.minorticks_off()
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
