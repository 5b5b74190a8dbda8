"""Which use cases are closest to a case."""

from __future__ import annotations

import re

from bot.advice.model import Advice, Case, Outcome, UseCase
from bot.advice.verdict import Verdict

MOST = 3

_SAME_PROCESS = 100
_SAME_FUNCTION = 40
_SHARED_WORD = 25
_SAME_OUTCOME = 30
_LEVEL_STEP = 5


def closest(advice: Advice, case: Case, verdict: Verdict, most: int = MOST) -> tuple[UseCase, ...]:
    """Return up to `most` use cases, closest first: same process, field, outcome, answers."""
    ranked = sorted(advice.use_cases, key=lambda u: (-_closeness(advice, u, case, verdict), u.id))
    return tuple(u for u in ranked[:most] if _closeness(advice, u, case, verdict) > 0)


def _closeness(advice: Advice, use_case: UseCase, case: Case, verdict: Verdict) -> int:
    return (
        _field(advice, use_case, case)
        + (_SAME_OUTCOME if use_case.outcome is verdict.outcome else 0)
        - _LEVEL_STEP * _distance(advice, use_case, verdict)
        - (_SAME_OUTCOME if _opposite(use_case.outcome, verdict.outcome) else 0)
    )


def _field(advice: Advice, use_case: UseCase, case: Case) -> int:
    if case.process is None:
        words = set(re.findall(r"\w{4,}", case.name.lower()))
        about = set(re.findall(r"\w{4,}", " ".join((use_case.title, *use_case.tags)).lower()))
        return _SHARED_WORD * len(words & about)
    if case.process.id in use_case.processes:
        return _SAME_PROCESS - use_case.processes.index(case.process.id)
    functions = {advice.processes[p].function for p in use_case.processes}
    return _SAME_FUNCTION if case.process.function in functions else 0


def _opposite(one: Outcome, other: Outcome) -> bool:
    return {one, other} == {Outcome.BPO, Outcome.KPO}


def _distance(advice: Advice, use_case: UseCase, verdict: Verdict) -> int:
    total = 0
    for weighed in verdict.weighed:
        if weighed.criterion in use_case.levels:
            places = [level.id for level in advice.criteria[weighed.criterion].levels]
            here, there = places.index(weighed.level), use_case.levels[weighed.criterion]
            total += abs(here - places.index(there))
    return total
