"""From Slack's events to what somebody said to the assistant, if it was said to it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.places import Place, direct, in_thread
from bot.channels.slack.text import mentions, plain

Event = Mapping[str, Any]

# What people write themselves; edits, joins and the like have other subtypes.
_WRITTEN = (None, "file_share", "thread_broadcast")


@dataclass(frozen=True)
class Heard:
    """Something that was said, perhaps to the assistant.

    Args:
        text: What was said, as plain text; may be empty.
        channel: The channel's id.
        ts: When it was said, by which Slack names it in its channel.
        known: Places whose conversation goes on with this, if it has begun; the first is taken.
        otherwise: Where it belongs if none of them has; None when it is then no concern of ours.

    """

    text: str
    channel: str
    ts: str
    known: tuple[Place, ...]
    otherwise: Place | None

    @property
    def id(self) -> str:
        """The id of the message, over all events that tell of it."""
        return f"{self.channel}-{self.ts}"


def heard(event: Event, team: str, bot_user: str) -> Heard | None:
    """Reads an event of type `message` or `app_mention`.

    Args:
        event: The event as Slack sends it.
        team: The workspace's id.
        bot_user: The assistant's own user id.

    Returns:
        What was said; None when it is certainly nothing for the assistant: its own and other
        bots' messages, edits, joins, and what people say to each other.

    """
    if not _is_written(event) or event["user"] == bot_user:
        return None
    user, channel, ts = event["user"], event["channel"], event["ts"]
    thread = event.get("thread_ts")
    text = str(event.get("text") or "")
    said = plain(text, bot_user)
    if channel.startswith("D"):
        known, otherwise = _direct(event, Place(team, channel, user, str(thread), thread))
        return Heard(said, channel, ts, known, otherwise)
    place = in_thread(team, channel, user, str(thread or ts))
    is_mentioned = mentions(text, bot_user)
    # In a group of direct messages a mention may come as a message only; it is taken once anyway.
    is_in_group = is_mentioned and event.get("channel_type") == "mpim"
    if event.get("type") == "app_mention" or is_in_group:
        return Heard(said, channel, ts, (), place)
    # A mention comes as an event of its own; what is not in a thread is said to others.
    # So is what begins with somebody else's name.
    if is_mentioned or not thread or text.lstrip().startswith("<@"):
        return None
    return Heard(said, channel, ts, (place,), None)


def _is_written(event: Event) -> bool:
    """Tells whether a person has written it, and it has the shape of that."""
    named = all(isinstance(event.get(key), str) for key in ("user", "channel", "ts"))
    is_whole = named and isinstance(event.get("thread_ts"), str | None)
    return is_whole and event.get("subtype") in _WRITTEN and not event.get("bot_id")


def _direct(event: Event, threaded: Place) -> tuple[tuple[Place, ...], Place]:
    """Gives which conversations of a direct message may be meant."""
    main = direct(threaded.team, threaded.channel, threaded.user, threaded.thread)
    if threaded.thread is None:
        return (), main
    # Somebody who answers in a thread under our question goes on with the conversation.
    is_under_ours = event.get("parent_user_id") not in (None, threaded.user)
    return ((threaded,), main) if is_under_ours else ((), threaded)
