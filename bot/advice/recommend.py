"""The whole recommendation on a case, as an object and as the plain data that channels get."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bot.advice.explain import (
    Assumed,
    Flip,
    Reason,
    assumptions,
    flip,
    reasons,
)
from bot.advice.model import Advice, Case, Confidence, Outcome, Safeguard, UseCase
from bot.advice.usecases import closest
from bot.advice.verdict import Verdict, confidence, decide, safeguards


@dataclass(frozen=True)
class Recommendation:
    """Everything there is to say about one case."""

    case: Case
    verdict: Verdict
    confidence: Confidence
    why: str
    reasons: tuple[Reason, ...]
    assumed: tuple[Assumed, ...]
    safeguards: tuple[Safeguard, ...]
    use_cases: tuple[UseCase, ...]
    flip: Flip | None

    @property
    def outcome(self) -> Outcome:
        """What is advised."""
        return self.verdict.outcome


def recommend(advice: Advice, case: Case) -> Recommendation:
    """Return the recommendation on a case, however little has been answered."""
    verdict = decide(advice, case)
    return Recommendation(
        case=case,
        verdict=verdict,
        confidence=confidence(advice, case),
        why=_why(case, verdict),
        reasons=reasons(advice, verdict),
        assumed=assumptions(advice, verdict),
        safeguards=safeguards(advice, case, verdict),
        use_cases=closest(advice, case, verdict),
        flip=flip(advice, case),
    )


def _why(case: Case, verdict: Verdict) -> str:
    retained = case.process.retained if case.process else None
    return verdict.rule.reason.format(because=retained.because if retained else "")


def as_data(advice: Advice, recommendation: Recommendation) -> dict[str, Any]:
    """Return a recommendation as JSON-ready data.

    The keys `process` (catalogue id or None), `outcome`, `confidence`, `position` (0 to 100),
    `reasons`, `assumed`, `safeguards`, `use_cases` and `flip` are the contract with channels
    and programs; the others help to show it.
    """
    case, verdict = recommendation.case, recommendation.verdict
    return {
        "process": case.process.id if case.process else None,
        "process_name": case.name,
        "outcome": verdict.outcome.value,
        "outcome_title": advice.outcomes[verdict.outcome].title,
        "confidence": recommendation.confidence.value,
        "position": verdict.position,
        "summary": advice.outcomes[verdict.outcome].summary,
        "why": recommendation.why,
        "rule": verdict.rule.id,
        "reasons": [_reason_data(advice, recommendation, r) for r in recommendation.reasons],
        "assumed": [asdict(a) for a in recommendation.assumed],
        "safeguards": [
            {"id": s.id, "text": s.text, "sources": list(s.sources)}
            for s in recommendation.safeguards
        ],
        "use_cases": [
            {"id": u.id, "title": u.title, "text": u.text, "outcome": u.outcome.value}
            for u in recommendation.use_cases
        ],
        "flip": _flip_data(recommendation.flip),
        "note": case.process.note if case.process else None,
        "answers": dict(case.answers),
    }


def _reason_data(advice: Advice, recommendation: Recommendation, reason: Reason) -> dict[str, Any]:
    """Give a reason with the words that people know its criterion and level by."""
    criterion = advice.criteria[reason.criterion]
    return asdict(reason) | {
        "name": criterion.name,
        "title": criterion.level(reason.level).title,
        "assumed": reason.criterion in {a.criterion for a in recommendation.assumed},
    }


def _flip_data(found: Flip | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "changes": [{"criterion": c, "level": level} for c, level in found.changes],
        "outcome": found.outcome.value,
        "text": found.text,
    }
