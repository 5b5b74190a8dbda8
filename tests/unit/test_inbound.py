"""What a person typed or pressed, as Rasa gets it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels import inbound

_WHERE: dict[str, Any] = {
    "sender": "web-1",
    "message_id": "m-1",
    "channel": "web",
    "output": CollectingOutputChannel(),
}


def typed(text: str) -> UserMessage:
    """Takes typed text the way a channel does."""
    return inbound.typed(inbound.clean(text), **_WHERE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  hello \n", "hello"),
        ("a\x00b\x1b[31m\x7f", "ab[31m"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("cafe\u0301", "caf\u00e9"),
        ("half \ud83d emoji", "half  emoji"),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        (
            "\u0647\u0644 \u0646\u0633\u062a\u0639\u064a\u0646",
            "\u0647\u0644 \u0646\u0633\u062a\u0639\u064a\u0646",
        ),
    ],
)
def test_text_is_cleaned(text: str, expected: str) -> None:
    assert inbound.clean(text) == expected


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u00a0\u3000", "\x00\x01", "\u200b\u200d", "\ufeff"]
)
def test_what_shows_nothing_is_empty(text: str) -> None:
    assert inbound.clean(text) == ""


def test_typed_text_is_left_to_be_understood() -> None:
    message = typed("should we outsource payroll?")

    assert message.text == "should we outsource payroll?"
    assert message.parse_data is None
    assert (message.sender_id, message.message_id, message.input_channel) == ("web-1", "m-1", "web")


@pytest.mark.parametrize(
    "text", ["/outsource call centre", " /outsource call centre", "\x00/outsource call centre"]
)
def test_the_slash_command_is_read_as_a_sentence(text: str) -> None:
    message = typed(text)

    assert message.text == "outsource call centre"
    assert message.parse_data is None


def test_the_slash_command_alone_is_a_word() -> None:
    assert typed("/outsource").text == "outsource"


@pytest.mark.parametrize(
    "text",
    ["/restart", '/inform{"process": "x"}', " \x00/back", "/", "//", "/outsourced x", "/\nrestart"],
)
def test_no_typed_text_is_a_command_of_rasas(text: str) -> None:
    message = typed(text)

    assert message.parse_data is not None
    assert message.parse_data["text"] == message.text
    assert message.parse_data["intent"] == {"name": "typed_command", "confidence": 1.0}
    assert message.parse_data["intent_ranking"] == [message.parse_data["intent"]]
    assert message.parse_data["entities"] == []


@pytest.mark.parametrize("payload", ['/answer{"level": "high"}', "mostly rules"])
def test_a_payload_is_passed_on_as_it_is(payload: str) -> None:
    message = inbound.pressed(payload, **_WHERE)

    assert message.text == payload
    assert message.parse_data is None
    assert message.metadata == inbound.PRESSED
