"""How much of what is asked the training data already holds: there, nothing is generalised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process, utils

REWORDED = 80.0
"""Likeness, 0 to 100, from which a question counts as a rewording of an example."""
SAME = 100.0
"""Likeness of texts that differ in case and punctuation at most."""


def likenesses(texts: Sequence[str], examples: Iterable[str]) -> tuple[float, ...]:
    """Return for each text its likeness to the example nearest to it, letter by letter."""
    prepared = [utils.default_process(example) for example in examples]
    return tuple(
        process.extractOne(utils.default_process(text), prepared, scorer=fuzz.ratio)[1]
        for text in texts
    )
