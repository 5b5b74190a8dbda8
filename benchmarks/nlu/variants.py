"""Our understanding with a part of its features taken away, to see what the part is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu import understanding
from bot.nlu.embeddings import embed
from bot.nlu.linear import Row, TextFeatures


class WordsAndLetters(TextFeatures):
    """TF-IDF without the embedding."""

    def rows(self, texts: Sequence[str]) -> Row:
        """Return the features of texts for prediction."""
        return Row(self._words.transform(texts), self._letters.transform(texts), _nothing(texts))


class Embeddings(TextFeatures):
    """The embedding without TF-IDF."""

    def fit(self, texts: Sequence[str]) -> None:
        """Learn nothing; the embedding is as it is."""
        self.condense_words = self.condense_letters = _nothing([])

    def rows(self, texts: Sequence[str]) -> Row:
        """Return the features of texts for prediction."""
        return Row(_nothing(texts), _nothing(texts), embed(texts))


VARIANTS = {"tfidf": WordsAndLetters, "embeddings": Embeddings}


def install(variant: str | None) -> None:
    """Put a variant in place for the rest of this process; None leaves all as shipped."""
    if variant is not None:
        understanding.TextFeatures = VARIANTS[variant]  # type: ignore[attr-defined]


def _nothing(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.zeros((len(texts), 0), dtype=np.float32)
