"""The log of a real server: what each line carries, and what none may hold."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.support.failing import refusing
from tests.support.server import Server, Visitor, lines
from tests.support.until import until

SAID = "zebrafish umbrella"
WORDS = ("zebrafish", "umbrella")


def records(server: Server) -> list[dict[str, Any]]:
    """Gives the lines of the log, each of which must be an object."""
    return [json.loads(line) for line in server.log.splitlines()]


def ended(server: Server, **fields: Any) -> list[dict[str, Any]]:
    """Gives the lines at the end of turns that carry these fields."""
    found = (line for line in records(server) if line["message"] == "Turn ended")
    return [line for line in found if fields.items() <= line.items()]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose log is text."""
    server = Server(tmp_path_factory.mktemp("plain"))
    server.start()
    yield server
    server.stop()


def test_a_turn_leaves_one_line_with_its_reference_its_time_and_its_outcome(
    watched: Server, visitor: Visitor
) -> None:
    request = uuid.uuid4().hex
    body = {"id": str(uuid.uuid4()), "text": "hello"}
    answer = visitor.client.post(
        "/messages", json=body, headers={**visitor.headers, "X-Request-Id": request}
    )

    assert answer.headers["X-Request-Id"] == request
    (line,) = ended(watched, request=request)
    assert (line["channel"], line["outcome"], line["level"]) == ("web", "answered", "info")
    assert isinstance(line["milliseconds"], int)
    assert len(line["reference"]) == 8
    assert line["time"].endswith("Z")


def test_each_line_of_a_failing_turn_carries_the_reference_of_the_apology(
    watched: Server, visitor: Visitor
) -> None:
    with refusing(watched.database):
        *_, end = visitor.say(SAID)

    reference = end["error"]["reference"]
    told = [line for line in records(watched) if line.get("reference") == reference]
    assert [line["level"] for line in told] == ["error", "info"]
    assert told[1]["outcome"] == "failed"
    assert len({(line["request"], line["conversation"]) for line in told}) == 1


def test_a_conversation_has_one_name_in_the_log_which_is_not_its_id(
    watched: Server, visitor: Visitor
) -> None:
    other = Visitor(watched.url)
    ids = [uuid.uuid4().hex for _ in range(3)]
    for who, request in zip((visitor, visitor, other), ids, strict=True):
        who.client.headers["X-Request-Id"] = request
        who.say("hello")

    names = [ended(watched, request=request)[0]["conversation"] for request in ids]
    assert names[0] == names[1] != names[2]
    with closing(sqlite3.connect(watched.database)) as database:
        kept = [row[0] for row in database.execute("SELECT DISTINCT sender_id FROM events")]
    assert not [conversation for conversation in kept if conversation in watched.log]


@pytest.mark.parametrize("told", ["", "a b", "x" * 65, 'a"b', "ä", "a\tb"])
def test_an_id_that_is_not_sound_is_replaced(watched: Server, told: str) -> None:
    headers = {"X-Request-Id": told.encode("utf-8")}
    answer = httpx.get(f"{watched.url}/health/live", headers=headers)  # type: ignore[arg-type]

    assert answer.headers["X-Request-Id"] != told
    assert len(answer.headers["X-Request-Id"]) == 8


@pytest.mark.parametrize("path", ["/nothing", "/webhooks/web/session", "/health/ready"])
def test_every_answer_carries_an_id(watched: Server, path: str) -> None:
    assert httpx.get(f"{watched.url}{path}").headers["X-Request-Id"]


@pytest.mark.parametrize("kind", ["watched", "plain"])
def test_nothing_that_is_said_is_in_the_log_whatever_happens(
    kind: str, request: pytest.FixtureRequest
) -> None:
    talkative: Server = request.getfixturevalue(kind)
    visitor = Visitor(talkative.url)
    visitor.say(SAID)
    offered = visitor.say(f"should we outsource our {SAID}?")
    visitor.press("Not sure", offered)
    visitor.say(f"/{SAID}")
    visitor.post(payload=f"/inform{SAID}")
    visitor.post(text=SAID, id=SAID)
    visitor.client.post("/messages", content=SAID.encode(), headers=visitor.headers)
    httpx.get(f"{talkative.url}/{SAID}?{SAID}")
    with refusing(talkative.database):
        assert "error" in visitor.say(SAID)[-1]
    with closing(sqlite3.connect(talkative.database, isolation_level=None)) as database:
        database.execute("ALTER TABLE events RENAME TO gone")
        assert "error" in visitor.say(SAID)[-1]
        database.execute("ALTER TABLE gone RENAME TO events")
    assert lines(visitor.post(text=SAID))[-1] == {"done": True}

    until(lambda: talkative.log.count("Turn ended") >= 7)
    assert "failed with" in talkative.log
    assert not [word for word in WORDS if word in talkative.log.lower()]
