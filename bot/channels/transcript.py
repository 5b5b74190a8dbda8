"""From a conversation's events to what a channel shows. Pure: takes events as dicts.

The events are those of Rasa's tracker, oldest first, as `Event.as_dict` gives them; those that
are neither a user's nor the bot's are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

Event = Mapping[str, Any]
Reply = dict[str, Any]

_EXTERNAL = "EXTERNAL: "


def reply(text: str | None, data: Mapping[str, Any]) -> Reply:
    """Gives what is sent for one message of the bot's.

    Args:
        text: Its text.
        data: Its other parts, as in `BotUttered.data`.

    Returns:
        `text` and `buttons`, and `custom` where there is some.

    """
    buttons = [*(data.get("buttons") or ()), *(data.get("quick_replies") or ())]
    message: Reply = {
        "text": text or "",
        "buttons": [_button(button) for button in buttons if isinstance(button, Mapping)],
    }
    if data.get("custom"):
        message["custom"] = data["custom"]
    return message


def replies_to(message_id: str, events: Iterable[Event]) -> list[Reply]:
    """Gives the replies to a message: none when it has not been taken, or was met with silence."""
    replies: list[Reply] = []
    is_reply = False
    for event in events:
        if event.get("event") == "user":
            is_reply = event.get("message_id") == message_id
        elif event.get("event") == "bot" and is_reply:
            replies.append(_bot(event))
    return replies


def was_offered(payload: str, events: Iterable[Event]) -> bool:
    """Tells whether a button with this payload has been shown in the conversation."""
    return any(payload in _offers(event) for event in events if event.get("event") == "bot")


def history(
    events: Iterable[Event], ratings: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Gives the conversation as the person saw it.

    Args:
        events: All the conversation's events.
        ratings: What the person thinks of the answers, by the id of the message answered.

    Returns:
        A message each, oldest first: `from`, `text`, `time`, for a user's also its `id` and the
        `rating` of the answer where there is one, for the bot's `buttons` and `custom` where it
        has some. A pressed button shows its title.

    """
    ratings = ratings or {}
    titles: dict[str, str] = {}
    seen: set[str] = set()
    messages: list[dict[str, Any]] = []
    for event in events:
        if event.get("event") == "bot":
            titles.update(_offers(event))
            messages.append({"from": "bot", **_without_empty(_bot(event)), "time": _time(event)})
        elif event.get("event") == "user" and _is_typed(event):
            message = _user(event, titles)
            if message.get("id") in ratings:
                message["rating"] = ratings[message["id"]]
            # A message that was met with silence may have been sent, and kept, again.
            if message.get("id") not in seen:
                messages.append(message)
            seen.update({message["id"]} if "id" in message else ())
    return messages


def _bot(event: Event) -> Reply:
    return reply(event.get("text"), event.get("data") or {})


def _user(event: Event, titles: Mapping[str, str]) -> dict[str, Any]:
    text = event["text"]
    if (event.get("metadata") or {}).get("pressed"):
        text = titles.get(text, text)
    message = {"from": "user", "text": text, "time": _time(event)}
    if event.get("message_id"):
        message["id"] = event["message_id"]
    return message


def _is_typed(event: Event) -> bool:
    text = event.get("text")
    # Reminders and triggered intents are kept as user messages too, but no person wrote them.
    return isinstance(text, str) and bool(text) and not text.startswith(_EXTERNAL)


def _offers(event: Event) -> dict[str, str]:
    return {button["payload"]: button["title"] for button in _bot(event)["buttons"]}


def _button(button: Mapping[str, Any]) -> dict[str, str]:
    title = str(button.get("title") or "")
    # As in Rasa, a button without a payload says its title.
    return {"title": title, "payload": str(button.get("payload") or title)}


def _without_empty(message: Reply) -> Reply:
    return {key: value for key, value in message.items() if value or key == "text"}


def _time(event: Event) -> str:
    moment = datetime.fromtimestamp(float(event.get("timestamp") or 0), tz=timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
