"""Everything else that Slack may send: acknowledged, so that nobody sees an error."""

from __future__ import annotations

import re

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.channels.slack.listeners.work import Work

_ANYTHING = re.compile("")


def register(app: AsyncApp, _: Work) -> None:
    """Registers what takes all that no other listener takes; it must come last."""

    async def on_event() -> None:
        """Bolt has acknowledged it."""

    async def on_other(ack: AsyncAck) -> None:
        await ack()

    app.event(_ANYTHING)(on_event)
    for kind in (app.action, app.command, app.shortcut, app.view, app.view_closed, app.options):
        kind(_ANYTHING)(on_other)
