"""The document: docs/benchmarks/turns.md, its plot and its raw figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.turns import tables
from benchmarks.turns.bench import WHOLE
from benchmarks.turns.messages import CONVERSATION, CYCLE
from benchmarks.turns.sides import FLOOR, SERVICE, STARTER
from bot.project import PROJECT

FOLDER = PROJECT / "docs" / "benchmarks"
FILE = FOLDER / "turns.md"
RAW = FOLDER / "turns.json"
_TEMPLATE = Path(__file__).with_name("document.md.template")
PROFILE_BEFORE = FOLDER / "profile-before.json"

Figures = Mapping[str, Any]


def write(figures: Figures) -> None:
    """Writes the figures of a whole run, the plot and the document."""
    from benchmarks.turns.plot import draw

    RAW.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    draw(figures, FILE.with_suffix(".svg"))
    FILE.write_text(document(figures), encoding="utf-8")


def shown(figures: Figures) -> str:
    """Gives the tables of what was measured, for the terminal."""
    return "\n\n".join(_shown(figures))


def _shown(figures: Figures) -> Iterator[str]:
    for name, write_table in tables.PARTS.items():
        if name in figures:
            yield write_table(figures[name])
    if figures.keys() & {"startup", "training", "throughput"}:
        yield tables.costs(figures)
    if "profile" in figures:
        yield tables.profile(figures["profile"], profile_before())


def profile_before() -> Figures:
    """Gives the profile that is kept to compare with."""
    before: Figures = json.loads(PROFILE_BEFORE.read_text(encoding="utf-8"))
    return before


def document(figures: Figures) -> str:
    """Gives the whole document in Markdown."""
    before = profile_before()
    around = figures["circumstances"]
    part = figures["throughput"]["users"]
    floor = max(by_side[FLOOR]["client"] for by_side in part.values())
    return _TEMPLATE.read_text(encoding="utf-8").format(
        targets=tables.targets(figures),
        throughput=tables.throughput(figures["throughput"]),
        client=tables.client(figures["throughput"]),
        floor_client=round(100 * floor),
        half=tables.half(figures["half"]),
        growth=tables.growth(figures["growth"]),
        nlu=tables.nlu(figures["nlu"]),
        costs=tables.costs(figures),
        profile=tables.profile(figures["profile"], before),
        before=before,
        cores=around["cores"],
        turns=len(CONVERSATION),
        cycle=len(CYCLE),
        slices=WHOLE.slices,
        starts=figures["startup"][SERVICE]["starts"],
        starter_depth=WHOLE.starter_depth,
        starter_seconds=f"{figures['growth'][f'{STARTER}/sqlite'][str(WHOLE.starter_depth)]:.1f} s",
        circumstances=_CIRCUMSTANCES.format(**around),
        aged="" if around["is_current"] else _AGED,
    )


_CIRCUMSTANCES = (
    "{date}, commit {commit}. {cores} cores, {system}, Python {python}, Rasa {rasa}. Processes "
    "that wanted to run, a minute's average: {loads[0]:.1f} before the run, {loads[1]:.1f} at its "
    "end, of which two at most are its own"
)
_AGED = (
    "\n\nThe starter set-up was trained on an earlier state of the content: "
    "`python -m benchmarks.turns --train-starter` trains it anew."
)
