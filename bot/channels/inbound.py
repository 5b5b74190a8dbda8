"""From what a person typed or pressed to a message that Rasa can take safely."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

TYPED_COMMAND = "typed_command"
"""The intent of typed text that looks like a command of Rasa's."""

PRESSED = {"pressed": True}
"""The metadata that tells a press from the same text typed."""

_OUTSOURCE = "/outsource"
# Other (control), surrogate: neither can be shown, and a lone surrogate cannot even be encoded.
_DROPPED = {"Cc", "Cs"}
_KEPT = {"\n", "\t"}
# They turn or hide what follows, also in our replies that repeat it.
_MISLEADING = re.compile(
    r"[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """Makes typed text fit to be kept and understood.

    Args:
        text: What a person typed.

    Returns:
        The text in NFC without control characters and outer white space; empty when nothing that
        can be seen is left.

    """
    text = _MISLEADING.sub("", text.replace("\r\n", "\n"))
    kept = (c for c in text if c in _KEPT or unicodedata.category(c) not in _DROPPED)
    text = unicodedata.normalize("NFC", "".join(kept)).strip()
    # Zero-width and other format characters belong inside words and emoji, but say nothing alone.
    seen = any(not c.isspace() and unicodedata.category(c) != "Cf" for c in text)
    return text if seen else ""


def typed(
    text: str, *, sender: str, message_id: str, channel: str, output: OutputChannel
) -> UserMessage:
    """Makes a message of typed text, none of which reaches Rasa as a command.

    Args:
        text: What a person typed, cleaned.
        sender: The conversation.
        message_id: The id under which the message is kept.
        channel: The name of the input channel.
        output: Where the replies go.

    Returns:
        The message. "/outsource X" becomes "outsource X"; any other text that starts with a slash
        carries the intent `typed_command`, so that nothing is read into it.

    """
    parsed = None
    if text.split(maxsplit=1)[:1] == [_OUTSOURCE]:
        text = text.removeprefix("/")
    elif text.startswith("/"):
        parsed = _as_typed_command(text)
    return UserMessage(
        text,
        output_channel=output,
        sender_id=sender,
        parse_data=parsed,
        input_channel=channel,
        message_id=message_id,
    )


def pressed(
    payload: str, *, sender: str, message_id: str, channel: str, output: OutputChannel
) -> UserMessage:
    """Makes a message of a button's payload, which the caller knows to have been offered.

    Args:
        payload: The payload: a command of Rasa's, "/intent{…}", or plain text.
        sender: The conversation.
        message_id: The id under which the message is kept.
        channel: The name of the input channel.
        output: Where the replies go.

    Returns:
        The message: a payload without a slash is what the person might as well have typed.

    """
    return UserMessage(
        payload,
        output_channel=output,
        sender_id=sender,
        input_channel=channel,
        message_id=message_id,
        metadata=dict(PRESSED),
    )


def _as_typed_command(text: str) -> dict[str, Any]:
    intent = {"name": TYPED_COMMAND, "confidence": 1.0}
    return {"text": text, "intent": intent, "entities": [], "intent_ranking": [intent]}
