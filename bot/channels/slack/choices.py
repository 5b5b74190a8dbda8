"""What becomes of a message when one of its choices is pressed. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.slack.blocks import LONGEST_SECTION, Group, Message, context, section, text_of
from bot.channels.slack.places import Place
from bot.channels.slack.text import escape, pieces

Block = dict[str, Any]

_INTENT = re.compile(r"/(\w+)")
_TICK = "✓"
_WAITING = "⏳"


class Kind(enum.Enum):
    """What a choice does to the other choices beside it."""

    ANSWER = "answer"
    """It answers a question: all choices give way to it."""
    ASIDE = "aside"
    """It asks about a question, which stays open: it is answered in the same message."""
    OFFER = "offer"
    """It is one of several things on offer: only itself gives way."""


_KINDS = {"inform": Kind.ANSWER, "unsure": Kind.ANSWER, "why_ask": Kind.ASIDE}


def kind_of(payload: str) -> Kind:
    """Tells what kind of choice has this payload."""
    intent = _INTENT.match(payload)
    return _KINDS.get(intent[1], Kind.OFFER) if intent else Kind.OFFER


def chosen(blocks: Sequence[Block], block_id: str, action_id: str) -> Message:
    """Gives a message after a choice: what was chosen stands in the place of what was on offer."""
    title, value = _pressed(blocks, block_id, action_id)
    mark = context(f"{_TICK} {escape(title)}")
    if kind_of(value) is Kind.ANSWER:
        return _message(_without_choices(blocks, block_id, [mark]))
    return _message(_without(blocks, block_id, action_id, [mark]))


def waiting(blocks: Sequence[Block], block_id: str, action_id: str) -> Message:
    """Gives a message while a choice is being worked on: nothing more can be pressed in it."""
    title, _ = _pressed(blocks, block_id, action_id)
    mark = context(f"{_WAITING} {escape(title)}")
    return _message(_without_choices(blocks, block_id, [mark]))


def explained(blocks: Sequence[Block], block_id: str, action_id: str, text: str) -> Message:
    """Gives a message that tells, above its choices, what was asked about them."""
    above = [section(piece) for piece in pieces(escape(text), LONGEST_SECTION)]
    return _message(_without(blocks, block_id, action_id, above))


def asks(blocks: Iterable[Block], place: Place) -> bool:
    """Tells whether a message asks a question in a conversation, that is, offers answers."""
    return any(_offers_answers(block, place) for block in blocks)


def retired(blocks: Iterable[Block], place: Place) -> Message:
    """Gives a message whose question has been answered in words, or is asked anew below."""
    return _message(block for block in blocks if not _offers_answers(block, place))


def _offers_answers(block: Block, place: Place) -> bool:
    group = Group.of(block.get("block_id", "")) if block.get("type") == "actions" else None
    # One message may ask several people, each in a conversation of their own.
    if group is None or (group.user, group.part) != (place.user, place.part):
        return False
    return any(kind_of(str(e.get("value", ""))) is Kind.ANSWER for e in block["elements"])


def as_it_was(blocks: Sequence[Block]) -> Message:
    """Gives a message with its choices back."""
    return _message(blocks)


def values(blocks: Iterable[Block], block_id: str) -> set[str]:
    """Gives what can be pressed in the group of choices that a block belongs to."""
    rows = (block for block in blocks if _is_of_group(block, block_id))
    return {str(element.get("value", "")) for row in rows for element in row["elements"]}


def _pressed(blocks: Iterable[Block], block_id: str, action_id: str) -> tuple[str, str]:
    for block in blocks:
        for element in block.get("elements", ()) if block.get("block_id") == block_id else ():
            if element.get("action_id") == action_id:
                return str(element["text"]["text"]), str(element.get("value", ""))
    return "", ""


def _without_choices(
    blocks: Iterable[Block], block_id: str, instead: Sequence[Block]
) -> list[Block]:
    """Puts something in the place of all choices of a group."""
    left: list[Block] = []
    for block in blocks:
        if not _is_of_group(block, block_id):
            left.append(block)
        elif block.get("block_id") == block_id:
            left += instead
    return left


def _without(
    blocks: Iterable[Block], block_id: str, action_id: str, above: Sequence[Block]
) -> list[Block]:
    """Takes one choice away, and puts something above the others."""
    left: list[Block] = []
    for block in blocks:
        if block.get("block_id") != block_id:
            left.append(block)
            continue
        left += above
        others = [e for e in block["elements"] if e.get("action_id") != action_id]
        left += [{**block, "elements": others}] if others else []
    return left


def _is_of_group(block: Block, block_id: str) -> bool:
    return block.get("type") == "actions" and Group.of(block.get("block_id", "")) == Group.of(
        block_id
    )


def _message(blocks: Iterable[Block]) -> Message:
    shown = tuple(_bare(block) for block in blocks)
    return Message("\n".join(filter(None, map(text_of, shown))), shown)


def _bare(block: Block) -> Block:
    """Gives a block without the id that Slack gave it, which may have to differ from now on."""
    if Group.of(block.get("block_id", "")):
        return block
    return {key: value for key, value in block.items() if key != "block_id"}
