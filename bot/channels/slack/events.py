"""What Slack sends, recognised when it comes again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.slack.blocks import CHOICE
from bot.channels.slack.choices import Kind, kind_of

Body = Mapping[str, Any]

_ANSWERED = ("message", "app_mention", "app_home_opened")


def ids_of(body: Body) -> list[str]:
    """Gives the ids by which what Slack sends is taken once.

    Args:
        body: An event, a press, a command or a shortcut, as Slack sends it.

    Returns:
        The ids, the first for the inbox; none for what needs no answer of ours.

    """
    kind = body.get("type")
    if kind == "event_callback":
        return _of_event(body)
    if kind == "block_actions":
        return _of_press(body)
    named = body.get("trigger_id")
    return [f"trigger:{named}"] if isinstance(named, str) else []


def needs_answer(body: Body) -> bool:
    """Tells whether what Slack sends is to be answered, however long that takes."""
    if body.get("type") != "event_callback":
        return True
    return (body.get("event") or {}).get("type") in _ANSWERED


def answer_id(where: str, user: str) -> str:
    """Gives the id by which a question is answered once.

    Args:
        where: The question: channel, message and block.
        user: Who answers.

    """
    return f"answer:{where}:{user}"


def _of_event(body: Body) -> list[str]:
    event = body.get("event") or {}
    ids = [f"event:{body.get('event_id')}"]
    channel, ts = event.get("channel"), event.get("ts")
    if event.get("type") in ("message", "app_mention") and channel and ts:
        # One message comes as several events where it mentions the assistant.
        ids.append(f"message:{body.get('team_id')}:{channel}:{ts}")
    return ids


def _of_press(body: Body) -> list[str]:
    action = (body.get("actions") or [{}])[0]
    container = body.get("container") or {}
    block, moment = action.get("block_id", ""), action.get("action_ts", "")
    where = f"{container.get('channel_id', '')}:{container.get('message_ts', '')}:{block}"
    if not str(action.get("action_id", "")).startswith(CHOICE):
        return [f"press:{where}:{action.get('action_id')}:{moment}"]
    user = str((body.get("user") or {}).get("id"))
    # A question is answered once by a person, however often they press before it is changed.
    if kind_of(str(action.get("value", ""))) is Kind.ANSWER:
        return [answer_id(where, user)]
    # Another choice gives way to a press, but where it is for one's own eyes.
    if not container.get("is_ephemeral"):
        return [f"press:{where}:{action.get('action_id')}:{user}"]
    return [f"press:{where}:{action.get('action_id')}:{moment}"]
