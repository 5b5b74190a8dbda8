"""Figures made of what was measured, and how they are written."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """Gives the least of the values that this share of them does not exceed.

    Args:
        values: At least one.
        share: Above 0, at most 1.

    """
    return sorted(values)[math.ceil(share * len(values)) - 1]


def spread(taken: Sequence[float]) -> dict[str, Any]:
    """Gives the count, median and p99 of turns, in seconds."""
    return {
        "turns": len(taken),
        "p50": statistics.median(taken),
        "p99": percentile(taken, 0.99),
    }


def milliseconds(seconds: float) -> str:
    """Writes a time of at most some seconds."""
    value = 1000 * seconds
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.1f} ms"


def duration(seconds: float) -> str:
    """Writes a time of seconds."""
    return f"{seconds:.1f} s"


def megabytes(size: float) -> str:
    """Writes a number of bytes."""
    return f"{size / 1e6:,.0f} MB"


def rate(per_second: float) -> str:
    """Writes how many there are in a second."""
    return f"{per_second:,.0f} /s" if per_second >= 100 else f"{per_second:.1f} /s"


def times(ratio: float) -> str:
    """Writes a ratio."""
    return f"**{ratio:,.0f}×**" if ratio >= 100 else f"**{ratio:.1f}×**"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Writes a table in Markdown: the first column to the left, the others to the right."""
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
