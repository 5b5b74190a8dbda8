"""What went wrong in conversations: found, grouped by similarity and counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np

from bot.advice.text import words
from bot.anonymising import REMOVED
from bot.review.conversations import OUT_OF_SCOPE, Conversation, Turn, reference
from bot.review.labels import question

Embed = Callable[[Sequence[str]], Any]
"""Texts to unit vectors, such as `bot.nlu.embeddings.embed`."""

ABANDONED_AFTER = 30 * 60
"""Seconds of silence after which questions that were begun count as abandoned."""
_SIMILAR = 0.6
# Near in every other way, and never the same question.
_TOLD_APART = frozenset({"bpo", "kpo"})


class Kind(str, Enum):
    """What went wrong."""

    NOT_UNDERSTOOD = "not_understood"
    ASKED_BACK = "asked_back"
    TURNED_AWAY = "turned_away"
    RATED_DOWN = "rated_down"
    ABANDONED = "abandoned"


TITLES = {
    Kind.NOT_UNDERSTOOD: "Not understood",
    Kind.ASKED_BACK: "Asked back",
    Kind.TURNED_AWAY: "Turned away as out of scope",
    Kind.RATED_DOWN: "Rated down",
    Kind.ABANDONED: "Abandoned",
}
MEANINGS = {
    Kind.NOT_UNDERSTOOD: "The assistant did not understand, and none of the meanings that it "
    "offered was chosen.",
    Kind.ASKED_BACK: "The assistant had to ask back: one of the meanings that it offered was "
    "chosen, or the same question had to be asked again.",
    Kind.TURNED_AWAY: "The assistant said that this is outside what it knows.",
    Kind.RATED_DOWN: "The answer to this got a thumbs down.",
    Kind.ABANDONED: "Questions were begun, and left for half an hour or longer without a "
    "recommendation.",
}


@dataclass(frozen=True)
class Item:
    """One message in which something went wrong."""

    kind: Kind
    conversation: Conversation
    turn: Turn
    suggested: tuple[str, ...] = ()
    """Intents that may be meant; first the one that the person chose, where there is one."""

    @cached_property
    def mark(self) -> str:
        """What a reviewer's decision on it is kept under.

        The wording, where it is the wording that was decided on; otherwise the one message.
        """
        if self.kind in (Kind.RATED_DOWN, Kind.ABANDONED):
            return reference(self.kind.value, self.conversation.ref, self.turn.message_id)
        return reference("wording", *words(self.turn.text) or (self.turn.text,))

    @property
    def wording(self) -> str:
        """What the same thing said in another case or with other marks is recognised by."""
        return " ".join(words(self.turn.text)) or self.turn.text


@dataclass(frozen=True)
class Group:
    """Items of one kind that say about the same; never empty, the most frequent wording first."""

    items: tuple[Item, ...]

    @property
    def kind(self) -> Kind:
        """What went wrong."""
        return self.items[0].kind

    @property
    def ref(self) -> str:
        """Names the group."""
        return f"g{reference(self.items[0].mark)[:6]}"

    @property
    def title(self) -> str:
        """What it is about, in the words of its first item."""
        turn = self.items[0].turn
        if self.kind is Kind.ABANDONED:
            return f"left at the question about {question(turn.asked_next)}"
        return turn.text

    @property
    def can_be_assigned(self) -> bool:
        """Whether it holds a message that people typed and that can become an example."""
        return self.kind is not Kind.ABANDONED and not all(i.turn.pressed for i in self.items)

    @property
    def wordings(self) -> tuple[tuple[Item, int], ...]:
        """Each wording once, with how often it was said, the most frequent first."""
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.wording, []).append(item)
        return tuple((items[0], len(items)) for items in found.values())

    @property
    def suggested(self) -> tuple[str, ...]:
        """The intents that may be meant, the likeliest first."""
        votes: dict[str, float] = {}
        for item in self.items:
            for place, intent in enumerate(item.suggested):
                votes[intent] = votes.get(intent, 0) + 1 / (1 + place)
        return tuple(sorted(votes, key=lambda intent: (-votes[intent], intent))[:3])


def find(conversations: Iterable[Conversation], since: float, now: float) -> list[Item]:
    """Finds what went wrong.

    Args:
        conversations: Where to look.
        since: What came before this time is passed over.
        now: What lies too short before this time is not yet abandoned.

    """
    found = [item for c in conversations for item in _in_conversation(c, now)]
    return [item for item in found if item.turn.time >= since and _can_be_read(item)]


def _can_be_read(item: Item) -> bool:
    """Tell whether there are words to decide on: those of old conversations may be gone."""
    return item.kind is Kind.ABANDONED or item.turn.text != REMOVED


def _in_conversation(conversation: Conversation, now: float) -> Iterator[Item]:
    turns = conversation.turns
    for number, turn in enumerate(turns):
        following = turns[number + 1] if number + 1 < len(turns) else None
        kind, chosen = _kind(turn, following)
        suggested = tuple(dict.fromkeys((*chosen, *turn.nearest)))
        if kind and not turn.pressed:
            yield Item(kind, conversation, turn, suggested)
        if turn.rating == "down":
            yield Item(Kind.RATED_DOWN, conversation, turn, suggested)
    if turns[-1].asked_next and now - conversation.last >= ABANDONED_AFTER:
        yield Item(Kind.ABANDONED, conversation, turns[-1])


def _kind(turn: Turn, following: Turn | None) -> tuple[Kind | None, tuple[str, ...]]:
    """Gives what went wrong with a message, and the meaning that the person then chose."""
    if turn.is_fallback:
        if following and following.pressed and following.text in turn.meanings:
            return Kind.ASKED_BACK, (following.intent,)
        return Kind.NOT_UNDERSTOOD, ()
    if turn.asked_again:
        return Kind.ASKED_BACK, ()
    return (Kind.TURNED_AWAY if turn.intent == OUT_OF_SCOPE else None), ()


def without(items: Iterable[Item], marks: Collection[str]) -> list[Item]:
    """Gives the items that no reviewer has decided on."""
    return [item for item in items if item.mark not in marks]


def group(items: Iterable[Item], embed: Embed) -> list[Group]:
    """Puts items that say about the same together, the largest group first.

    The same items always give the same groups: a wording joins the group of the most frequent
    wording that it is similar to.

    Args:
        items: The items.
        embed: Tells how near texts are.

    """
    by_kind: dict[Kind, list[Item]] = {kind: [] for kind in Kind}
    for item in items:
        by_kind[item.kind].append(item)
    return [g for kind, some in by_kind.items() for g in _groups_of(kind, some, embed)]


def _groups_of(kind: Kind, items: Sequence[Item], embed: Embed) -> list[Group]:
    if kind is Kind.ABANDONED:
        clusters = _equal(items, lambda item: str(item.turn.asked_next))
    else:
        clusters = _similar(_equal(items, lambda item: item.wording), embed)
    groups = [Group(tuple(cluster)) for cluster in clusters]
    return sorted(groups, key=lambda g: (-len(g.items), g.title, g.ref))


def _equal(items: Iterable[Item], key: Callable[[Item], str]) -> list[list[Item]]:
    """Gives the items by a key, the most frequent first."""
    found: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: (item.turn.time, item.mark)):
        found.setdefault(key(item), []).append(item)
    return [found[k] for k in sorted(found, key=lambda k: (-len(found[k]), k))]


def _similar(wordings: list[list[Item]], embed: Embed) -> list[list[Item]]:
    vectors = np.asarray(embed([items[0].turn.text for items in wordings]))
    names = [_TOLD_APART & set(words(items[0].turn.text)) for items in wordings]
    leaders: list[int] = []
    clusters: list[list[Item]] = []
    for number, items in enumerate(wordings):
        near = vectors[leaders] @ vectors[number] if leaders else np.zeros(0)
        near = np.where([names[leader] == names[number] for leader in leaders], near, 0)
        best = int(near.argmax()) if near.size else -1
        if best >= 0 and near[best] >= _SIMILAR:
            clusters[best] += items
        else:
            leaders.append(number)
            clusters.append(list(items))
    return clusters
