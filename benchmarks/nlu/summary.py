"""Sums up what was measured in numbers to publish, without any text of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.nlu import measures
from benchmarks.nlu.measures import Outcome
from benchmarks.nlu.run import Measured
from benchmarks.nlu.systems import FOLDS, SHIPPED, shipped_threshold

_DIGITS = 4


def summarise(measured: Sequence[Measured], new: Sequence[bool]) -> dict[str, Any]:
    """Return every pipeline's numbers by its key.

    Args:
        measured: The pipelines.
        new: For each question, whether no example of the training data is like it.

    """
    base = next((m for m in measured if m.system.key == SHIPPED), measured[0])
    return {m.system.key: _summary(m, base, new) for m in measured}


def _summary(m: Measured, base: Measured, new: Sequence[bool]) -> dict[str, Any]:
    threshold = measures.best_threshold(m.held_out)
    first = [o for o in m.held_out if o.fold == 0]
    summary = {
        "title": m.system.title,
        "threshold": threshold,
        "held_out": {
            "all_folds": _accuracies(m.held_out) if m.system.folds == FOLDS else None,
            "first_fold": _accuracies(first),
            **_over_thresholds(m.held_out, threshold),
        },
        "questions": _on_questions(m.questions, new, threshold) if m.questions else None,
        "shipped": _shipped(m, new) if m.shipped else None,
        "training_ratio": m.training_seconds / base.training_seconds,
        "latency_ratio": m.latency_ms / base.latency_ms,
        "training_mb": m.training_mb,
        "serving_mb": m.serving_mb,
        "model_mb": m.model_mb,
    }
    rounded: dict[str, Any] = _rounded(summary)
    return rounded


def _shipped(m: Measured, new: Sequence[bool]) -> dict[str, Any]:
    threshold = shipped_threshold()
    own = asdict(measures.at(threshold, m.held_out))
    return {**_on_questions(m.shipped, new, threshold), "held_out": own}


def _accuracies(outcomes: Sequence[Outcome]) -> dict[str, float]:
    return {
        "label": measures.accuracy(outcomes),
        "intent": measures.exact_accuracy(outcomes),
    }


def _on_questions(
    outcomes: Sequence[Outcome], new: Sequence[bool], threshold: float
) -> dict[str, Any]:
    unlike = [o for o, is_new in zip(outcomes, new, strict=True) if is_new]
    return {
        "accuracy": measures.accuracy(outcomes),
        "accuracy_new": measures.accuracy(unlike),
        **_over_thresholds(outcomes, threshold),
    }


def _over_thresholds(outcomes: Sequence[Outcome], chosen: float) -> dict[str, Any]:
    return {
        "at_threshold": asdict(measures.at(chosen, outcomes)),
        "curve": [asdict(point) for point in measures.curve(outcomes)],
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return value
