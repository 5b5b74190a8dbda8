"""A linear text classifier: words, letter groups and the sense of a text, to probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.embeddings import embed

DIMENSIONS = 300
"""Dimensions that words and letter groups are condensed to for training."""
_WORD = r"(?u)\b\w+\b"
SENSE_WEIGHT = 2.0
"""How much the embedding counts beside the letters; figures in docs/adr/0002-nlu.md."""


class LinearTextClassifier:
    """Multinomial logistic regression over TF-IDF of words and letters and an embedding.

    Training works on condensed features, as that is many times faster; the learned weights are
    then folded back onto words and letter groups, so that a prediction is one sparse product.

    Args:
        strength: Inverse of the regularisation, above 0; more trusts the examples more.

    """

    def __init__(self, strength: float) -> None:
        self._strength = strength
        self._words = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True, token_pattern=_WORD)
        self._letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=20_000
        )
        self.labels: tuple[str, ...] = ()

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        """Learn from texts with their labels; at least two labels must occur."""
        words = self._words.fit_transform(texts)
        letters = self._letters.fit_transform(texts)
        parts = [_condense(words), _condense(letters)]
        sense = SENSE_WEIGHT * embed(texts)
        model = LogisticRegression(C=self._strength, max_iter=150, tol=1e-3)
        model.fit(np.hstack([words @ parts[0], letters @ parts[1], sense]), np.asarray(labels))
        self.labels = tuple(map(str, model.classes_))
        self._fold(model, parts)

    def _fold(self, model: LogisticRegression, parts: list[NDArray[np.float32]]) -> None:
        coefficients = model.coef_.astype(np.float32)
        first, second = parts[0].shape[1], parts[1].shape[1]
        self._word_weights = parts[0] @ coefficients[:, :first].T
        self._letter_weights = parts[1] @ coefficients[:, first : first + second].T
        self._sense_weights = SENSE_WEIGHT * coefficients[:, first + second :].T
        self._intercept = model.intercept_.astype(np.float32)

    def probabilities(self, text: str) -> NDArray[np.float32]:
        """Return one probability a label, in the order of `labels`; they add up to 1."""
        scores = (
            self._words.transform([text]) @ self._word_weights
            + self._letters.transform([text]) @ self._letter_weights
            + embed([text]) @ self._sense_weights
            + self._intercept
        )[0]
        shifted = np.exp(scores - scores.max())
        return np.asarray(shifted / shifted.sum(), dtype=np.float32)


def _condense(matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    size = min(DIMENSIONS // 2, min(matrix.shape) - 1)
    svd = TruncatedSVD(size, n_iter=2, random_state=0).fit(matrix)
    return np.ascontiguousarray(svd.components_.T, dtype=np.float32)
