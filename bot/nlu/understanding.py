"""What a text means: its intent, the processes it names and the answers it gives.

Pure: no Rasa. `bot.nlu.component` puts it into Rasa's pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.advice.finder import How, Mention, ProcessFinder
from bot.nlu.answers import SURE, AnswerModel, Reading, Span
from bot.nlu.intents import IntentModel, Ranked
from bot.nlu.linear import TextFeatures
from bot.nlu.text import clean

PLACEHOLDER = "payroll"
"""Stands for whatever process is named, so that a new process needs no new examples."""
UNKNOWN_PLACEHOLDER = "gardening"
_OTHERS_STEP = 3
"""Every third text that answers nothing is enough to know such texts by."""


@dataclass(frozen=True)
class Example:
    """A training example: a text, its intent's full name and the answers marked in it."""

    text: str
    intent: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Understood:
    """A text with its meaning; `ranking` has all intents, the most likely first."""

    text: str
    ranking: tuple[Ranked, ...]
    mentions: tuple[Mention, ...]
    main: Mention | None
    readings: tuple[Reading, ...]

    @property
    def answers(self) -> tuple[Reading, ...]:
        """The readings sure enough to count without an open question."""
        return tuple(r for r in self.readings if r.confidence >= SURE)


class Understanding:
    """Learns from examples, then understands texts."""

    def __init__(self) -> None:
        self._features = TextFeatures()
        self._intents = IntentModel()
        self._answers = AnswerModel()

    def fit(self, examples: Sequence[Example], finder: ProcessFinder) -> None:
        """Learn from examples; `finder` hides the processes that they name."""
        texts = [_hidden(e.text, finder) for e in examples]
        self._features.fit(texts)
        self._intents.fit(self._features, texts, [e.intent for e in examples])
        spans = [span for e in examples for span in e.spans]
        others = [clean(e.text) for e in examples if not e.spans]
        self._answers.fit(self._features, spans, others[::_OTHERS_STEP])
        self._features.drop_training()

    def understand(self, text: str, finder: ProcessFinder) -> Understood:
        """Return what a text means. Any text is fine, also an empty one."""
        text = clean(text)
        mentions = finder.mentions(text)
        row = plain = self._features.row(text)
        if mentions:
            row = self._features.row(_hide(text, mentions))
        return Understood(
            text=text,
            ranking=self._intents.rank(row),
            mentions=mentions,
            main=finder.main(text, mentions),
            readings=self._answers.read(text, plain, [(m.start, m.end) for m in mentions]),
        )


def _hidden(text: str, finder: ProcessFinder) -> str:
    text = clean(text)
    return _hide(text, finder.mentions(text))


def _hide(text: str, mentions: Sequence[Mention]) -> str:
    for mention in reversed(mentions):
        name = UNKNOWN_PLACEHOLDER if mention.how is How.CONTEXT else PLACEHOLDER
        text = f"{text[: mention.start]}{name}{text[mention.end :]}"
    return text
