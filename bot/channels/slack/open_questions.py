"""The questions that are open in this process, so that what is answered in words looks answered.

Kept in memory only: where one is lost its choices stay, and a press tells that they are gone once
another question is asked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.places import Place

_MOST = 1_000


@dataclass(frozen=True)
class OpenQuestion:
    """A message that asks a question.

    Args:
        ts: Its time, by which Slack names it.
        blocks: Its blocks.

    """

    ts: str
    blocks: Sequence[dict[str, Any]]


class OpenQuestions:
    """The latest open question of each conversation, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, OpenQuestion] = OrderedDict()

    def keep(self, place: Place, ts: str, blocks: Sequence[dict[str, Any]]) -> None:
        """Remembers a question."""
        self._kept[place.conversation] = OpenQuestion(ts, blocks)
        self._kept.move_to_end(place.conversation)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def take(self, place: Place) -> OpenQuestion | None:
        """Gives the question, and forgets it."""
        return self._kept.pop(place.conversation, None)

    def change(self, place: Place, ts: str, blocks: Sequence[dict[str, Any]] | None) -> None:
        """Notes that a question's message has changed; without blocks, it is answered."""
        kept = self._kept.get(place.conversation)
        if not kept or kept.ts != ts:
            return
        if blocks is None:
            del self._kept[place.conversation]
        else:
            self._kept[place.conversation] = OpenQuestion(ts, blocks)
