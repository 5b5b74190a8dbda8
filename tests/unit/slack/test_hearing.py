"""What was said to the assistant, and which conversation it belongs to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.hearing import heard
from bot.channels.slack.places import command, direct, in_thread

BASE = {"type": "message", "user": "U1", "ts": "2.2", "text": "hello"}
IN_CHANNEL = {**BASE, "channel": "C1", "channel_type": "channel"}
DIRECT = {**BASE, "channel": "D1", "channel_type": "im"}


def conversations(event: dict[str, Any]) -> tuple[list[str], str | None]:
    """Gives the conversations that may go on with an event, and the one that it starts."""
    found = heard(event, "T1", "UBOT")
    assert found is not None
    otherwise = found.otherwise.conversation if found.otherwise else None
    return [place.conversation for place in found.known], otherwise


@pytest.mark.parametrize(
    ("event", "known", "otherwise"),
    [
        (DIRECT, [], "slack-T1-D1-direct-U1"),
        ({**DIRECT, "thread_ts": "1.1", "parent_user_id": "U1"}, [], "slack-T1-D1-1.1-U1"),
        (
            {**DIRECT, "thread_ts": "1.1", "parent_user_id": "UBOT"},
            ["slack-T1-D1-1.1-U1"],
            "slack-T1-D1-direct-U1",
        ),
        ({**IN_CHANNEL, "type": "app_mention"}, [], "slack-T1-C1-2.2-U1"),
        ({**IN_CHANNEL, "type": "app_mention", "thread_ts": "1.1"}, [], "slack-T1-C1-1.1-U1"),
        ({**IN_CHANNEL, "thread_ts": "1.1"}, ["slack-T1-C1-1.1-U1"], None),
        (
            {**IN_CHANNEL, "thread_ts": "1.1", "subtype": "thread_broadcast"},
            ["slack-T1-C1-1.1-U1"],
            None,
        ),
    ],
)
def test_the_policy_of_conversations(
    event: dict[str, Any], known: list[str], otherwise: str | None
) -> None:
    assert conversations(event) == (known, otherwise)


@pytest.mark.parametrize(
    "event",
    [
        IN_CHANNEL,
        {**IN_CHANNEL, "text": "<@UBOT> hello"},
        {**IN_CHANNEL, "text": "<@UBOT> hello", "thread_ts": "1.1"},
        {**DIRECT, "subtype": "message_changed"},
        {**DIRECT, "subtype": "bot_message"},
        {**DIRECT, "bot_id": "B1"},
        {**DIRECT, "user": "UBOT"},
        {**DIRECT, "user": None},
        {**DIRECT, "subtype": []},
        {**DIRECT, "thread_ts": {"a": 1}},
    ],
)
def test_what_is_nothing_for_the_assistant(event: dict[str, Any]) -> None:
    assert heard(event, "T1", "UBOT") is None


def test_no_two_places_share_a_conversation() -> None:
    places = [
        direct("T1", "D1", "U1"),
        command("T1", "D1", "U1"),
        in_thread("T1", "D1", "U1", "1.1"),
        in_thread("T1", "D1", "U1", "1.2"),
        in_thread("T1", "D1", "U2", "1.1"),
        in_thread("T1", "C1", "U1", "1.1"),
        in_thread("T2", "C1", "U1", "1.1"),
    ]

    assert len({place.conversation for place in places}) == len(places)


def test_the_thread_that_answers_go_to_does_not_change_the_conversation() -> None:
    here, there = direct("T1", "D1", "U1"), direct("T1", "D1", "U1", "1.1")

    assert here.conversation == there.conversation


values = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=2), max_size=2)
keys = ("type", "user", "channel", "ts", "text", "thread_ts", "subtype", "bot_id", "parent_user_id")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(keys, values)))
def test_an_event_of_any_shape_is_read_or_passed_over(event: dict[str, Any]) -> None:
    found = heard(event, "T1", "UBOT")

    assert found is None or found.channel == event["channel"]
