"""From a reply to Slack's messages: Block Kit, and the same in full as text. Pure.

Screen readers and notifications read a message's text and not its blocks, so the text has all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.slack.markdown import mrkdwn
from bot.channels.slack.places import Place
from bot.channels.slack.recommendation import recommendation_blocks
from bot.channels.slack.text import escape, pieces, shorten

Block = dict[str, Any]
Reply = dict[str, Any]

MOST_BLOCKS = 50
ROOM = 10
"""How many blocks are left free, for whom it is for and for what is chosen in it later."""
MOST_BUTTONS = 25
LONGEST_SECTION = 3_000
LONGEST_TITLE = 75
LONGEST_VALUE = 2_000
LONGEST_TEXT = 39_000
LONGEST_UPDATE = 4_000
"""How long a message's text may be for the message to be changed later."""

_IN_FILE = "The whole of it is in the file."

CHOICE = "choice"
"""What the action ids of choices start with."""
DIGEST = "sha256:"
"""What a button's value starts with where its payload is too long to be carried."""


@dataclass(frozen=True)
class Message:
    """One message to Slack: its blocks, and all that they say as text."""

    text: str
    blocks: tuple[Block, ...]

    def __add__(self, other: Message) -> Message:
        """Gives one message that says first this, then that."""
        text = "\n\n".join(part for part in (self.text, other.text) if part)
        return Message(text, self.blocks + other.blocks)

    @property
    def has_choices(self) -> bool:
        """Whether there is something to choose in it."""
        return any(block["type"] == "actions" for block in self.blocks)

    @property
    def fits(self) -> bool:
        """Whether Slack takes it as one message, and takes a change of it later."""
        return len(self.blocks) <= MOST_BLOCKS - ROOM and len(self.text) <= LONGEST_UPDATE


@dataclass(frozen=True)
class Group:
    """The choices of one reply, as the ids of their blocks name them.

    Args:
        user: The person whom they are offered to.
        part: The part of the channel that the conversation is bound to.
        turn: What tells the turn and the reply from others.

    """

    user: str
    part: str
    turn: str

    def block_id(self, row: int) -> str:
        """Gives the id of a row of choices."""
        return f"{CHOICE}:{self.user}:{self.part}:{self.turn}:{row}"

    @classmethod
    def of(cls, block_id: str) -> Group | None:
        """Reads the id of a row of choices; None when it is none of ours."""
        kind, *parts = block_id.split(":")
        return cls(*parts[:3]) if kind == CHOICE and len(parts) == 4 else None


def messages(replies: Iterable[Reply], place: Place, turn: str) -> list[Message]:
    """Gives what is sent for the replies of a turn: as few messages as they fit into.

    Args:
        replies: The replies; each with `text`, `buttons` and perhaps `custom`.
        place: Where they go.
        turn: The id of the message that they answer.

    """
    made: list[Message] = []
    for number, reply in enumerate(replies):
        group = Group(place.user, place.part, turn_of(turn, number))
        for message in _of_reply(reply, group, is_told_whole=not takes_file(place)):
            merge_into(made, message)
    return made


def turn_of(turn: str, number: int) -> str:
    """Gives what tells a reply from others: the id of what it answers, and its number."""
    return f"{hashlib.sha256(turn.encode()).hexdigest()[:12]}.{number}"


def merge_into(made: list[Message], message: Message) -> None:
    """Adds a message to the last one where they fit into one, else after it."""
    if made and (made[-1] + message).fits:
        made[-1] = made[-1] + message
    else:
        made.append(message)


def takes_file(place: Place) -> bool:
    """Tells whether a file can be put there: what is for one's own eyes cannot hold one."""
    return not place.is_for_own_eyes


def file_of(reply: Reply) -> dict[str, str] | None:
    """Gives the file that a reply hands over: that of a recommendation only adds to it."""
    custom = reply.get("custom")
    if not isinstance(custom, dict) or custom.get("recommendation"):
        return None
    file = custom.get("file")
    return file if isinstance(file, dict) and isinstance(file.get("text"), str) else None


def addressed(message: Message, user: str) -> Message:
    """Tells in a message whom it is for, where others read along."""
    mention = f"<@{user}>"
    return Message(f"{mention} {message.text}", (context(f"For {mention}"), *message.blocks))


def told(text: str) -> Message:
    """Gives a message of plain text alone."""
    escaped = escape(text)
    return Message(escaped, tuple(section(piece) for piece in pieces(escaped, LONGEST_SECTION)))


