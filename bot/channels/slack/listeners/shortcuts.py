"""The shortcut in a message's menu: the case is worked out in a thread of one's direct messages."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import places
from bot.channels.slack.blocks import Message, section, told
from bot.channels.slack.desk import LONGEST_TEXT, typed
from bot.channels.slack.listeners.work import Work, quietly
from bot.channels.slack.manifest import SHORTCUT
from bot.channels.slack.outgoing import Post, Respond
from bot.channels.slack.text import escape, plain, shorten

_QUESTION = "should we outsource this: "
_QUOTED = 500
_NO_TEXT = "There are no words in that message that I could work with."
_NO_WAY = "I cannot write to you. Open my messages once, then try again."
_THERE = "I answer you in our direct messages."


def register(app: AsyncApp, work: Work) -> None:
    """Registers what listens to the shortcut."""

    async def on_shortcut(
        ack: AsyncAck, shortcut: dict[str, Any], context: Any, client: AsyncWebClient
    ) -> None:
        await ack()
        work.start(context, _answer(work, client, shortcut, context))

    app.shortcut({"type": "message_action", "callback_id": SHORTCUT})(on_shortcut)


async def _answer(
    work: Work, client: AsyncWebClient, shortcut: dict[str, Any], context: Any
) -> None:
    text = plain(str(shortcut["message"].get("text") or ""), context.bot_user_id or "")
    url, user = str(shortcut["response_url"]), str(shortcut["user"]["id"])
    where = str(shortcut["channel"]["id"])
    if not text:
        await work.desk.delivery.submit(Respond(url, where, told(_NO_TEXT)))
        return
    opened = await quietly(client.conversations_open(users=[user]))
    channel = str(opened["channel"]["id"]) if opened else ""
    root = await _start_thread(work, client, channel, text) if opened else None
    answer = _THERE if root else _NO_WAY
    await work.desk.delivery.submit(Respond(url, where, told(answer)))
    if root is None:
        return
    place = places.in_thread(context.team_id, channel, user, root)
    question = shorten(_QUESTION + text, LONGEST_TEXT)
    outcome = await work.desk.turn(place, typed(str(shortcut["trigger_id"]), question))
    await work.desk.answer(client, place, outcome)


async def _start_thread(work: Work, client: AsyncWebClient, channel: str, text: str) -> str | None:
    quoted = escape(shorten(text, _QUOTED)).replace("\n", "\n> ")
    asked = f"Should we outsource this?\n> {quoted}"
    posted = await work.desk.delivery.submit(
        Post(client, channel, None, Message(asked, (section(asked),)))
    )
    return str(posted["ts"]) if posted else None
