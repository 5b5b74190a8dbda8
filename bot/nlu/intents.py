"""Which intent a text has, with probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.nlu.families import family
from bot.nlu.linear import LinearHead, Row, TextFeatures

FAQ = "faq/"
_STRENGTH = 20.0


@dataclass(frozen=True)
class Ranked:
    """An intent by its full name (`faq/define_bpo`) with its probability, 0 to 1."""

    intent: str
    confidence: float


class IntentModel:
    """Learns intents from labelled examples and ranks them for a text."""

    def __init__(self) -> None:
        self._model = LinearHead(_STRENGTH)
        self._families: list[str] = []

    def fit(self, features: TextFeatures, texts: Sequence[str], intents: Sequence[str]) -> None:
        """Learn from examples, each with its intent's full name."""
        self._model.fit(features, texts, intents)
        names = self._model.labels
        self._families = [family(name, names) for name in names]

    def rank(self, row: Row) -> tuple[Ranked, ...]:
        """Return all intents for a text's features, the most likely first.

        What is a part of another (`bpo_benefits_focus` of `bpo_benefits`) shares
        its evidence: which of the family is meant may be open while the family is clear.
        """
        probabilities = self._model.probabilities(row)
        by_family: dict[str, float] = {}
        for name, p in zip(self._families, probabilities, strict=True):
            by_family[name] = by_family.get(name, 0.0) + float(p)
        ranked = [
            (by_family[group], float(p), name)
            for group, p, name in zip(
                self._families, probabilities, self._model.labels, strict=True
            )
        ]
        ranked.sort(reverse=True)
        return tuple(Ranked(name, _share(total, p, i)) for i, (total, p, name) in enumerate(ranked))


def _share(total: float, own: float, place: int) -> float:
    return min(1.0, total) if place == 0 else min(1.0, own)
