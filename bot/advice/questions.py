"""Which question comes next, and about how many there will be."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advice.model import Advice, Case, Criterion
from bot.advice.verdict import could_change


@dataclass(frozen=True)
class Progress:
    """The place of a question: `number` of about `total`, both from 1."""

    number: int
    total: int


def open_questions(advice: Advice, case: Case) -> tuple[Criterion, ...]:
    """Return what is still to be asked, next first.

    The criteria that are always asked come first. After them only those follow that alone
    could still change the outcome, so that nobody is asked what makes no difference.
    """
    always = tuple(
        c for c in advice.criteria.values() if c.always_asked and c.id not in case.answers
    )
    optional = tuple(
        c for c in could_change(advice, case) if not c.always_asked and c.id not in case.answers
    )
    return always + optional


def next_question(advice: Advice, case: Case) -> Criterion | None:
    """Return the next criterion to ask about, or None when the case can be decided."""
    questions = open_questions(advice, case)
    return questions[0] if questions else None


def progress(advice: Advice, case: Case) -> Progress:
    """Return where the next question stands; the total is an estimate from the case so far."""
    answered = len(case.answers)
    return Progress(answered + 1, answered + max(1, len(open_questions(advice, case))))


def wording(criterion: Criterion, case: Case) -> str:
    """Return the question as it should be put for this case's process."""
    if case.process is not None and criterion.id in case.process.ask:
        return case.process.ask[criterion.id]
    return criterion.question.format(process=case.name)
