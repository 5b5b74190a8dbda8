"""Examples that say the same as another, or that pull two topics together, found by their words.

Words that are rare among all examples count most. Two examples of different topics are told
apart by a word that is common in the one's topic and rare in the other's ("BPO", "KPO"); where
there is none, the one is as good an example of the other's topic, and blurs both.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.topics import example_places
from bot.errors import ContentError
from bot.nlu.examples import plain, stems
from bot.nlu.families import family
from bot.yaml_source import Document

PULLS = 0.87
"""Similarity, 0 to 1, from which an example counts as one of the other topic too."""
_PUNCTUATION = re.compile(r"[.,;:!?'’\"“”…-]+")
_COMMON = 3
"""Occurrences, and times as many as elsewhere, that make a word a mark of its topic."""


@dataclass(frozen=True)
class _Example:
    document: Document
    line: int
    intent: str
    text: str
    stems: frozenset[str]


def overlaps(documents: Iterable[Document]) -> Iterator[ContentError]:
    """Yield examples that repeat another one's words or pull two topics together."""
    examples = list(_examples(documents))
    yield from _repetitions(examples)
    topics = _Topics(examples)
    for one, other in sorted(_alike(examples)):
        if topics.blurred(examples[one], examples[other]):
            yield _pulling(examples[other], examples[one])


def _repetitions(examples: Iterable[_Example]) -> Iterator[ContentError]:
    first: dict[tuple[str, str], _Example] = {}
    for example in examples:
        letters = _PUNCTUATION.sub("", example.text.casefold())
        earlier = first.setdefault((example.intent, letters), example)
        if earlier is not example:
            yield _repeated(example, earlier)


def _examples(documents: Iterable[Document]) -> Iterator[_Example]:
    for document in documents:
        for intent, text, line in example_places(document):
            said = plain(text)
            # Words of other scripts fall to pieces where vowels are marks of their own.
            found = frozenset(stems(text) if said.isascii() else said.casefold().split())
            if found:
                yield _Example(document, line, intent, said, found)


def _repeated(example: _Example, first: _Example) -> ContentError:
    where = f"{first.document.file}:{first.line}"
    what = f"“{_short(example.text)}” says no more than {where}, “{_short(first.text)}”"
    return ContentError(example.document.file, example.line, what, "delete one of the two")


def _pulling(example: _Example, other: _Example) -> ContentError:
    where = f"{other.document.file}:{other.line}"
    what = (
        f"“{_short(example.text)}” pulls “{example.intent}” and “{other.intent}” together: "
        f"{where} says “{_short(other.text)}”"
    )
    hint = "keep both where they fit best, or word one of them apart"
    return ContentError(example.document.file, example.line, what, hint)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


class _Topics:
    """Which words are marks of which topics."""

    def __init__(self, examples: Sequence[_Example]) -> None:
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._sizes: Counter[str] = Counter()
        self._owners: dict[str, set[str]] = defaultdict(set)
        for example in examples:
            self._sizes[example.intent] += 1
            self._counts[example.intent].update(example.stems)
            for stem in example.stems:
                self._owners[stem].add(example.intent)
        self._intents = tuple(self._sizes)

    def blurred(self, one: _Example, other: _Example) -> bool:
        """Whether nothing tells the topics of two examples apart that are much alike."""
        if family(one.intent, self._intents) == family(other.intent, self._intents):
            return False  # who means a part means the whole too
        ones, others = one.stems - other.stems, other.stems - one.stems
        if self._own(ones) and self._own(others):
            return False
        return not (
            any(self._is_mark(stem, one.intent, other.intent) for stem in ones)
            or any(self._is_mark(stem, other.intent, one.intent) for stem in others)
        )

    def _own(self, stems: Iterable[str]) -> bool:
        return any(len(self._owners[stem]) == 1 for stem in stems)

    def _is_mark(self, stem: str, here: str, there: str) -> bool:
        count = self._counts[here][stem]
        elsewhere = self._counts[there][stem] / self._sizes[there]
        return count >= _COMMON and count / self._sizes[here] > _COMMON * elsewhere


def _alike(examples: Sequence[_Example]) -> Iterator[tuple[int, int]]:
    """Yield places of examples of two topics that say nearly the same; the earlier first."""
    counts = Counter(stem for example in examples for stem in example.stems)
    vectors = [_vector(example.stems, counts, len(examples)) for example in examples]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        telling = _telling(vector)
        for other in {other for stem in telling for other in holders[stem]}:
            apart = examples[other].intent != examples[place].intent
            if apart and _similarity(vector, vectors[other]) >= PULLS:
                yield other, place
        for stem in telling:
            holders[stem].append(place)


def _telling(vector: Mapping[str, float]) -> list[str]:
    """Return the rarest words, of which any example that is as similar as `PULLS` shares one.

    What the others weigh together is less than that, however many of them are shared.
    """
    found, rest = [], 1.0
    for stem, weight in sorted(vector.items(), key=lambda item: (-item[1], item[0])):
        found.append(stem)
        rest -= weight * weight
        if rest < PULLS * PULLS:
            break
    return found


def _vector(stems: frozenset[str], counts: Mapping[str, int], total: int) -> dict[str, float]:
    weights = {stem: math.log(1 + total / counts[stem]) for stem in stems}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {stem: weight / length for stem, weight in weights.items()}


def _similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other.get(stem, 0.0) for stem, weight in one.items())
