"""Hands each message of the bot's on as soon as it is ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.transcript import Reply, reply


class ReplyOutput(OutputChannel):
    """Rasa's way to the person for one turn; each channel gives its own name to it.

    Args:
        send: Takes each message as it is ready.

    """

    def __init__(self, send: Callable[[Reply], None]) -> None:
        self._send = send
        self.sent = 0

    async def send_response(self, _: str, message: dict[str, Any]) -> None:
        """Passes on one message whole, where Rasa's own would send its parts one by one."""
        self.sent += 1
        self._send(reply(message.get("text"), message))
