"""The tables of the document, each from the figures of one part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.turns.figures import duration, megabytes, milliseconds, rate, table, times
from benchmarks.turns.sides import SERVICE, STARTER, TITLES
from benchmarks.turns.targets import judged

Figures = Mapping[str, Any]
Write = Callable[[float], str]

_NONE = "–"
_DATABASES = {
    "service/sqlite": "This service, SQLite",
    "service/postgresql": "This service, PostgreSQL",
    "starter/sqlite": "Starter set-up, SQLite",
}
_REPLICAS = {
    "sqlite/1": "One process, SQLite",
    "postgresql/1": "One process, PostgreSQL and Redis",
    "postgresql/2": "Two processes behind nginx, PostgreSQL and Redis",
}
_MEASURES: tuple[tuple[str, str, Write], ...] = (
    ("per_second", "turns a second", rate),
    ("p50", "median", milliseconds),
    ("p99", "p99", milliseconds),
    ("cpu", "processor time a turn", milliseconds),
)


def targets(figures: Figures) -> str:
    """Writes what was to be reached, and whether it was."""
    rows = []
    for target, value in judged(figures):
        if value is None:
            rows.append([target.name, target.wanted, _NONE, "not measured"])
        else:
            met = "met" if target.is_met(value) else "**not met**"
            rows.append([target.name, target.wanted, target.write(value), met])
    return table(["Target", "Wanted", "Measured", ""], rows)


def circumstances(around: Figures) -> str:
    """Writes when and with what load each part was measured."""
    rows = [
        [name, one["date"], one["commit"], "{:.1f}; {:.1f}".format(*one["loads"])]
        for name, one in around.items()
    ]
    return table(["Part", "Measured on", "Commit", "Load before; after"], rows)


def throughput(part: Figures) -> str:
    """Writes turns a second and times, by number of users."""
    rows = []
    for users, by_side in part["users"].items():
        who = "1 user" if users == "1" else f"{users} users"
        for key, name, write in _MEASURES:
            values = [by_side[side][key] if side in by_side else None for side in TITLES]
            rows.append([f"{who}: {name}", *_compared(values, write, key == "per_second")])
    return table(["", "Ratio", *TITLES.values()], rows)


def client(part: Figures) -> str:
    """Writes the load generator's share of the time, and how deep the conversations went."""
    header = ["Users", *(f"{title}: client" for title in TITLES.values())]
    header += [f"{TITLES[side]}: turns a user" for side in (SERVICE, STARTER)]
    rows = []
    for users, by_side in part["users"].items():
        shares = [f"{100 * by_side[s]['client']:.0f} %" if s in by_side else _NONE for s in TITLES]
        depths = [
            str(by_side[side]["depth"]) if side in by_side else _NONE for side in (SERVICE, STARTER)
        ]
        rows.append([users, *shares, *depths])
    return table(header, rows)


def replicas(part: Figures) -> str:
    """Writes what one process carries, and two."""
    rows = [
        [
            _REPLICAS[name],
            *(write(found[key]) for key, _, write in _MEASURES),
            f"{100 * found['client']:.0f} %",
        ]
        for name, found in part.items()
    ]
    return table(["", "Turns a second", "Median", "p99", "Processor time", "Client"], rows)


def half(part: Figures) -> str:
    """Writes the times at half load."""
    rows = [
        [
            f"{TITLES[side]}, {spacing} spacing",
            f"{found['p99'] / found['p50']:.1f}×",
            milliseconds(found["p50"]),
            milliseconds(found["p99"]),
            rate(found["rate"]),
            str(found["turns"]),
        ]
        for side, by_spacing in part.items()
        for spacing, found in by_spacing.items()
    ]
    return table(["", "p99 to median", "Median", "p99", "Arrivals", "Turns"], rows)


def growth(part: Figures) -> str:
    """Writes the cost of a turn by its place in the conversation."""
    depths = list(part["service/sqlite"])
    rows = []
    for key, medians in part.items():
        first = medians[depths[0]]
        cells = [
            f"{milliseconds(medians[depth])} ({medians[depth] / first:.1f}×)"
            if depth in medians
            else _NONE
            for depth in depths
        ]
        rows.append([_DATABASES[key], *cells])
    return table(["", *(f"turn {int(depth):,}" for depth in depths)], rows)


