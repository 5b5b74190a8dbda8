"""Conversations and a reviewer's store, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.nlu.embeddings import embed
from bot.review.conversations import Conversation, read
from bot.review.decisions import Decision
from bot.review.work import Review, begin
from tests.support.talk import NOW, Talk


def conversation(talk: Talk, sender: str = "somebody") -> Conversation:
    """A conversation as reviewers read it."""
    found = read(sender, talk.events, talk.ratings)
    assert found is not None
    return found


@dataclass
class Memory:
    """Conversations and decisions, kept in memory."""

    talks: Sequence[Talk] = ()
    kept: dict[str, Decision] = field(default_factory=dict)
    found: list[Conversation] | None = None

    def conversations(self, since: float) -> list[Conversation]:
        if self.found is not None:
            return self.found
        found = [conversation(talk, f"sender {n}") for n, talk in enumerate(self.talks)]
        return [c for c in found if c.last >= since]

    def decisions(self) -> list[Decision]:
        return list(self.kept.values())

    def decide(self, decisions: Iterable[Decision]) -> None:
        self.kept |= {d.mark: d for d in decisions}

    def take_back(self, marks: Iterable[str]) -> int:
        return sum(self.kept.pop(mark, None) is not None for mark in marks)

    def set_applied(self, marks: Iterable[str]) -> None:
        self.kept |= {m: replace(self.kept[m], is_applied=True) for m in marks}

    def review(self, since: str = "7d") -> Review:
        return begin(self, since, embed, NOW)


@pytest.fixture
def memory() -> Any:
    """Makes a store of the conversations given."""
    return lambda *talks: Memory(talks)
