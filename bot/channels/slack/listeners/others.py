"""Everything else that Slack may send: acknowledged, so that nobody sees an error."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.channels.slack.listeners.work import Work

_ANYTHING = re.compile("")


def register(app: AsyncApp, work: Work) -> None:
    """Registers what takes all that no other listener takes; it must come last."""

    async def on_event(context: Any) -> None:
        await _drop(work, context)

    async def on_other(ack: AsyncAck, context: Any) -> None:
        await ack()
        await _drop(work, context)

    app.event(_ANYTHING)(on_event)
    for kind in (app.action, app.command, app.shortcut, app.view, app.view_closed, app.options):
        kind(_ANYTHING)(on_other)


async def _drop(work: Work, context: Any) -> None:
    if context.get("inbox_id"):
        await work.desk.store.finish(context["inbox_id"])
