"""Rasa's way to a person in Slack."""

from __future__ import annotations

from bot.channels.output import ReplyOutput


class SlackOutput(ReplyOutput):
    """Hands each message of the bot's on; what is sent is made of all of them, after the turn."""

    @classmethod
    def name(cls) -> str:
        """Gives the channel's name, by which responses can differ between channels."""
        return "slack"
