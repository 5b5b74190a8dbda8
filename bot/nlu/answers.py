"""Reads answers to the criteria's questions out of free text.

Two ways, both learned from the spans that data/nlu/answers.yml marks: phrases that occur
word by word ("highly confidential" in a longer sentence), and the sense of the whole text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.advice.text import Token, tokens
from bot.nlu.linear import LinearHead, Row, TextFeatures

SHORTEST_CUE = 6
"""Letters that a single word needs to count as an answer inside a longer sentence."""
SURE = 0.5
"""Probability from which the sense of a whole text counts without an open question."""
_LONGEST_CUE = 5
_STRENGTH = 10.0
_NOTHING = "nothing"
_NEGATIONS = frozenset(
    ["not", "no", "never", "without", "isnt", "arent", "doesnt", "dont", "nothing", "hardly", "non"]
)


@dataclass(frozen=True)
class Span:
    """A marked example: the text, and the criterion and level that it means."""

    text: str
    criterion: str
    level: str


@dataclass(frozen=True)
class Reading:
    """An answer read from a text.

    `confidence` is the probability among all criteria's levels, `share` among the levels of its
    own criterion: what counts when that criterion's question is open.
    """

    criterion: str
    level: str
    confidence: float
    share: float
    start: int = 0
    end: int = 0


class AnswerModel:
    """Learns what answers sound like from marked spans."""

    def __init__(self) -> None:
        self._model = LinearHead(_STRENGTH)
        self._cues: dict[tuple[str, ...], tuple[str, str]] = {}

    def fit(self, features: TextFeatures, spans: Sequence[Span], others: Sequence[str]) -> None:
        """Learn from marked examples, and from `others`, texts that answer nothing."""
        labels = [f"{s.criterion}:{s.level}" for s in spans] + [_NOTHING] * len(others)
        self._model.fit(features, [s.text for s in spans] + list(others), labels)
        meanings: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        for span in spans:
            stems = tuple(t.stem for t in tokens(span.text))
            meanings.setdefault(stems, set()).add((span.criterion, span.level))
        self._cues = {
            stems: next(iter(meant))
            for stems, meant in meanings.items()
            if len(meant) == 1 and _is_cue(stems)
        }

    def read(
        self, text: str, row: Row, leave_out: Iterable[tuple[int, int]] = ()
    ) -> tuple[Reading, ...]:
        """Return the best reading for each criterion that the text could answer, surest first.

        `row` are the text's features; `leave_out` are places of the text that mean something
        else, such as a process's name.
        """
        spotted = list(self._spot(text, tuple(leave_out)))
        cues = {r.criterion: r for r in spotted if r.confidence}
        denied = {(r.criterion, r.level) for r in spotted if not r.confidence}
        sensed = [
            r
            for r in self._sense(text, row)
            if r.criterion not in cues and (r.criterion, r.level) not in denied
        ]
        return (*cues.values(), *sensed)

    def _spot(self, text: str, leave_out: tuple[tuple[int, int], ...]) -> Iterable[Reading]:
        """Yield the phrases that are answers word by word; a denied one has confidence 0."""
        found = tokens(text)
        position = 0
        while position < len(found):
            for length in range(min(_LONGEST_CUE, len(found) - position), 0, -1):
                window = found[position : position + length]
                meant = self._cues.get(tuple(t.stem for t in window))
                if meant and _is_free(window, leave_out):
                    sure = 0.0 if _negated(found, position) else 1.0
                    yield Reading(*meant, sure, sure, window[0].start, window[-1].end)
                    position += length - 1
                    break
            position += 1

    def _sense(self, text: str, row: Row) -> list[Reading]:
        probabilities = self._model.probabilities(row)
        mass: dict[str, float] = {}
        best: dict[str, tuple[float, str]] = {}
        for label, p in zip(self._model.labels, probabilities, strict=True):
            if label == _NOTHING:
                continue
            criterion, _, level = label.partition(":")
            mass[criterion] = mass.get(criterion, 0.0) + float(p)
            best[criterion] = max(best.get(criterion, (0.0, "")), (float(p), level))
        readings = [
            Reading(criterion, level, p, p / mass[criterion], 0, len(text))
            for criterion, (p, level) in best.items()
        ]
        return sorted(readings, key=lambda r: -r.confidence)


def _is_cue(stems: tuple[str, ...]) -> bool:
    if not 0 < len(stems) <= _LONGEST_CUE:
        return False
    return len(stems) > 1 or len(stems[0]) >= SHORTEST_CUE


def _negated(found: tuple[Token, ...], position: int) -> bool:
    return any(t.stem in _NEGATIONS for t in found[max(0, position - 2) : position])


def _is_free(window: Sequence[Token], leave_out: tuple[tuple[int, int], ...]) -> bool:
    return not any(window[0].start < end and start < window[-1].end for start, end in leave_out)