def marked_down(text: str) -> Message:
    """Gives a message of Markdown, as much of it as goes into one."""
    shown = mrkdwn(text)
    sections = [section(piece) for piece in pieces(shown, LONGEST_SECTION)]
    return Message(
        pieces(shown, LONGEST_TEXT)[0] if shown else "", tuple(sections[: MOST_BLOCKS - ROOM])
    )


def section(text: str) -> Block:
    """Gives a block of text in Slack's markup."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def context(text: str) -> Block:
    """Gives a block of small text in Slack's markup."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def button_value(payload: str) -> str:
    """Gives what a button carries: its payload, or a digest where that is too long."""
    if len(payload) <= LONGEST_VALUE and not payload.startswith(DIGEST):
        return payload
    return DIGEST + hashlib.sha256(payload.encode("utf-8", "replace")).hexdigest()


def _of_reply(reply: Reply, group: Group, is_told_whole: bool) -> Iterator[Message]:
    text = str(reply.get("text") or "")
    buttons = [b for b in reply.get("buttons") or () if isinstance(b, dict)]
    rows = list(_rows(buttons, group))
    body = _body(reply, text, is_told_whole)
    if not body and not rows:
        return
    words = mrkdwn(text) if file_of(reply) else escape(text)
    whole = Message(_in_full(words, buttons), (*body, *rows))
    if len(whole.blocks) <= MOST_BLOCKS - ROOM and len(whole.text) <= LONGEST_TEXT:
        yield whole
        return
    yield from _parts(body + rows)


def _parts(blocks: Sequence[Block]) -> Iterator[Message]:
    """Deals out what does not fit into one message, each part with its own text."""
    for start in range(0, len(blocks), _PART):
        part = tuple(blocks[start : start + _PART])
        yield Message("\n".join(filter(None, map(text_of, part))), part)


# Sections of full length, so that their texts together stay within what a message's text may be.
_PART = LONGEST_TEXT // (LONGEST_SECTION + 1)


def text_of(block: Block) -> str:
    """Gives what a block of ours says, as text in Slack's markup."""
    if block["type"] == "header":
        return escape(block["text"]["text"])
    if block["type"] == "actions":
        return _choices(element["text"]["text"] for element in block["elements"])
    if block["type"] == "context":
        return " ".join(element["text"] for element in block["elements"])
    said = [block["text"]["text"]] if "text" in block else []
    return "\n".join([*said, *(field["text"] for field in block.get("fields", ()))])


def _body(reply: Reply, text: str, is_told_whole: bool) -> list[Block]:
    custom = reply.get("custom")
    if isinstance(custom, dict) and isinstance(custom.get("recommendation"), dict):
        return recommendation_blocks(custom["recommendation"])
    file = file_of(reply)
    if file is None:
        return list(told(text).blocks)
    shown = mrkdwn(text)
    if not is_told_whole:
        opening = "\n".join(shown.split("\n\n")[:2])
        shown = "\n\n".join([*pieces(opening, LONGEST_SECTION // 2)[:1], _IN_FILE])
    return [section(piece) for piece in pieces(shown, LONGEST_SECTION)]


def _in_full(words: str, buttons: Sequence[dict[str, Any]]) -> str:
    parts = (words, _choices(_title(button) for button in buttons))
    return "\n".join(part for part in parts if part)


def _choices(titles: Iterable[str]) -> str:
    listed = " | ".join(escape(title) for title in titles)
    return f"[ {listed} ]" if listed else ""


def _rows(buttons: Sequence[dict[str, Any]], group: Group) -> Iterator[Block]:
    for row, start in enumerate(range(0, len(buttons), MOST_BUTTONS)):
        elements = [
            _button(button, f"{CHOICE}.{start + place}")
            for place, button in enumerate(buttons[start : start + MOST_BUTTONS])
        ]
        yield {"type": "actions", "block_id": group.block_id(row), "elements": elements}


def _button(button: dict[str, Any], action_id: str) -> Block:
    payload = str(button.get("payload") or button.get("title") or "")
    made = {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": _title(button), "emoji": False},
    }
    return {**made, "value": button_value(payload)} if payload else made


def _title(button: dict[str, Any]) -> str:
    title = str(button.get("title") or button.get("payload") or "").strip()
    return shorten(title, LONGEST_TITLE) or "…"


def for_update(message: Message) -> Message:
    """Gives a message with a text that Slack takes in a change."""
    if len(message.text) <= LONGEST_UPDATE:
        return message
    return replace(message, text=pieces(message.text, LONGEST_UPDATE - 1)[0] + "…")
