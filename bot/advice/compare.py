"""Two processes side by side."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advice.model import Advice, Case
from bot.advice.verdict import Verdict, decide


@dataclass(frozen=True)
class Row:
    """One criterion with the level of each side, as titles."""

    criterion: str
    left: str
    right: str


@dataclass(frozen=True)
class Comparison:
    """Two cases with their verdicts and the criteria on which they differ, heaviest first."""

    left: Case
    right: Case
    left_verdict: Verdict
    right_verdict: Verdict
    differences: tuple[Row, ...]
    shared: tuple[Row, ...]


def compare(advice: Advice, left: Case, right: Case) -> Comparison:
    """Return the comparison of two cases. Neither needs to be complete."""
    a, b = decide(advice, left), decide(advice, right)
    rows: list[tuple[int, Row]] = []
    for one, other in zip(a.weighed, b.weighed, strict=True):
        criterion = advice.criteria[one.criterion]
        row = Row(
            criterion.name, criterion.level(one.level).title, criterion.level(other.level).title
        )
        rows.append((abs(one.points - other.points), row))
    rows.sort(key=lambda pair: -pair[0])
    return Comparison(
        left=left,
        right=right,
        left_verdict=a,
        right_verdict=b,
        differences=tuple(r for _, r in rows if r.left != r.right),
        shared=tuple(r for _, r in rows if r.left == r.right),
    )