def nlu(part: Figures) -> str:
    """Writes how long understanding takes."""
    rows = [
        [
            name,
            *_compared([part.get(side, {}).get(key) for side in (SERVICE, STARTER)], milliseconds),
        ]
        for key, name in (("p50", "A sentence, median"), ("p99", "A sentence, p99"))
    ]
    return table(["", "Ratio", TITLES[SERVICE], TITLES[STARTER]], rows)


def costs(figures: Figures) -> str:
    """Writes start-up, training, memory and size, of what was measured of them."""
    rows = list(_startup(figures.get("startup", {})))
    rows += _training(figures.get("training", {}))
    rows += _resident(figures.get("throughput", {}).get("resident", {}))
    return table(["", "Ratio", TITLES[SERVICE], TITLES[STARTER]], rows)


def _startup(part: Figures) -> Iterator[list[str]]:
    for key, name, write in (
        ("ready", "Start until ready", duration),
        ("answered", "Start until the first answer", duration),
        ("cpu", "… processor time, with the stop", duration),
        ("model", "Model on disk", megabytes),
    ):
        values = [part.get(side, {}).get(key) for side in (SERVICE, STARTER)]
        if any(values):
            yield [name, *_compared(values, write)]


def _training(part: Figures) -> Iterator[list[str]]:
    for key, name in (
        ("whole", "Training, whole"),
        ("whole_cpu", "… processor time"),
        ("edited", "Training after an edit"),
        ("edited_cpu", "… processor time"),
    ):
        values = [part.get(side, {}).get(key) for side in (SERVICE, STARTER)]
        if any(values):
            yield [name, *_compared(values, duration)]


def _resident(part: Figures) -> Iterator[list[str]]:
    if part:
        values = [sum(part[s].values()) if s in part else None for s in (SERVICE, STARTER)]
        yield ["Resident memory", *_compared(values, megabytes)]


def profile(after: Figures, before: Figures) -> str:
    """Writes what each stage of a turn takes, before and after."""
    earlier = {stage["stage"]: stage for stage in before["stages"]}
    later = {stage["stage"]: stage for stage in after["stages"]}
    together = [*earlier, *(name for name in later if name not in earlier)]
    names = sorted(together, key=lambda name: -earlier.get(name, _NO_STAGE)["seconds"])
    rows = []
    for name in names:
        was, now = earlier.get(name, _NO_STAGE), later.get(name, _NO_STAGE)
        rows.append([name, *_stage(was), *_stage(now), _hottest(now if now["hottest"] else was)])
    total = [milliseconds(one["cpu"] / one["turns"]) for one in (before, after)]
    rows.append(["**Together**", total[0], "100 %", total[1], "100 %", ""])
    return table(["", "Before", "", "Now", "", "Most of it in"], rows)


_NO_STAGE: dict[str, Any] = {"seconds": 0.0, "share": 0.0, "hottest": {}}


def _stage(stage: Figures) -> list[str]:
    if not stage["share"]:
        return [_NONE, _NONE]
    return [milliseconds(stage["seconds"]), f"{100 * stage['share']:.0f} %"]


def _hottest(stage: Figures) -> str:
    return ", ".join(f"`{name}`" for name in list(stage["hottest"])[:2])


def _compared(
    values: Sequence[float | None], write: Write, is_more_better: bool = False
) -> list[str]:
    """Gives the ratio of the first two values, then all of them in words."""
    ours, theirs = values[0], values[1]
    ratio = _NONE
    if ours and theirs:
        ratio = times(ours / theirs if is_more_better else theirs / ours)
    return [ratio, *(_NONE if value is None else write(value) for value in values)]


PARTS: dict[str, Callable[[Figures], str]] = {
    "throughput": throughput,
    "replicas": replicas,
    "half": half,
    "growth": growth,
    "nlu": nlu,
}
"""The tables that need one part only, by its name."""
