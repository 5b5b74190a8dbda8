"""Replies as Block Kit: whatever they hold, Slack takes it, and the text has all of it."""

from __future__ import annotations

import html
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from bot.channels.slack import choices
from bot.channels.slack.blocks import (
    LONGEST_TEXT,
    LONGEST_UPDATE,
    Message,
    addressed,
    for_update,
    messages,
)
from bot.channels.slack.home import home
from bot.channels.slack.places import Place, command, direct, in_thread
from tests.support import block_kit

words = st.text(max_size=80) | st.sampled_from(["", " ", "<!channel> & *x*", "é" * 4_000, "\n\n"])
AROUND_THE_LIMITS = [
    unit * (length // len(unit))
    for unit in ("x", "a ", "& ", "line\n", "para\n\n")
    for length in (2_999, 3_000, 3_001, 4_001, 39_001, 45_000)
]
long_text = words | st.sampled_from(AROUND_THE_LIMITS)
button = st.fixed_dictionaries(
    {"title": words, "payload": words | st.just("/inform" + "x" * 2_500)}
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | words,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)
reason = st.fixed_dictionaries(
    {
        "criterion": words,
        "level": words,
        "weight": st.integers(0, 35),
        "maximum": st.integers(0, 35),
    },
    optional={"name": words, "title": words, "assumed": st.booleans(), "text": words},
)
recommendation = st.fixed_dictionaries(
    {},
    optional={
        "process_name": words,
        "outcome_title": words,
        "summary": long_text,
        "why": long_text,
        "changed": st.none() | long_text,
        "position": st.integers(-10, 200) | anything,
        "confidence": words,
        "reasons": st.lists(reason, max_size=14) | anything,
        "safeguards": st.lists(st.fixed_dictionaries({"text": long_text}), max_size=6) | anything,
        "use_cases": st.lists(st.fixed_dictionaries({"title": words}), max_size=4) | anything,
        "flip": st.fixed_dictionaries({"text": words}) | anything,
    },
)
file = st.fixed_dictionaries({"name": words, "type": words, "text": long_text})
custom = st.fixed_dictionaries(
    {}, optional={"recommendation": recommendation | anything, "file": file | anything}
)
reply = st.fixed_dictionaries(
    {"text": long_text, "buttons": st.lists(button, max_size=60)},
    optional={"custom": custom | anything},
)
place = st.sampled_from(
    [direct("T", "D1", "U1"), in_thread("T", "C1", "U1", "1.2"), command("T", "C1", "U1")]
)


def is_taken(message: Message) -> None:
    blocks = list(message.blocks)
    assert block_kit.faults(blocks) == []
    assert message.text.strip() or blocks
    assert len(message.text) <= 40_000
    for block in SdkBlock.parse_all(json.loads(json.dumps(blocks))):
        block.validate_json()


@settings(max_examples=1_000)
@given(st.lists(reply, max_size=4), place)
def test_a_thousand_replies_are_all_within_the_limits(
    replies: list[dict[str, Any]], place: Place
) -> None:
    for message in messages(replies, place, "turn"):
        is_taken(message)
        is_taken(addressed(message, "U1"))
        assert len(for_update(message).text) <= LONGEST_UPDATE


@settings(max_examples=200)
@given(st.lists(reply, min_size=1, max_size=2), place, st.data())
def test_a_press_leaves_a_message_within_the_limits(
    replies: list[dict[str, Any]], place: Place, data: st.DataObject
) -> None:
    for message in messages(replies, place, "turn"):
        rows = [block for block in message.blocks if block["type"] == "actions"]
        if not rows:
            continue
        row = data.draw(st.sampled_from(rows))
        pressed = row["block_id"], data.draw(st.sampled_from(row["elements"]))["action_id"]
        for changed in (
            choices.chosen(message.blocks, *pressed),
            choices.waiting(message.blocks, *pressed),
            choices.explained(message.blocks, *pressed, "because <of> that " * 300),
        ):
            assert [f for f in block_kit.faults(list(changed.blocks)) if "blocks" not in f] == []


def test_many_small_replies_leave_room_for_whom_they_are_for() -> None:
    replies = [{"text": "x", "buttons": []}] * 200
    for message in messages(replies, in_thread("T", "C1", "U1", "1.2"), "turn"):
        is_taken(addressed(message, "U1"))


@settings(max_examples=200)
@given(recommendation)
def test_the_home_is_within_the_limits(data: dict[str, Any]) -> None:
    assert block_kit.faults(home(data)["blocks"], "home") == []


@given(
    st.text(alphabet="ab<>&\n", min_size=1, max_size=500).filter(str.strip),
    st.lists(button, max_size=5),
)
def test_the_text_has_all_that_is_said(text: str, buttons: list[dict[str, str]]) -> None:
    (message,) = messages([{"text": text, "buttons": buttons}], direct("T", "D1", "U1"), "turn")

    said = html.unescape(message.text)
    assert text in said
    assert all(b["title"].strip()[:60] in said for b in buttons)


def test_replies_become_one_message_where_they_fit() -> None:
    replies = [{"text": "one", "buttons": []}, {"text": "two", "buttons": []}]
    (message,) = messages(replies, direct("T", "D1", "U1"), "turn")

    assert message.text == "one\n\ntwo"


def test_replies_that_do_not_fit_stay_apart_and_in_order() -> None:
    replies = [{"text": str(n) * 3_000, "buttons": []} for n in range(3)]
    found = messages(replies, direct("T", "D1", "U1"), "turn")

    assert [message.text[0] for message in found] == ["0", "1", "2"]


def test_sixty_choices_are_all_shown() -> None:
    buttons = [{"title": f"t{n}", "payload": f"/p{n}"} for n in range(60)]
    (message,) = messages([{"text": "pick", "buttons": buttons}], direct("T", "D1", "U1"), "turn")

    values = [e["value"] for b in message.blocks if b["type"] == "actions" for e in b["elements"]]
    assert values == [f"/p{n}" for n in range(60)]


def test_a_long_text_is_told_whole() -> None:
    text = "word " * 9_000
    found = messages([{"text": text, "buttons": []}], direct("T", "D1", "U1"), "turn")

    assert all(len(message.text) <= LONGEST_TEXT for message in found)
    assert sum(message.text.count("word") for message in found) == 9_000
