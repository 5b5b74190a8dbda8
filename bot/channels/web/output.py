"""Rasa's way to a visitor of the website."""

from __future__ import annotations

from bot.channels.output import ReplyOutput


class WebOutput(ReplyOutput):
    """Hands each message of the bot's on as soon as it is ready."""

    @classmethod
    def name(cls) -> str:
        """Gives the channel's name, by which responses can differ between channels."""
        return "web"
