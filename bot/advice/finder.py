"""Finds the process that a text is about: by name, synonym, typo or the words around it.

A name that the catalogue does not have is taken as said; it is never forced onto an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import OSA

from bot.advice.model import Case, Process
from bot.advice.surroundings import NO_PROCESS, spans
from bot.advice.text import Token, tokens, words

LONGEST_NAME = 8
"""Words that a process name can have; what people say longer than this is no name."""

SHORTEST_TYPO = 5
"""Letters that a name needs before a misspelling of it is looked for."""

LONG_ENOUGH = 12
"""Letters from which a misspelt phrase may also begin or end with an everyday word."""


class How(str, Enum):
    """How a process was found."""

    NAME = "name"
    TYPO = "typo"
    CONTEXT = "context"


@dataclass(frozen=True)
class Mention:
    """A process in a text: where, its catalogue id (None when unknown), and how it was found."""

    start: int
    end: int
    text: str
    process: str | None
    how: How


class ProcessFinder:
    """Finds catalogue processes in texts."""

    def __init__(self, processes: Iterable[Process]) -> None:
        self._by_name: dict[tuple[str, ...], str] = {}
        for process in processes:
            for name in (process.name, process.short, process.id.replace("_", " "), *process.said):
                self._by_name.setdefault(words(name), process.id)
        self._longest = max(map(len, self._by_name), default=0)
        self._near: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for stems, process_id in self._by_name.items():
            joined = " ".join(stems)
            if len(joined) >= SHORTEST_TYPO:
                self._near.setdefault((joined[0], len(stems)), []).append((joined, process_id))

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the processes that a text names, in the order of the text."""
        found = list(self._named(text, tokens(text)))
        for context in spans(text):
            if not any(_overlap(context, (m.start, m.end)) for m in found):
                found += self._in_context(text, *context)
        return tuple(sorted(_without_overlaps(found), key=lambda m: m.start))

    def main(self, text: str, mentions: Sequence[Mention]) -> Mention | None:
        """Return the one of a text's `mentions` that it is most likely about, or None.

        A name where a process is expected ("outsource …") beats one elsewhere; of several the
        longest counts, and of equally long ones the last, where English has its head word.
        """
        if not mentions:
            return None
        contexts = list(spans(text))
        inside = [m for m in mentions if any(_overlap(c, (m.start, m.end)) for c in contexts)]
        return max(inside or mentions, key=lambda m: (m.process is not None, len(m.text), m.start))

    def named(self, name: str) -> str | None:
        """Return the id of the process with this id, name or synonym, typos allowed, or None."""
        stems = words(name.replace("_", " "))
        if stems in self._by_name:
            return self._by_name[stems]
        within = [m for m in self._named(name, tokens(name)) if m.process]
        if within:
            best = max(within, key=lambda m: (len(m.text), m.start))
            return best.process if _covers(best.text, name) else None
        return self._nearest(" ".join(stems), most=2)

    def _named(self, text: str, found: tuple[Token, ...]) -> Iterator[Mention]:
        position = 0
        while position < len(found):
            for length in range(min(self._longest, len(found) - position), 0, -1):
                window = found[position : position + length]
                process, how = self._match(tuple(t.stem for t in window))
                if process is not None:
                    start, end = window[0].start, window[-1].end
                    yield Mention(start, end, text[start:end], process, how)
                    position += length
                    break
            else:
                position += 1

    def _match(self, stems: tuple[str, ...]) -> tuple[str | None, How]:
        if stems in self._by_name:
            return self._by_name[stems], How.NAME
        joined = " ".join(stems)
        weak = stems[0] in NO_PROCESS or stems[-1] in NO_PROCESS
        if len(stems) > 1 and weak and len(joined) < LONG_ENOUGH:
            return None, How.TYPO
        # Short words are one letter away from too many others.
        most = 0 if len(joined) < 6 else 1 if len(joined) < 9 else 2
        return (self._nearest(joined, most), How.TYPO) if most else (None, How.TYPO)

    def _nearest(self, joined: str, most: int) -> str | None:
        if len(joined) < SHORTEST_TYPO:
            return None
        candidates = self._near.get((joined[0], joined.count(" ") + 1), ())
        distances = (
            (OSA.distance(name, joined, score_cutoff=most), process)
            for name, process in candidates
            if abs(len(name) - len(joined)) <= most
        )
        near = min((d for d in distances if d[0] <= most), default=None)
        return near[1] if near else None

    def _in_context(self, text: str, start: int, end: int) -> Iterator[Mention]:
        stems = words(text[start:end])
        if not stems or len(stems) > LONGEST_NAME or all(s in NO_PROCESS for s in stems):
            return
        process = self._nearest(" ".join(stems), most=2)
        how = How.TYPO if process else How.CONTEXT
        yield Mention(start, end, text[start:end], process, how)


def _covers(part: str, whole: str) -> bool:
    return len(words(part)) * 2 >= len(words(whole))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _without_overlaps(mentions: list[Mention]) -> Iterator[Mention]:
    taken: list[tuple[int, int]] = []
    for mention in sorted(mentions, key=lambda m: (m.process is None, m.start - m.end)):
        if not any(_overlap((mention.start, mention.end), span) for span in taken):
            taken.append((mention.start, mention.end))
            yield mention


def make_case(
    finder: ProcessFinder, processes: Mapping[str, Process], name: str, **answers: str
) -> Case:
    """Return the case for a process as a person named it, known or not."""
    name = " ".join(name.split())
    process_id = finder.named(name)
    if process_id is None:
        return Case(name, None, answers)
    process = processes[process_id]
    return Case(process.short, process, answers)
