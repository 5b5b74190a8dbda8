"""A reply that every channel can show: text, buttons, and data for those that can show more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Button:
    """A choice; pressing it sends `payload`, an intent with entities or words to be understood."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message of the assistant. The text alone is always complete."""

    text: str
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] | None = None


def payload(intent: str, **entities: str) -> str:
    """Return the payload of a button in Rasa's form: `/intent{"entity": "value"}`."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False) if entities else ''}"
