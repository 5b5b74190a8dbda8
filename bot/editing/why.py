"""Why a sentence was understood so: the words that decided, and how a process was found."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advice.finder import How, ProcessFinder
from bot.advice.text import tokens
from bot.nlu.understanding import Understanding, Understood

_TOLD = 3
_LEAST = 0.02
_HOW = {
    How.NAME: "by its name or a synonym",
    How.TYPO: "by a name that is spelt nearly so",
    How.CONTEXT: "by the words around it; the catalogue has no such name",
}


@dataclass(frozen=True)
class Weight:
    """A word, and by how much the intent's confidence falls without it."""

    word: str
    counts: float


def deciding_words(
    understanding: Understanding, finder: ProcessFinder, understood: Understood
) -> tuple[Weight, ...]:
    """Return the words whose absence changes the confidence most, the strongest first.

    One word after the other is left out and the rest understood anew, so a word that speaks
    against the intent counts below nothing.
    """
    intent = understood.ranking[0].intent
    whole = understood.ranking[0].confidence
    weights = []
    for token in tokens(understood.text):
        without = understood.text[: token.start] + understood.text[token.end :]
        ranking = understanding.understand(without, finder).ranking
        rest = next(r.confidence for r in ranking if r.intent == intent)
        weights.append(Weight(token.text, whole - rest))
    weights.sort(key=lambda w: -abs(w.counts))
    return tuple(w for w in weights[:_TOLD] if abs(w.counts) >= _LEAST)


def found_how(understood: Understood) -> tuple[str, ...]:
    """Return, for each process that is named, how it was found, in words."""
    return tuple(
        f"“{mention.text}” is {mention.process or 'a process as said'}, found {_HOW[mention.how]}"
        for mention in understood.mentions
    )
