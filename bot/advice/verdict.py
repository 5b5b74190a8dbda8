"""From answers to one outcome: levels, place on the spectrum, rule, confidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.advice.model import (
    UNSURE,
    Advice,
    Basis,
    Case,
    Confidence,
    Criterion,
    Outcome,
    Process,
    Rule,
    Safeguard,
    When,
)

NEAR_BORDER = 5
"""A place within this many points of a border counts as near it (decision framework, "High")."""


@dataclass(frozen=True)
class Weighed:
    """A criterion with the level that counts, where it comes from, and the points it adds."""

    criterion: str
    level: str
    basis: Basis
    points: int


@dataclass(frozen=True)
class Verdict:
    """One outcome, the rule that decided it and the place on the spectrum, 0 BPO to 100 KPO."""

    outcome: Outcome
    rule: Rule
    position: int
    weighed: tuple[Weighed, ...]


def level_in_force(criterion: Criterion, case: Case) -> tuple[str, Basis]:
    """Return the level that counts: what was said, else the catalogue's, else the midpoint."""
    said = case.answers.get(criterion.id, UNSURE)
    if said != UNSURE:
        return said, Basis.SAID
    if case.process is not None:
        return case.process.defaults[criterion.id], Basis.CATALOGUE
    return criterion.assume, Basis.MIDPOINT


def weigh(advice: Advice, case: Case) -> tuple[Weighed, ...]:
    """Return every criterion's level and points, a broken tie included, in asking order."""
    levels = {c.id: level_in_force(c, case) for c in advice.criteria.values()}
    base = sum(c.level(levels[c.id][0]).points for c in advice.criteria.values())
    return tuple(
        Weighed(
            criterion=c.id,
            level=levels[c.id][0],
            basis=levels[c.id][1],
            points=c.level(levels[c.id][0]).points + _tie_points(c, levels[c.id][0], base),
        )
        for c in advice.criteria.values()
    )


def _tie_points(criterion: Criterion, level: str, base: int) -> int:
    tie = criterion.tie_break
    if tie is None or level != tie.level or not tie.at_least <= base <= tie.at_most:
        return 0
    return tie.points


def decide(advice: Advice, case: Case) -> Verdict:
    """Return the verdict on a case. Total: the content check proves that a rule always holds."""
    return _decide(advice, case.process, frozenset(case.answers.items()))


@lru_cache(maxsize=4096)
def _decide(
    advice: Advice, process: Process | None, answers: frozenset[tuple[str, str]]
) -> Verdict:
    """Decide, once for each process and answers: a question weighs a few dozen cases."""
    case = Case("", process, dict(answers))
    weighed = weigh(advice, case)
    position = sum(w.points for w in weighed)
    for rule in advice.rules:
        if holds(rule.when, case, weighed, position):
            return Verdict(rule.outcome, rule, position, weighed)
    raise LookupError("no rule holds; the last rule must have no conditions")


def holds(
    when: When,
    case: Case,
    weighed: tuple[Weighed, ...],
    position: int,
    outcome: Outcome | None = None,
) -> bool:
    """Say whether all conditions of `when` hold for the weighed case."""
    if not when.at_least <= position <= when.at_most:
        return False
    if when.outcomes and outcome not in when.outcomes:
        return False
    if when.separable is not None and when.separable != _separable(case):
        return False
    if when.retained is not None and when.retained != _retained(case):
        return False
    by_id = {w.criterion: w for w in weighed}
    return (
        all(by_id[c].basis is Basis.MIDPOINT for c in when.unknown)
        and all(by_id[c].basis is not Basis.SAID for c in when.unsure)
        and all(by_id[c].level in levels for c, levels in when.levels.items())
    )


def _separable(case: Case) -> bool:
    return case.process is not None and case.process.separable


def _retained(case: Case) -> str:
    retained = case.process.retained if case.process else None
    return retained.extent if retained else "none"


def safeguards(advice: Advice, case: Case, verdict: Verdict) -> tuple[Safeguard, ...]:
    """Return the safeguards that the verdict needs, in the order of the content."""
    return tuple(
        s
        for s in advice.safeguards
        if holds(s.when, case, verdict.weighed, verdict.position, verdict.outcome)
    )


def alternatives(advice: Advice, case: Case, criterion: Criterion) -> Mapping[str, Outcome]:
    """Return the outcome for each level of one criterion, the rest of the case unchanged."""
    return {
        level.id: decide(advice, case.with_answers(**{criterion.id: level.id})).outcome
        for level in criterion.levels
    }


def could_change(advice: Advice, case: Case) -> Iterator[Criterion]:
    """Yield the criteria not settled by the person that alone could change the outcome."""
    outcome = decide(advice, case).outcome
    for criterion in advice.criteria.values():
        if case.answers.get(criterion.id, UNSURE) != UNSURE:
            continue
        if any(o is not outcome for o in alternatives(advice, case, criterion).values()):
            yield criterion


def confidence(advice: Advice, case: Case) -> Confidence:
    """Say how sure the verdict on a case is.

    Low: a level that nobody knows (a midpoint) could alone change the outcome, or it is the
    outcome's own reason. Medium: a catalogue default could, or the place is near a border.
    High: nothing left open could change it and the place is clear of the borders.
    """
    verdict = decide(advice, case)
    if verdict.rule.when.unknown:
        return Confidence.LOW
    open_criteria = list(could_change(advice, case))
    if open_criteria:
        return Confidence.LOW if case.process is None else Confidence.MEDIUM
    if verdict.rule.when.at_least == 0 and verdict.rule.when.at_most == 100:
        return Confidence.HIGH if _decided_by_facts(verdict) else Confidence.MEDIUM
    return Confidence.MEDIUM if _near_border(advice, verdict.position) else Confidence.HIGH


def _decided_by_facts(verdict: Verdict) -> bool:
    when = verdict.rule.when
    return bool(when.levels) or when.retained is not None


def borders(advice: Advice) -> tuple[int, int]:
    """Return the last place that counts as BPO and the first that counts as KPO."""
    low = max(r.when.at_most for r in advice.rules if r.outcome is Outcome.BPO)
    high = min(r.when.at_least for r in advice.rules if r.outcome is Outcome.KPO)
    return low, high


def _near_border(advice: Advice, position: int) -> bool:
    low, high = borders(advice)
    return low - NEAR_BORDER < position <= low + NEAR_BORDER or (
        high - NEAR_BORDER <= position < high + NEAR_BORDER
    )
