"""The document: docs/benchmarks/turns.md, its plot and its raw figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.turns import tables
from benchmarks.turns.bench import WHOLE
from benchmarks.turns.growth import AROUND
from benchmarks.turns.messages import CONVERSATION, CYCLE
from benchmarks.turns.sides import SERVICE
from bot.project import PROJECT

FOLDER = PROJECT / "docs" / "benchmarks"
FILE = FOLDER / "turns.md"
RAW = FOLDER / "turns.json"
_TEMPLATE = Path(__file__).with_name("document.md.template")
PROFILE_BEFORE = FOLDER / "profile-before.json"

Figures = Mapping[str, Any]


def kept(newer: Figures | None = None) -> dict[str, Any]:
    """Gives the figures that are kept, part by part overlaid by newer ones."""
    figures: dict[str, Any] = {"circumstances": {}}
    if RAW.exists():
        figures = json.loads(RAW.read_text(encoding="utf-8"))
    if newer:
        around = {**figures["circumstances"], **newer["circumstances"]}
        figures = {**figures, **newer, "circumstances": around}
    return figures


def write(figures: Figures) -> None:
    """Writes the figures, the plot and the document."""
    from benchmarks.turns.plot import draw

    RAW.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    draw(figures, FILE.with_suffix(".svg"))
    FILE.write_text(document(figures), encoding="utf-8")


def shown(figures: Figures) -> str:
    """Gives the tables of what was measured, for the terminal."""
    return "\n\n".join(_sections(figures).values())


def _sections(figures: Figures) -> dict[str, str]:
    """Gives the tables by their place in the document, of what was measured."""
    found = {
        name: write_table(figures[name])
        for name, write_table in tables.PARTS.items()
        if figures.get(name)
    }
    if "throughput" in figures:
        found["client"] = tables.client(figures["throughput"])
    if figures.keys() & {"startup", "training", "throughput"}:
        found["costs"] = tables.costs(figures)
    if "profile" in figures:
        found["profile"] = tables.profile(figures["profile"], profile_before())
    return found


def profile_before() -> Figures:
    """Gives the profile that is kept to compare with."""
    before: Figures = json.loads(PROFILE_BEFORE.read_text(encoding="utf-8"))
    return before


def document(figures: Figures) -> str:
    """Gives the whole document in Markdown."""
    sections = dict.fromkeys((*tables.PARTS, "client", "costs", "profile"), _MISSING)
    around = figures["circumstances"]
    is_aged = any(one["is_current"] is False for one in around.values())
    return _TEMPLATE.read_text(encoding="utf-8").format(
        **{**sections, **_sections(figures)},
        targets=tables.targets(figures),
        circumstances=tables.circumstances(around),
        machine=_machine(around),
        aged=_AGED if is_aged else "",
        before=profile_before(),
        turns=len(CONVERSATION),
        cycle=len(CYCLE),
        around=AROUND,
        slices=WHOLE.slices,
        starts=WHOLE.starts[SERVICE],
        starter_depth=WHOLE.starter_depth,
    )


def _machine(around: Figures) -> str:
    return "; ".join(
        sorted(
            {
                f"{one['cores']} cores, {one['system']}, Python {one['python']}, Rasa {one['rasa']}"
                for one in around.values()
            }
        )
    )


_MISSING = "Not measured yet."
_AGED = (
    "\n\nThe starter set-up was trained on an earlier state of the content: "
    "`python -m benchmarks.turns --train-starter` trains it anew."
)
