"""Messages: direct ones, mentions, and follow-ups in threads that the assistant is in."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.desk import LONGEST_TEXT, TOO_LONG, typed
from bot.channels.slack.hearing import Heard, heard
from bot.channels.slack.listeners.work import Work, quietly
from bot.channels.slack.sign import sign

_SIGN = "hourglass_flowing_sand"


def register(app: AsyncApp, work: Work) -> None:
    """Registers what listens to messages."""

    async def on_message(event: dict[str, Any], context: Any, client: AsyncWebClient) -> None:
        said = heard(event, context.team_id, context.bot_user_id or "")
        if said is not None:
            work.start(context, _answer(work, client, said, bool(context.get("is_again"))))

    app.event("message")(on_message)
    app.event("app_mention")(on_message)


async def _answer(work: Work, client: AsyncWebClient, said: Heard, is_again: bool) -> None:
    place = await work.desk.place_of(said)
    if place is None:
        return
    if len(said.text) > LONGEST_TEXT:
        await work.desk.tell(client, place, TOO_LONG)
        return

    async def show() -> None:
        await quietly(client.reactions_add(channel=said.channel, timestamp=said.ts, name=_SIGN))

    async def hide() -> None:
        await quietly(client.reactions_remove(channel=said.channel, timestamp=said.ts, name=_SIGN))

    async with sign(show, hide):
        outcome = await work.desk.turn(place, typed(said.id, said.text))
    if is_again:  # whoever began with it may have left its sign
        await hide()
    await work.desk.answer(client, place, outcome)
