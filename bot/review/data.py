"""A review as data, for programs: every text in it is masked."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from bot.review.conversations import Conversation, Turn
from bot.review.figures import Figures, Share
from bot.review.findings import Group, Item

_BEFORE = 2
_AFTER = 1


def of_group(group: Group) -> dict[str, Any]:
    """Gives a group with each of its wordings and the conversation around it."""
    return {
        "ref": group.ref,
        "kind": group.kind.value,
        "title": group.title,
        "count": len(group.items),
        "suggested": list(group.suggested),
        "wordings": [
            {
                "ref": item.mark,
                "text": item.turn.text,
                "count": count,
                "time": time_of(item.turn.time),
                "conversation": item.conversation.ref,
                "around": [of_turn(turn) for turn in around(item)],
            }
            for item, count in group.wordings
        ],
    }


def of_conversation(conversation: Conversation) -> dict[str, Any]:
    """Gives a conversation with all its turns."""
    turns = [of_turn(turn) for turn in conversation.turns]
    return {"conversation": conversation.ref, "turns": turns}


def of_turn(turn: Turn) -> dict[str, Any]:
    """Gives a message, what was made of it and what was replied."""
    return {
        "time": time_of(turn.time),
        "text": turn.text,
        "pressed": turn.pressed,
        "intent": turn.intent,
        "replies": list(turn.replies),
        "rating": turn.rating,
    }


def of_figures(found: Figures) -> dict[str, Any]:
    """Gives the figures; a share as `{"part", "whole", "percent"}`."""
    return {
        "conversations": found.conversations,
        "messages": found.messages,
        "understood": _share(found.understood),
        "finished": _share(found.finished),
        "satisfied": _share(found.satisfied),
        "outcomes": dict(found.outcomes),
        "processes": dict(found.processes),
        "days": [
            {
                "date": day.date,
                "conversations": day.conversations,
                "understood": _share(day.understood),
                "finished": _share(day.finished),
            }
            for day in found.days
        ],
    }


def around(item: Item) -> tuple[Turn, ...]:
    """Gives an item's turn with those just before and after it."""
    turns = item.conversation.turns
    place = turns.index(item.turn)
    return turns[max(0, place - _BEFORE) : place + _AFTER + 1]


def time_of(moment: float) -> str:
    """Gives a moment as people and programs read it, to the second, in UTC."""
    return datetime.fromtimestamp(moment, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _share(share: Share) -> dict[str, int | None]:
    return {"part": share.part, "whole": share.whole, "percent": share.percent}
