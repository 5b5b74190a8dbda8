"""What the app listens to, a module for each kind."""

from __future__ import annotations

from slack_bolt.app.async_app import AsyncApp

from bot.channels.slack.listeners import commands, home, messages, others, presses, shortcuts
from bot.channels.slack.listeners.work import Work


def register(app: AsyncApp, work: Work) -> None:
    """Registers all listeners.

    Args:
        app: The app.
        work: What they work with.

    """
    for kind in (messages, presses, commands, shortcuts, home, others):
        kind.register(app, work)
