"""Why the verdict is what it is: reasons, assumptions, the nearest flip, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from bot.advice.model import UNSURE, Advice, Basis, Case, Criterion, Outcome
from bot.advice.verdict import Verdict, Weighed, decide

MOST_CHANGES = 2
"""A flip that needs more changed answers than this is no longer near."""


@dataclass(frozen=True)
class Reason:
    """What one answer weighed: `weight` points of `maximum` towards KPO."""

    criterion: str
    level: str
    weight: int
    maximum: int
    text: str


@dataclass(frozen=True)
class Assumed:
    """A level that was counted without being said, and where it comes from."""

    criterion: str
    level: str
    text: str


@dataclass(frozen=True)
class Flip:
    """The nearest change of answers that leads to another outcome."""

    changes: tuple[tuple[str, str], ...]
    outcome: Outcome
    text: str


def reasons(advice: Advice, verdict: Verdict) -> tuple[Reason, ...]:
    """Return a reason for every criterion, the heaviest first; weights add up to the position."""
    found = (_reason(advice.criteria[w.criterion], w) for w in verdict.weighed)
    return tuple(sorted(found, key=lambda r: -r.weight))


def _reason(criterion: Criterion, weighed: Weighed) -> Reason:
    level = criterion.level(weighed.level)
    text = level.reason
    maximum = criterion.maximum
    if criterion.tie_break and weighed.points > level.points:
        text = criterion.tie_break.reason
        maximum = max(maximum, criterion.tie_break.points)
    return Reason(criterion.id, level.id, weighed.points, maximum, text)


def assumptions(advice: Advice, verdict: Verdict) -> tuple[Assumed, ...]:
    """Return the levels that were counted although the person did not say them."""
    return tuple(
        Assumed(w.criterion, w.level, _assumed_text(advice.criteria[w.criterion], w))
        for w in verdict.weighed
        if w.basis is not Basis.SAID
    )


def _assumed_text(criterion: Criterion, weighed: Weighed) -> str:
    title = criterion.level(weighed.level).title
    origin = {
        Basis.CATALOGUE: "usual for this process",
        Basis.MIDPOINT: "the middle, as nothing is known",
    }[weighed.basis]
    return f"{criterion.name}: {title} ({origin})"


def flip(advice: Advice, case: Case) -> Flip | None:
    """Return the nearest other outcome: fewest changed answers, then the smallest steps.

    None when no change of up to `MOST_CHANGES` answers leads anywhere else, as for a decision
    that cannot be handed over.
    """
    verdict = decide(advice, case)
    for count in range(1, MOST_CHANGES + 1):
        found = min(_flips(advice, case, verdict, count), default=None)
        if found is not None:
            _, _, changes, outcome = found
            return Flip(changes, Outcome(outcome), _flip_text(advice, changes, Outcome(outcome)))
    return None


def _flips(
    advice: Advice, case: Case, verdict: Verdict, count: int
) -> Iterator[tuple[int, int, tuple[tuple[str, str], ...], str]]:
    order = list(advice.criteria)
    current = {w.criterion: w.level for w in verdict.weighed}
    for chosen in combinations(advice.criteria.values(), count):
        for levels in product(*(c.levels for c in chosen)):
            changes = tuple((c.id, level.id) for c, level in zip(chosen, levels, strict=True))
            if any(current[c] == level for c, level in changes):
                continue
            other = decide(advice, case.with_answers(**dict(changes)))
            if other.outcome is verdict.outcome:
                continue
            steps = sum(_steps(advice.criteria[c], current[c], level) for c, level in changes)
            first = min(order.index(c) for c, _ in changes)
            yield steps, first, changes, other.outcome.value


def _steps(criterion: Criterion, old: str, new: str) -> int:
    places = [level.id for level in criterion.levels]
    return abs(places.index(old) - places.index(new))


def _flip_text(advice: Advice, changes: tuple[tuple[str, str], ...], outcome: Outcome) -> str:
    parts = [
        f"{advice.criteria[c].name.lower()} were “{advice.criteria[c].level(level).title}”"
        for c, level in changes
    ]
    return f"If {' and '.join(parts)}, the advice would be: {advice.outcomes[outcome].title}."


def changed(advice: Advice, before: Case, after: Case) -> str | None:
    """Say what changed between two decisions on the same process, or None when nothing did."""
    differences = [
        f"{criterion.name.lower()} from {_said(criterion, before)} to {_said(criterion, after)}"
        for criterion in advice.criteria.values()
        if before.answers.get(criterion.id, UNSURE) != after.answers.get(criterion.id, UNSURE)
        and criterion.id in after.answers
    ]
    old, new = decide(advice, before), decide(advice, after)
    if not differences:
        return None
    moved = f"the place moved from {old.position} to {new.position}"
    if old.position == new.position:
        moved = f"the place stays at {new.position}"
    outcome = f"the advice is still: {advice.outcomes[new.outcome].title}"
    if old.outcome is not new.outcome:
        outcome = (
            f"the advice was “{advice.outcomes[old.outcome].title}” "
            f"and is now “{advice.outcomes[new.outcome].title}”"
        )
    return f"You changed {', '.join(differences)}: {moved}, {outcome}."


def _said(criterion: Criterion, case: Case) -> str:
    level = case.answers.get(criterion.id)
    if level is None:
        return "no answer"
    if level == UNSURE:
        return "“Not sure”"
    return f"“{criterion.level(level).title}”"
