"""What a line of the log looks like, and what it leaves out."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars

from bot.logs import formatter, hashed

SAID = "my salary is seven zebras"
SECRET = "only for tests, and long enough"
CONVERSATION = "slack-T1-C1-direct-U1"

Line = Callable[..., str]


@pytest.fixture(params=["text", "json"])
def line(request: pytest.FixtureRequest) -> Line:
    """Gives the line that a record becomes."""
    made = formatter(request.param, SECRET)

    def of(message: Any, *, logger: str = "bot.test", error: bool = False, **extra: Any) -> str:
        info = sys.exc_info() if error else None
        record = logging.LogRecord(logger, logging.ERROR, __file__, 1, message, (), info)
        record.__dict__.update(extra)
        return made.format(record)

    return of


def failed() -> None:
    raise ValueError(SAID)


def test_a_line_of_json_is_one_object_with_all_fields() -> None:
    record = logging.LogRecord("bot.test", logging.INFO, __file__, 1, "Said %s\n", ("it",), None)
    record.milliseconds, record.channel = 12, "web"

    with bound_contextvars(reference="ab12", request="r-1"):
        text = formatter("json", SECRET).format(record)

    found = json.loads(text)
    assert "\n" not in text
    assert found.pop("time").endswith("Z")
    assert found == {
        "level": "info",
        "logger": "bot.test",
        "message": "Said it\n",
        "reference": "ab12",
        "request": "r-1",
        "milliseconds": 12,
        "channel": "web",
    }


def test_a_line_of_text_ends_with_its_fields() -> None:
    record = logging.LogRecord("bot.test", logging.INFO, __file__, 1, "Turn ended", (), None)
    record.milliseconds = 12

    with bound_contextvars(reference="ab12"):
        text = formatter("text", SECRET).format(record)

    assert text.endswith("INFO bot.test: Turn ended reference=ab12 milliseconds=12")


def test_a_conversation_is_named_by_a_hash_also_in_what_others_say_of_it(line: Line) -> None:
    with bound_contextvars(conversation=CONVERSATION):
        told = line(f"Stopped predicting for '{CONVERSATION}'.", logger="rasa.core.processor")

    assert CONVERSATION not in told
    assert told.count(hashed(CONVERSATION, SECRET)) == 2
    assert hashed(CONVERSATION, SECRET) != hashed(CONVERSATION, "another secret")


@pytest.mark.parametrize("logger", ["bot.test", "rasa.core.processor", "sanic.error", "asyncio"])
def test_of_an_error_the_place_is_shown_and_not_the_words(line: Line, logger: str) -> None:
    try:
        failed()
    except ValueError:
        told = line("It failed", logger=logger, error=True)

    assert SAID not in told
    assert "It failed: ValueError" in told
    assert "in failed" in told


def test_an_error_that_is_logged_as_the_message_is_shown_without_words(line: Line) -> None:
    try:
        failed()
    except ValueError as error:
        told = line(error, logger="sanic.error", error=True)

    assert SAID not in told
    assert "ValueError" in told


def test_what_others_tell_in_further_lines_is_left_out(line: Line) -> None:
    told = line(f"Task exception was never retrieved\nfuture: <{SAID}>", logger="asyncio")

    assert "Task exception was never retrieved" in told
    assert SAID not in told


def test_of_what_others_log_with_structlog_only_the_name_is_shown(line: Line) -> None:
    told = line(
        {"event": "processor.message.parse", "text": SAID, "level": "error"},
        logger="rasa.core.processor",
        _logger=logging.getLogger("rasa"),
        _name="error",
    )

    assert "processor.message.parse" in told
    assert SAID not in told


def test_where_everything_is_to_be_seen_so_are_the_words() -> None:
    try:
        failed()
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("bot.test", logging.ERROR, __file__, 1, "It failed", (), info)

    assert SAID in formatter("text", SECRET, is_discreet=False).format(record)
