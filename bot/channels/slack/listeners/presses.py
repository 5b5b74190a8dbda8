"""Presses of the choices that replies offer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import choices
from bot.channels.slack.blocks import CHOICE, Block, Group, Message, context, messages, told
from bot.channels.slack.choices import Kind
from bot.channels.slack.desk import Outcome
from bot.channels.slack.listeners.work import Work
from bot.channels.slack.outgoing import Notice, Respond, Update
from bot.channels.slack.places import Place
from bot.channels.slack.sign import sign
from bot.channels.slack.text import escape
from bot.channels.turns import Said

_NOT_YOURS = (
    "These choices are for somebody else's case. Mention me in this thread to start your own."
)
_GONE = "This choice is no longer on offer. Say it in words, or start anew."
_WAIT = "One moment …"


@dataclass(frozen=True)
class Press:
    """A press of a choice.

    Args:
        place: Where the conversation is that the choice belongs to.
        user: Who pressed.
        ts: The message's time, by which Slack names it.
        moment: When it was pressed.
        block_id: The row that the choice stands in.
        action_id: The choice.
        title: What stands on it.
        value: What it carries.
        blocks: The message's blocks; none where Slack does not tell them.
        url: Where to answer for one's own eyes.

    """

    place: Place
    user: str
    ts: str
    moment: str
    block_id: str
    action_id: str
    title: str
    value: str
    blocks: Sequence[Block]
    url: str

    @property
    def turn(self) -> str:
        """What tells the reply that it stands in from others."""
        group = Group.of(self.block_id)
        return group.turn if group else ""

    @property
    def kind(self) -> Kind:
        """What it does to the choices beside it."""
        return choices.kind_of(self.value)


def read(body: dict[str, Any]) -> Press | None:
    """Reads a press of one of our choices; None when it is of something else."""
    action, container = body["actions"][0], body.get("container") or {}
    group = Group.of(action.get("block_id", ""))
    if group is None:
        return None
    message = body.get("message") or {}
    channel, ts = str(container.get("channel_id")), str(container.get("message_ts"))
    thread = message.get("thread_ts") or container.get("thread_ts")
    # A message that others have answered in a thread is named as that thread's root too.
    place = Place(_team(body), channel, group.user, group.part, None if thread == ts else thread)
    return Press(
        place,
        body["user"]["id"],
        ts,
        str(action.get("action_ts")),
        action["block_id"],
        action["action_id"],
        str(action["text"]["text"]),
        str(action.get("value", "")),
        message.get("blocks") or (),
        str(body.get("response_url") or ""),
    )


def _team(body: dict[str, Any]) -> str:
    return str((body.get("team") or {}).get("id"))


def register(app: AsyncApp, work: Work) -> None:
    """Registers what listens to presses."""

    async def on_press(
        ack: AsyncAck, body: dict[str, Any], context: Any, client: AsyncWebClient
    ) -> None:
        await ack()
        work.start(context, _take(work, client, body, context["ids"]))

    app.action(re.compile(rf"^{CHOICE}\."))(on_press)


async def _take(
    work: Work, client: AsyncWebClient, body: dict[str, Any], ids: Sequence[str]
) -> None:
    press = read(body)
    if press is None:
        return
    if press.user != press.place.user:
        await _notice(work, client, press, _NOT_YOURS)
        await _release(work, ids)
        return
    if press.kind is Kind.ANSWER and not await work.desk.is_open(press.place, press.turn):
        await _notice(work, client, press, _GONE)
        await _release(work, ids)
        return
    payload = await work.desk.payload(press.place, press.value)
    said = Said(f"{press.place.channel}-{press.ts}-{press.moment}", None, payload)
    waiting = choices.waiting(press.blocks, press.block_id, press.action_id)
    is_waiting = False

    async def show() -> None:
        nonlocal is_waiting
        is_waiting = True
        await _change(work, client, press, waiting, told(_WAIT))

    async with sign(show, _stays):
        outcome = await work.desk.turn(press.place, said)
    if is_waiting and (outcome.has_failed or outcome.is_refused):
        await _change(work, client, press, choices.as_it_was(press.blocks), None)
    if outcome.is_refused:
        await _notice(work, client, press, _GONE)
    elif press.place.is_for_own_eyes:
        await _respond(work, press, outcome)
    else:
        await _answer(work, client, press, outcome)
    if outcome.has_failed or outcome.is_refused:
        await _release(work, ids)


async def _stays() -> None:
    """What was chosen takes the place of the sign."""


async def _release(work: Work, ids: Sequence[str]) -> None:
    """Lets the same be pressed again."""
    for one in ids:
        await work.desk.store.release(one)


async def _answer(work: Work, client: AsyncWebClient, press: Press, outcome: Outcome) -> None:
    if not outcome.has_failed:
        changed, outcome = _changed(press, outcome)
        work.desk.pressed(press.place, press.ts, changed)
        await _change(work, client, press, changed, None)
    await work.desk.answer(client, press.place, outcome)


def _changed(press: Press, outcome: Outcome) -> tuple[Message, Outcome]:
    """Gives the message as it is after a press, and what is left to be said."""
    if press.kind is not Kind.ASIDE or not outcome.replies:
        return choices.chosen(press.blocks, press.block_id, press.action_id), outcome
    told_in_place, *rest = outcome.replies
    offered = choices.values(press.blocks, press.block_id)
    # The question that is asked again afterwards stands right there.
    left = [r for r in rest if not {b["payload"] for b in r["buttons"]} <= offered]
    text = str(told_in_place["text"])
    message = choices.explained(press.blocks, press.block_id, press.action_id, text)
    return message, replace(outcome, replies=left)


async def _change(
    work: Work, client: AsyncWebClient, press: Press, message: Message, instead: Message | None
) -> None:
    """Changes the message that was pressed; where it cannot be read, says something instead."""
    if press.place.is_for_own_eyes:
        if instead is not None:
            await work.desk.delivery.submit(Respond(press.url, press.place.channel, instead))
        return
    await work.desk.delivery.submit(Update(client, press.place.channel, press.ts, message))


async def _respond(work: Work, press: Press, outcome: Outcome) -> None:
    """Answers for one's own eyes: an answered question gives way to what comes next."""
    replaces = press.kind is not Kind.OFFER and not outcome.has_failed
    mark = Message("", (context(f"✓ {escape(press.title)}"),))
    first = replaces
    for message in messages(outcome.replies, press.place, outcome.said.id):
        shown = mark + message if first else message
        await work.desk.delivery.submit(
            Respond(press.url, press.place.channel, shown, replaces=first)
        )
        first = False


async def _notice(work: Work, client: AsyncWebClient, press: Press, text: str) -> None:
    place = press.place
    # What comes by the address would stand in the channel, below the thread.
    if press.url and place.thread is None:
        await work.desk.delivery.submit(Respond(press.url, place.channel, told(text)))
        return
    notice = Notice(client, place.channel, place.thread, press.user, told(text))
    await work.desk.delivery.submit(notice)
