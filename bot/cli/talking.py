"""`ask` and `chat`: a conversation in this process, kept nowhere."""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Iterable
from typing import Any

from bot.errors import BotError
from bot.settings import Settings, environment

_CONVERSATION = "terminal"


class Terminal:
    """A conversation with the trained model. Making one loads Rasa, which takes seconds."""

    def __init__(self) -> None:
        settings = Settings.from_environment(environment())
        from bot.logs import prepare_rasa
        from bot.project import PROJECT
        from bot.server import find_model, load_agent

        model = find_model(PROJECT / "models")
        if sys.stderr.isatty():
            print("Loading …", end="\r", file=sys.stderr, flush=True)
        prepare_rasa(settings.log_level if settings.log_level == "DEBUG" else "WARNING")
        from dataclasses import replace

        self._agent = load_agent(replace(settings, database_url="sqlite://"), model)
        self._loop = asyncio.new_event_loop()
        self.begin(_CONVERSATION)

    def begin(self, conversation: str) -> Terminal:
        """Begin another conversation; the earlier one is left."""
        self._conversation = conversation
        self._offered: list[dict[str, str]] = []
        return self

    def press(self, title: str) -> list[dict[str, Any]]:
        """Press the button with this title. KeyError without one."""
        titles = [button["title"] for button in self._offered]
        if title not in titles:
            raise KeyError(title)
        return self.say(f"#{titles.index(title) + 1}")

    def say(self, text: str) -> list[dict[str, Any]]:
        """Say something, or press button N with `#N`; return the replies."""
        from bot.channels.inbound import clean, pressed, typed
        from bot.channels.web.output import WebOutput

        replies: list[dict[str, Any]] = []
        output = WebOutput(lambda reply: replies.append(dict(reply)))
        number = text.removeprefix("#")
        common: dict[str, Any] = {
            "sender": self._conversation,
            "message_id": uuid.uuid4().hex,
            "channel": WebOutput.name(),
            "output": output,
        }
        if text.startswith("#") and number.isdigit() and 0 < int(number) <= len(self._offered):
            message = pressed(self._offered[int(number) - 1]["payload"], **common)
        else:
            message = typed(clean(text), **common)
        try:
            self._loop.run_until_complete(self._agent.handle_message(message))
        except Exception as error:
            raise BotError(
                f"the turn failed ({type(error).__name__})", "LOG_LEVEL=DEBUG tells more"
            ) from error
        self._offered = next((r["buttons"] for r in reversed(replies) if r.get("buttons")), [])
        return replies


def ask(messages: Iterable[str]) -> int:
    """Say each message in one conversation and print the replies."""
    terminal = Terminal()
    for message in messages:
        _print(terminal.say(message))
    return 0


def ask_as_json(messages: Iterable[str]) -> int:
    """The same, with one JSON object a message: `{"text", "replies"}`."""
    terminal = Terminal()
    for message in messages:
        said = {"text": message, "replies": terminal.say(message)}
        print(json.dumps(said, ensure_ascii=False), flush=True)
    return 0


def chat() -> int:
    """Chat until end of input or “/quit”."""
    terminal = Terminal()
    print("Type a message; #1 presses the first button; Ctrl-D ends.")
    while True:
        try:
            text = input("\n> ").strip()
        except EOFError:
            print()
            return 0
        if text:
            _print(terminal.say(text))


def _print(replies: Iterable[dict[str, Any]]) -> None:
    for reply in replies:
        print(reply["text"])
        for number, button in enumerate(reply.get("buttons") or (), start=1):
            print(f"  [#{number} {button['title']}]")
