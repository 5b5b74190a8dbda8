"""From a conversation to what of it may be kept for figures: no words, and no ids. Pure.

What is kept is listed, field by field; everything else goes, whatever it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

Event = Mapping[str, Any]

REMOVED = "(removed)"
"""What stands in the place of something that was typed."""
PREFIX = "anonymous-"
"""What the ids of such conversations begin with."""
_EXTERNAL = "EXTERNAL: "
_REQUESTED = "requested_slot"
_TOPIC = "topic"


def new_id() -> str:
    """Gives an id that leads back to nobody."""
    return f"{PREFIX}{uuid.uuid4().hex}"


def anonymised(events: Iterable[Event], processes: Collection[str]) -> Iterator[dict[str, Any]]:
    """Gives what is kept of a conversation: intents, actions, outcomes and times.

    Args:
        events: Its events, oldest first, as Rasa keeps them.
        processes: The ids of the catalogue; any other name of a process is somebody's own words.

    Returns:
        Events of the kinds that figures are made of. Ids of messages are kept as they are: who
        keeps the events changes them together with those of the ratings.

    """
    for event in events:
        kept = _kept(event, processes)
        if kept is not None:
            yield {"event": event["event"], "timestamp": event.get("timestamp"), **kept}


def _kept(event: Event, processes: Collection[str]) -> dict[str, Any] | None:
    kind = event.get("event")
    if kind == "user":
        return _kept_message(event)
    if kind == "bot":
        return _kept_reply(event)
    if kind == "action":
        return {"name": event.get("name")}
    if kind == "slot":
        return {"name": event.get("name"), "value": _kept_value(event, processes)}
    return None


def _kept_message(event: Event) -> dict[str, Any] | None:
    text = event.get("text")
    if not isinstance(text, str) or not text or text.startswith(_EXTERNAL):
        return None
    intent = (event.get("parse_data") or {}).get("intent") or {}
    is_pressed = bool((event.get("metadata") or {}).get("pressed")) or text.startswith("/")
    return {
        "text": f"/{intent.get('name')}" if is_pressed else REMOVED,
        "metadata": {"pressed": True} if is_pressed else {},
        "message_id": event.get("message_id"),
        "input_channel": event.get("input_channel"),
        "parse_data": {
            "intent": {
                name: intent[name]
                for name in ("name", "full_retrieval_intent_name", "confidence")
                if name in intent
            }
        },
    }


def _kept_reply(event: Event) -> dict[str, Any]:
    custom = (event.get("data") or {}).get("custom") or {}
    outcome = (custom.get("recommendation") or {}).get("outcome")
    data = {"custom": {"recommendation": {"outcome": outcome}}} if outcome else {}
    return {"text": None, "data": data, "metadata": {}}


def _kept_value(event: Event, processes: Collection[str]) -> Any:
    name, value = event.get("name"), event.get("value")
    if name == _REQUESTED:
        return value
    if name == _TOPIC:
        return value if value in processes else None
    return None if value is None else True
