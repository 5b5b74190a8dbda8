"""What a reviewer does, in the terminal and on the page alike."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol, TypeVar

from bot.errors import BotError
from bot.review.conversations import Conversation
from bot.review.decisions import Decision
from bot.review.edits import Proposal, as_example, places, propose
from bot.review.figures import Figures, figures
from bot.review.findings import Embed, Group, Item, Kind, find, group, without

T = TypeVar("T")

WEEK = "7d"
_UNITS = {"h": 60 * 60, "d": 24 * 60 * 60, "w": 7 * 24 * 60 * 60}
_SHORTEST_REF = 4


class Store(Protocol):
    """Where conversations are read and decisions kept; see `bot.review.store`."""

    def conversations(self, since: float) -> list[Conversation]:
        """Gives all conversations in which a person said something at or after a time."""

    def decisions(self) -> list[Decision]:
        """Gives all decisions, the oldest first."""

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Keeps decisions."""

    def take_back(self, marks: Iterable[str]) -> int:
        """Drops decisions, and gives how many there were."""

    def set_applied(self, marks: Iterable[str]) -> None:
        """Notes that decisions stand in the content now."""


@dataclass(frozen=True)
class Review:
    """What is to be reviewed, as of one moment."""

    since: float
    now: float
    groups: tuple[Group, ...]
    conversations: tuple[Conversation, ...]

    def figures(self) -> Figures:
        """Gives the figures of the time that is reviewed."""
        return figures(self.conversations, self.since, self.now)

    def counts(self) -> dict[Kind, int]:
        """Gives how many messages there are of each kind."""
        return {k: sum(len(g.items) for g in self.groups if g.kind is k) for k in Kind}

    def conversation(self, ref: str) -> Conversation:
        """Gives the conversation of this reference, or of one that begins so.

        Raises:
            BotError: when there is none, or more than one.

        """
        found = [c for c in self.conversations if _is_ref(ref, c.ref)]
        return _only(found, f"no conversation “{ref}”", "take the reference from the list")

    def items(self, ref: str) -> tuple[Item, ...]:
        """Gives a group's items, or those of one wording of it, by reference.

        Raises:
            BotError: when there is none, or more than one.

        """
        groups = [g for g in self.groups if g.ref == ref]
        if groups:
            return groups[0].items
        found = {i.mark: i for g in self.groups for i in g.items if _is_ref(ref, i.mark)}
        item = _only(list(found.values()), f"nothing to review is called “{ref}”", _SEE_LIST)
        return tuple(i for g in self.groups for i in g.items if i.mark == item.mark)


_SEE_LIST = "`python -m bot review` lists what there is"


def begin(store: Store, since: str, embed: Embed, now: float | None = None) -> Review:
    """Reads what is to be reviewed.

    Args:
        store: Where conversations are.
        since: A length of time such as 7d, or a date such as 2026-03-31.
        embed: Tells how near texts are.
        now: The present moment, where it is not that.

    Raises:
        BotError: when `since` is neither.

    """
    now = time.time() if now is None else now
    start = beginning(since, now)
    conversations = store.conversations(start)
    marks = {decision.mark for decision in store.decisions()}
    items = without(find(conversations, start, now), marks)
    return Review(start, now, tuple(group(items, embed)), tuple(conversations))


def beginning(since: str, now: float) -> float:
    """Gives the moment that "7d", "12h", "2w" or a date means; BotError for anything else."""
    match = re.fullmatch(r"(\d{1,4})\s*([hdw])", since.strip().lower(), re.ASCII)
    if match:
        return max(0.0, now - int(match[1]) * _UNITS[match[2]])
    try:
        return datetime.fromisoformat(since.strip()).replace(tzinfo=timezone.utc).timestamp()
    except (ValueError, OverflowError):
        hint = "use a length such as 7d, 12h or 2w, or a date such as 2026-03-31"
        raise BotError(f"“{since}” is no time to begin at", hint) from None


def assign(
    store: Store, items: Sequence[Item], intent: str, project: Path, reworded: str | None = None
) -> list[Decision]:
    """Proposes messages as new examples of an intent. Nothing in the content changes yet.

    Args:
        store: Keeps the decision.
        items: The messages.
        intent: The intent or FAQ topic by its full name, or `out_of_scope`.
        project: The project's folder.
        reworded: What becomes the example, where it is not what was said.

    Returns:
        The decisions, one for each wording.

    Raises:
        BotError: when there is no such intent, or the rewording says nothing.

    """
    known = places(project)
    if intent not in known:
        close = _closest(intent, known)
        raise BotError(f"there is no “{intent}” to assign it to", close)
    if reworded is not None and not as_example(reworded):
        raise BotError("the new wording is empty", "say what people may say")
    if not Group(tuple(items)).can_be_assigned:
        raise BotError("no message can be learned from there", "set it aside once it is seen")
    one_each: dict[str, Item] = {}
    for item in items:
        if not item.turn.pressed:
            one_each.setdefault(item.mark, item)
    decided = [
        Decision(mark, reworded if reworded is not None else item.turn.text, intent)
        for mark, item in one_each.items()
    ]
    store.decide(decided)
    return decided


def set_aside(store: Store, items: Sequence[Item]) -> list[Decision]:
    """Notes that messages need nothing; they do not come back."""
    decided = [Decision(m, i.turn.text, None) for m, i in {i.mark: i for i in items}.items()]
    store.decide(decided)
    return decided


def proposal(store: Store, project: Path) -> Proposal:
    """Works out the edits that the decisions so far come to; writes nothing."""
    return propose(store.decisions(), project)


def _closest(intent: str, known: Iterable[str]) -> str:
    names = {name.rpartition("/")[2]: name for name in known}
    close = get_close_matches(intent.rpartition("/")[2], names, n=1)
    return (
        f"did you mean “{names[close[0]]}”?" if close else "`python -m bot review topics` lists all"
    )


def _is_ref(given: str, ref: str) -> bool:
    return len(given) >= _SHORTEST_REF and ref.startswith(given.lower())


def _only(found: Sequence[T], what: str, hint: str) -> T:
    if len(found) == 1:
        return found[0]
    if found:
        raise BotError("that reference fits more than one", "give more of its letters")
    raise BotError(f"there is {what}", hint)
