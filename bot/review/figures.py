"""How the assistant did over some days, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.review.conversations import Conversation, Turn

_TOP = 8

Counts = tuple[tuple[str, int], ...]
"""Names with how often each came up, the most frequent first."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The share in percent, or None of nothing."""
        return round(100 * self.part / self.whole) if self.whole else None

    def __str__(self) -> str:
        if self.percent is None:
            return "none yet"
        return f"{self.percent} % ({self.part} of {self.whole})"


@dataclass(frozen=True)
class Day:
    """One day, in UTC."""

    date: str
    conversations: int
    understood: Share
    finished: Share


@dataclass(frozen=True)
class Figures:
    """What came of the conversations of some days."""

    days: tuple[Day, ...]
    conversations: int
    messages: int
    understood: Share
    """Typed messages that were understood, of all typed ones."""
    finished: Share
    """Conversations with a recommendation, of those in which questions were begun."""
    satisfied: Share
    """Thumbs up, of all ratings."""
    outcomes: Counts
    """What was advised last on each process in each conversation."""
    processes: Counts
    """In how many conversations each process was asked about."""


def figures(conversations: Iterable[Conversation], since: float, until: float) -> Figures:
    """Gives the figures of a period.

    Args:
        conversations: The conversations; what was said outside the period is passed over.
        since: The period's beginning.
        until: Its end.

    """
    parts = [_within(c, since, until) for c in conversations]
    talks = [turns for turns in parts if turns]
    turns = [turn for talk in talks for turn in talk]
    typed = [turn for turn in turns if not turn.pressed]
    ratings = Counter(turn.rating for turn in turns if turn.rating)
    return Figures(
        days=_days(talks, since, until),
        conversations=len(talks),
        messages=len(typed),
        understood=_understood(typed),
        finished=_finished(talks),
        satisfied=Share(ratings["up"], ratings["up"] + ratings["down"]),
        outcomes=_most(o for talk in talks for o in _outcomes(talk)),
        processes=_most(t for talk in talks for t in {t.topic for t in talk if t.topic}),
    )


def _within(conversation: Conversation, since: float, until: float) -> tuple[Turn, ...]:
    return tuple(turn for turn in conversation.turns if since <= turn.time < until)


def _days(talks: Sequence[Sequence[Turn]], since: float, until: float) -> tuple[Day, ...]:
    by_day: dict[str, list[Sequence[Turn]]] = {day: [] for day in _dates(since, until)}
    for talk in talks:
        by_day[_date(talk[0].time)].append(talk)
    return tuple(
        Day(
            day,
            len(some),
            _understood([turn for talk in some for turn in talk if not turn.pressed]),
            _finished(some),
        )
        for day, some in by_day.items()
    )


def _dates(since: float, until: float) -> list[str]:
    first, last = (datetime.fromtimestamp(t, tz=timezone.utc).date() for t in (since, until))
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _date(moment: float) -> str:
    return datetime.fromtimestamp(moment, tz=timezone.utc).date().isoformat()


def _understood(typed: Sequence[Turn]) -> Share:
    return Share(sum(not turn.is_fallback for turn in typed), len(typed))


def _finished(talks: Sequence[Sequence[Turn]]) -> Share:
    ends = [any(t.outcome for t in talk) for talk in talks if any(_is_begun(t) for t in talk)]
    return Share(sum(ends), len(ends))


def _is_begun(turn: Turn) -> bool:
    return bool(turn.asked_next or turn.outcome)


def _outcomes(talk: Sequence[Turn]) -> list[str]:
    return list({turn.topic: turn.outcome for turn in talk if turn.outcome}.values())


def _most(names: Iterable[str]) -> Counts:
    counted = Counter(names)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_TOP])
