"""Somebody who talks to the assistant in the fake Slack."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_slack import TEAM, Body, Channel, FakeSlack, Message, titles
from tests.support.until import until

_numbers = itertools.count(1)


@dataclass
class Employee:
    """A person with a place where they talk: by default, their direct messages.

    Args:
        slack: Slack.
        channel: Where they talk; None for their direct messages.
        thread: The thread that they talk in; None for the channel itself.
    """

    slack: FakeSlack
    channel: Channel | None = None
    thread: str | None = None
    team: str = TEAM
    id: str = field(default_factory=lambda: f"U{next(_numbers)}PERSON")

    @property
    def place(self) -> Channel:
        """Where they talk."""
        return self.channel or self.slack.direct(self.id, self.team)

    def joins(self, channel: Channel) -> Employee:
        """Takes them to a channel."""
        channel.members.add(self.id)
        self.channel = channel
        return self

    def says(self, text: str, **more: Any) -> list[Message]:
        """Writes something and gives what is answered: all that is new once the answer is there.

        In a channel, the first message starts the thread that they go on in.
        """
        before = len(self.heard())
        message = self.slack.write(self.place, self.id, text, self.thread, **more)
        if self.place.kind != "im" and self.thread is None:
            self.thread = message["ts"]
        return self.answers(before)

    def presses(self, title: str, message: Message | None = None, **more: Any) -> list[Message]:
        """Presses a button, in the latest message that has it, and gives what is new."""
        before = len(self.heard())
        self.slack.send(self.press(title, message, **more), "payload")
        return self.answers(before)

    def press(self, title: str, message: Message | None = None, **more: Any) -> Body:
        """Gives a press, unsent."""
        found = message or self.with_button(title)
        return self.slack.press(self.id, found, title, **more)

    def with_button(self, title: str) -> Message:
        """Gives the latest message that has a button."""
        for message in reversed(self.heard()):
            if title in titles(message):
                return message
        raise AssertionError(f"no button “{title}” in {[titles(m) for m in self.heard()]}")

    def answers(self, before: int) -> list[Message]:
        """Waits for an answer and gives all that is new."""
        until(lambda: len(self.heard()) > before)
        return self.heard()[before:]

    def heard(self) -> list[Message]:
        """Gives what the bot has posted where they talk, oldest first."""
        bots = {w.bot_user for w in self.slack.workspaces.values()}
        said = [m for m in self.place.messages if m["user"] in bots]
        if self.place.kind == "im" and self.thread is None:
            return said
        return [m for m in said if m.get("thread_ts") == self.thread != m["ts"]]

    def waits_for(self, is_so: Callable[[Message], bool]) -> Message:
        """Waits for a message of the bot's of which something is true."""
        return until(lambda: next((m for m in reversed(self.heard()) if is_so(m)), None))


def text(messages: list[Message]) -> str:
    """Gives all that messages say, for those who hear them read."""
    return "\n".join(str(message["text"]) for message in messages)


def shown(message: Message) -> str:
    """Gives what the blocks of a message say."""
    return "\n".join(_shown(block) for block in message.get("blocks") or ())


def _shown(block: Body) -> str:
    if block["type"] == "actions":
        return " ".join(f"[{element['text']['text']}]" for element in block["elements"])
    if block["type"] == "context":
        return " ".join(element["text"] for element in block["elements"])
    said = [block["text"]["text"]] if "text" in block else []
    return "\n".join([*said, *(entry["text"] for entry in block.get("fields", ()))])
