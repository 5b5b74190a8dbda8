"""A conversation's events, as the web channel shows them."""

from __future__ import annotations

from typing import Any

from bot.channels.transcript import history, replies_to, reply, was_offered


def user(text: str | None, message_id: str | None, **more: Any) -> dict[str, Any]:
    """Gives a message of the person's, as Rasa keeps it."""
    return {"event": "user", "text": text, "message_id": message_id, "timestamp": 0.0, **more}


def pressed(payload: str, message_id: str) -> dict[str, Any]:
    """Gives a press of a button, as Rasa keeps it."""
    return user(payload, message_id, metadata={"pressed": True})


def bot(text: str | None, *buttons: tuple[str, str], **data: Any) -> dict[str, Any]:
    """Gives a message of the bot's with buttons of (title, payload)."""
    shown = [{"title": title, "payload": payload, "type": None} for title, payload in buttons]
    return {"event": "bot", "text": text, "timestamp": 1.5, "data": {"buttons": shown, **data}}


SLOT = {"event": "slot", "name": "process", "value": "payroll", "timestamp": 0.5}


def test_a_reply_carries_text_buttons_and_custom() -> None:
    message = reply(
        "Hi", {"buttons": [{"title": "A", "payload": "/a", "x": 1}], "custom": {"k": 1}}
    )

    assert message == {
        "text": "Hi",
        "buttons": [{"title": "A", "payload": "/a"}],
        "custom": {"k": 1},
    }


def test_a_button_without_payload_says_its_title() -> None:
    assert reply(None, {"buttons": [{"title": "A"}]})["buttons"] == [{"title": "A", "payload": "A"}]


def test_replies_are_those_up_to_the_next_message() -> None:
    events = [
        user("x", "1"),
        bot("a"),
        user("y", "2"),
        SLOT,
        bot("b"),
        bot("c"),
        user("z", "3"),
        bot("d"),
    ]

    assert [message["text"] for message in replies_to("2", events)] == ["b", "c"]


def test_an_unknown_message_has_no_replies() -> None:
    assert replies_to("2", [user("x", "1"), bot("a")]) == []


def test_a_message_met_with_silence_has_the_replies_of_its_second_try() -> None:
    events = [user("x", "1"), user("y", "2"), bot("b"), user("x", "1"), bot("a")]

    assert [message["text"] for message in replies_to("1", events)] == ["a"]
    assert [message.get("id") for message in history(events)] == ["1", "2", None, None]


def test_only_what_the_bot_showed_is_on_offer() -> None:
    events = [bot("q", ("Yes", "/yes")), user("/no", "1", parse_data={"buttons": ["/no"]})]

    assert was_offered("/yes", events)
    assert not was_offered("/no", events)
    assert not was_offered("/ye", events)


def test_history_shows_who_said_what_when() -> None:
    messages = history(
        [{"event": "session_started"}, user("hello", "1"), SLOT, bot("Hi", ("A", "/a"))]
    )

    assert messages == [
        {"from": "user", "text": "hello", "time": "1970-01-01T00:00:00.000Z", "id": "1"},
        {
            "from": "bot",
            "text": "Hi",
            "buttons": [{"title": "A", "payload": "/a"}],
            "time": "1970-01-01T00:00:01.500Z",
        },
    ]


def test_history_shows_the_last_title_of_a_pressed_button() -> None:
    events = [bot("q", ("Old", "/a")), bot("q", ("New", "/a")), pressed("/a", "1")]

    assert history(events)[-1]["text"] == "New"


def test_history_shows_typed_text_as_typed_even_where_it_is_a_payload() -> None:
    assert history([bot("q", ("Old", "/a")), user("/a", "1")])[-1]["text"] == "/a"


def test_history_leaves_out_what_no_person_said() -> None:
    assert history([user("EXTERNAL: reminder", None), user(None, None), user("", "1")]) == []
