"""Draws the measures over thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl  # type: ignore[import-untyped]

mpl.use("Agg")
from matplotlib import pyplot as plt

from benchmarks.nlu.systems import systems

_MEASURES = {
    "accuracy": "answered rightly,\nof what it covers",
    "beyond_recall": "out-of-scope recall",
    "wrong": "confidently wrong,\nof everything",
}
# Okabe and Ito's colours, told apart by the colour-blind as well; marks do so without colour.
_STYLES = dict(
    zip(
        systems(),
        (("#D55E00", "s"), ("#E69F00", "^"), ("#009E73", "v"), ("#0072B2", "o"), ("#CC79A7", "D")),
        strict=True,
    )
)


@dataclass(frozen=True)
class Curve:
    """A pipeline's title, its chosen threshold, and its measures at each threshold."""

    title: str
    threshold: float
    points: Sequence[Mapping[str, float]]


def draw(rows: Mapping[str, Mapping[str, Curve]], file: Path) -> None:
    """Write an SVG: a row of diagrams for each set of texts, a line for each pipeline by key.

    A filled mark stands where a pipeline's chosen threshold lies.
    """
    plt.rcParams.update({"svg.hashsalt": "benchmark", "svg.fonttype": "none", "font.size": 9})
    figure, grid = plt.subplots(
        len(rows), len(_MEASURES), figsize=(10, 3.1 * len(rows) + 0.6), squeeze=False, sharex=True
    )
    for axes, (texts, curves) in zip(grid, rows.items(), strict=True):
        for axis, (measure, name) in zip(axes, _MEASURES.items(), strict=True):
            _panel(axis, curves, measure)
            axis.set_title(f"{texts}: {name}", fontsize=9)
            axis.set_ylim(0, 1 if measure != "wrong" else None)
    for axis in grid[-1]:
        axis.set_xlabel("threshold")
    handles, labels = grid[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncol=3, frameon=False)
    figure.tight_layout(rect=(0, 0.6 / (3.1 * len(rows) + 0.6), 1, 1))
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _panel(axis: Any, curves: Mapping[str, Curve], measure: str) -> None:
    for key, curve in curves.items():
        colour, marker = _STYLES[key]
        x = [point["threshold"] for point in curve.points]
        axis.plot(
            x,
            [point[measure] for point in curve.points],
            color=colour,
            linewidth=1.4,
            marker=marker,
            markevery=[x.index(curve.threshold)],
            markersize=6,
            label=curve.title,
        )
    axis.grid(alpha=0.3)
