"""Linear text classification: words, letter groups and the sense of a text, to probabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.embeddings import embed

DIMENSIONS = 150
"""Dimensions that words, and as many that letter groups, are condensed to for training."""
SENSE_WEIGHT = 2.0
"""How much the embedding counts beside the letters; figures in docs/adr/0002-nlu.md."""
_WORD = r"(?u)\b\w+\b"
_MOST_STEPS = 80


@dataclass(frozen=True)
class Sparse:
    """The features of a text that are not 0: their places, and their values."""

    places: list[int]
    values: NDArray[np.float32]

    def times(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the product with a matrix that has a row for each feature."""
        return np.asarray(self.values @ weights[self.places], dtype=np.float32)


@dataclass(frozen=True)
class Row:
    """The features of one text: words, letter groups, and its embedding."""

    words: Sparse
    letters: Sparse
    sense: NDArray[np.float32]


class TextFeatures:
    """TF-IDF of words and of letter groups beside a static embedding; shared by classifiers."""

    def __init__(self) -> None:
        self._words = TfidfVectorizer(
            ngram_range=(1, 3), sublinear_tf=True, token_pattern=_WORD, dtype=np.float32
        )
        self._letters = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(2, 5),
            sublinear_tf=True,
            max_features=20_000,
            dtype=np.float32,
        )
        self.condense_words: NDArray[np.float32]
        self.condense_letters: NDArray[np.float32]

    def fit(self, texts: Sequence[str]) -> None:
        """Learn which words and letter groups there are, and how to condense them."""
        self.condense_words = _condense(self._words.fit_transform(texts))
        self.condense_letters = _condense(self._letters.fit_transform(texts))
        # They are worked out anew whenever they are asked for.
        self._rarities = (self._words.idf_, self._letters.idf_)

    def drop_training(self) -> None:
        """Drop what only training needs, which is half of a model."""
        del self.condense_words, self.condense_letters

    def condensed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the features of texts for training, one row a text."""
        return np.hstack(
            [
                self._words.transform(texts) @ self.condense_words,
                self._letters.transform(texts) @ self.condense_letters,
                SENSE_WEIGHT * embed(texts),
            ]
        )

    def row(self, text: str) -> Row:
        """Return the features of a text for prediction."""
        words, letters = (
            _weighed(vectorizer, rarities, text)
            for vectorizer, rarities in zip(
                (self._words, self._letters), self._rarities, strict=True
            )
        )
        return Row(words, letters, embed([text])[0])


class LinearHead:
    """Multinomial logistic regression over `TextFeatures`.

    Training works on condensed features, as that is many times faster; the learned weights are
    then folded back onto words and letter groups, so that a prediction is one sparse product.

    Args:
        strength: Inverse of the regularisation, above 0; more trusts the examples more.

    """

    def __init__(self, strength: float) -> None:
        self._strength = strength
        self.labels: tuple[str, ...] = ()

    def fit(self, features: TextFeatures, texts: Sequence[str], labels: Sequence[str]) -> None:
        """Learn from texts with their labels; at least two labels must occur."""
        model = LogisticRegression(C=self._strength, max_iter=_MOST_STEPS, tol=1e-3)
        model.fit(features.condensed(texts), np.asarray(labels))
        self.labels = tuple(map(str, model.classes_))
        coefficients = model.coef_.astype(np.float32)
        first = features.condense_words.shape[1]
        second = first + features.condense_letters.shape[1]
        self._word_weights = features.condense_words @ coefficients[:, :first].T
        self._letter_weights = features.condense_letters @ coefficients[:, first:second].T
        self._sense_weights = SENSE_WEIGHT * coefficients[:, second:].T
        self._intercept = model.intercept_.astype(np.float32)

    def probabilities(self, row: Row) -> NDArray[np.float32]:
        """Return one probability a label for one text, in the order of `labels`; sum 1."""
        scores = (
            row.words.times(self._word_weights)
            + row.letters.times(self._letter_weights)
            + row.sense @ self._sense_weights
            + self._intercept
        )
        shifted = np.exp(scores - scores.max())
        return np.asarray(shifted / shifted.sum(), dtype=np.float32)


def _weighed(vectorizer: TfidfVectorizer, rarities: NDArray[np.float64], text: str) -> Sparse:
    """Return what `vectorizer.transform` gives for one text, without its checks: a tenth of it."""
    known = vectorizer.vocabulary_
    counts = Counter(term for term in vectorizer.build_analyzer()(text) if term in known)
    places = [known[term] for term in counts]
    times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    values = (1 + np.log(times)) * rarities[places]
    length = np.sqrt(values @ values)
    return Sparse(places, (values / length if length else values).astype(np.float32))


def _condense(matrix: Any) -> NDArray[np.float32]:
    size = min(DIMENSIONS, min(matrix.shape) - 1)
    svd = TruncatedSVD(size, n_iter=2, random_state=0).fit(matrix)
    return np.ascontiguousarray(svd.components_.T, dtype=np.float32)
