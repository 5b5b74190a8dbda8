"""Accuracy, out-of-scope recall and cost over thresholds. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.nlu.labels import BEYOND, label_of
from benchmarks.nlu.questions import Question

THRESHOLDS = tuple(round(0.05 * i, 2) for i in range(19))
"""0.00, 0.05 … 0.90."""
COST_OF_WRONG = 1.0
COST_OF_ASKING = 0.5


@dataclass(frozen=True)
class Outcome:
    """What was made of one text.

    Attributes:
        text: The text.
        fair: The labels under which an answer is fair.
        intent: The intent that the text was written for; empty when it is a question.
        got: The intent that was understood, by its full name.
        confidence: How sure the pipeline was, 0 to 1.
        fold: The fold that the text belongs to; 0 for a question.

    """

    text: str
    fair: tuple[str, ...]
    intent: str
    got: str
    confidence: float
    fold: int = 0

    @property
    def is_right(self) -> bool:
        """Whether the answer would be fair."""
        return label_of(self.got) in self.fair

    @property
    def is_beyond(self) -> bool:
        """Whether the assistant should say that it does not cover this."""
        return self.fair[0] in BEYOND

    @property
    def is_harmless(self) -> bool:
        """Whether the answer is right, or says “not covered” to what is not, either way."""
        return self.is_right or (self.is_beyond and label_of(self.got) in BEYOND)


@dataclass(frozen=True)
class Point:
    """What a threshold leads to, in shares of 1.

    Attributes:
        threshold: Confidence below which the assistant asks back.
        accuracy: Of what it covers: answered, and rightly so.
        beyond_recall: Of what is beyond its scope: not answered as something else.
        wrong: Of everything: answered, and wrong.
        asked: Of everything: asked back.
        cost: Mean cost of a text.

    """

    threshold: float
    accuracy: float
    beyond_recall: float
    wrong: float
    asked: float
    cost: float


def of_example(row: Mapping[str, Any], got: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a held-out example."""
    fair = (label_of(row["intent"]),)
    return Outcome(row["text"], fair, row["intent"], got["got"], got["confidence"], row["fold"])


def of_question(question: Question, got: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a question."""
    return Outcome(question.text, question.labels, "", got["got"], got["confidence"])


def accuracy(outcomes: Sequence[Outcome]) -> float:
    """Return the share that is right when everything is answered."""
    return _share((o.is_right for o in outcomes), len(outcomes))


def exact_accuracy(outcomes: Sequence[Outcome]) -> float:
    """Return the share of held-out examples whose very intent was understood."""
    return _share((o.got == o.intent for o in outcomes), len(outcomes))


def at(threshold: float, outcomes: Sequence[Outcome]) -> Point:
    """Return what a threshold leads to."""
    answered = [o for o in outcomes if o.confidence >= threshold]
    covered = sum(not o.is_beyond for o in outcomes)
    beyond = len(outcomes) - covered
    missed = sum(o.is_beyond and not o.is_harmless for o in answered)
    wrong = _share((not o.is_harmless for o in answered), len(outcomes))
    asked = 1 - len(answered) / len(outcomes)
    return Point(
        threshold=threshold,
        accuracy=_share((o.is_right and not o.is_beyond for o in answered), covered),
        beyond_recall=1 - missed / beyond if beyond else 0.0,
        wrong=wrong,
        asked=asked,
        cost=COST_OF_WRONG * wrong + COST_OF_ASKING * asked,
    )


def curve(outcomes: Sequence[Outcome]) -> tuple[Point, ...]:
    """Return what each of `THRESHOLDS` leads to."""
    return tuple(at(threshold, outcomes) for threshold in THRESHOLDS)


def best_threshold(outcomes: Sequence[Outcome]) -> float:
    """Return the threshold of least cost; of several the lowest."""
    return min(curve(outcomes), key=lambda point: (round(point.cost, 9), point.threshold)).threshold


def confused(outcomes: Iterable[Outcome], most: int) -> list[tuple[str, str, list[str]]]:
    """Return the pairs of intents most often confused: written for, understood, texts."""
    wrong = [o for o in outcomes if o.got != o.intent]
    counts = Counter((o.intent, o.got) for o in wrong)
    return [
        (intent, got, [o.text for o in wrong if (o.intent, o.got) == (intent, got)])
        for (intent, got), _ in sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:most]
    ]


def _share(true: Iterable[bool], of: int) -> float:
    return sum(true) / of if of else 0.0
