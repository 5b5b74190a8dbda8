"""The web channel's routes, on the real server. All that they know of the bot: it answers hello."""

from __future__ import annotations

import base64
import json
import re
import signal
import socket
import sqlite3
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import httpx
import pytest

from bot.channels.web.tokens import Tokens
from tests.support.server import SECRET, Server, Visitor, lines
from tests.support.until import until

ALLOWED = "https://shop.example"


def code(answer: httpx.Response) -> tuple[int, str]:
    """Gives the status of a refusal and its code."""
    error = answer.json()["error"]
    assert isinstance(error["message"], str)
    return answer.status_code, error["code"]


@contextmanager
def held(server: Server) -> Iterator[None]:
    """Keeps the server from writing, so that each turn lasts until this ends."""
    with closing(sqlite3.connect(server.database, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


@contextmanager
def begun(visitor: Visitor, **body: str) -> Iterator[Iterator[str]]:
    """Sends a message, waits for the first line of the answer and gives the others."""
    with visitor.client.stream("POST", "/messages", json=body, headers=visitor.headers) as answer:
        lines = answer.iter_lines()
        next(lines)
        yield lines


@contextmanager
def broken(server: Server) -> Iterator[None]:
    """Takes away the table that the server keeps conversations in."""
    with closing(sqlite3.connect(server.database, isolation_level=None)) as database:
        database.execute("ALTER TABLE events RENAME TO gone")
        yield
        database.execute("ALTER TABLE gone RENAME TO events")


# --- talking


def test_a_session_is_a_token_for_a_fresh_conversation(server: Server) -> None:
    answer = httpx.post(f"{server.url}/webhooks/web/session")

    assert answer.status_code == 201
    assert answer.json().keys() == {"token", "expires_in"}
    assert answer.json()["expires_in"] == 30 * 24 * 60 * 60
    assert Visitor(server.url, answer.json()["token"]).history() == []


def test_hello_is_answered(visitor: Visitor) -> None:
    *replies, end = visitor.say("hello")

    assert end == {"done": True}
    assert any(reply["text"] for reply in replies)
    assert all(isinstance(reply["buttons"], list) for reply in replies)


def test_history_shows_what_was_said(visitor: Visitor) -> None:
    message_id = str(uuid.uuid4())
    *replies, _ = visitor.say("hello", id=message_id)

    first, *others = visitor.history()
    assert (first["from"], first["text"], first["id"]) == ("user", "hello", message_id)
    assert [message["text"] for message in others] == [reply["text"] for reply in replies]
    assert [message.get("buttons", []) for message in others] == [r["buttons"] for r in replies]
    assert {message["from"] for message in others} == {"bot"}
    assert all(message["time"].endswith("Z") for message in [first, *others])


def test_the_same_message_again_gets_the_same_replies_and_runs_nothing(visitor: Visitor) -> None:
    message_id = str(uuid.uuid4())

    first = visitor.say("hello", id=message_id)
    visitor.say("hello")
    again = visitor.say("something else", id=message_id.upper())

    assert again == first
    assert visitor.said() == ["hello", "hello"]


def test_the_same_message_twice_at_once_runs_once(server: Server, visitor: Visitor) -> None:
    message_id = str(uuid.uuid4())
    others = [Visitor(server.url, visitor.token) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda other: other.say("hello", id=message_id), others))

    assert answers == [answers[0]] * 4
    assert visitor.said() == ["hello"]


def test_conversations_do_not_see_each_other(server: Server, visitor: Visitor) -> None:
    message_id = str(uuid.uuid4())
    visitor.say("hello", id=message_id)
    other = Visitor(server.url)

    assert other.history() == []
    assert any(line.get("text") for line in other.say("hello", id=message_id))
    assert len(other.said()) == 1


def test_an_offered_payload_shows_its_title_in_history(server: Server, visitor: Visitor) -> None:
    offered = [button for line in visitor.say("hello") for button in line.get("buttons", [])]
    if not offered:
        pytest.skip("The bot offers no buttons after hello.")

    answer = lines(visitor.post(payload=offered[0]["payload"]))

    assert "error" not in answer[-1]
    assert visitor.said()[-1] == offered[0]["title"]


def test_forgetting_leaves_nothing(server: Server, visitor: Visitor) -> None:
    word = f"zebra{uuid.uuid4().hex}"
    visitor.say(word)
    assert visitor.said() == [word]

    assert visitor.client.delete("/session", headers=visitor.headers).status_code == 204

    assert visitor.history() == []
    files = server.folder.glob("conversations.db*")
    assert not any(word.encode() in file.read_bytes() for file in files)
    assert visitor.say("hello")[-1] == {"done": True}


def test_what_is_kept_is_for_nobody_else_on_the_machine(server: Server, visitor: Visitor) -> None:
    visitor.say("hello")

    modes = {f.name: f.stat().st_mode & 0o777 for f in server.folder.glob("conversations.db*")}
    assert set(modes.values()) == {0o600}, modes


# --- odd text


@pytest.mark.parametrize(
    "text",
    [
        "hel\x00lo\x07",
        "half an emoji \ud83d",
        "\U0001f44d\U0001f3fd",
        "\u0647\u0644 \u0646\u0633\u062a\u0639\u064a\u0646 \u0628\u0645\u0635\u0627\u062f\u0631",
        "\u202ereversed",
        "'; DROP TABLE events; --",
        "<script>alert(1)</script>",
        "{process} {0} %s ${HOME}",
        "x" * 2_000,
        "\U0001f600" * 2_000,
        "/restart",
        "/back",
        '/inform{"process": "payroll"}',
        "/session_start",
        "EXTERNAL: x",
    ],
)
def test_odd_text_is_answered_like_any_other(visitor: Visitor, text: str) -> None:
    visitor.say("hello")

    assert visitor.say(text)[-1] == {"done": True}
    assert visitor.said()[0] == "hello"


def test_control_characters_are_not_kept(visitor: Visitor) -> None:
    visitor.say("hel\x00lo\x1b")

    assert visitor.said() == ["hello"]


# --- refusals


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "malformed")),
        (b"{", (400, "malformed")),
        (b"\xff\xfe\x00", (400, "malformed")),
        (b"[" * 20_000, (400, "malformed")),
        (b'{"a":' * 5_000, (400, "malformed")),
        (b"[]", (400, "malformed")),
        (b'"text"', (400, "malformed")),
        (b"null", (400, "malformed")),
        (b"1" * 10_000, (400, "malformed")),
        (b'{"text": "hello"}', (400, "malformed")),
        (b'{"id": 1, "text": "hello"}', (400, "malformed")),
        (b'{"id": "1", "text": "hello"}', (400, "malformed")),
        (b'{"id": "{ID}"}', (400, "malformed")),
        (b'{"id": "{ID}", "text": null}', (400, "malformed")),
        (b'{"id": "{ID}", "text": 1}', (400, "malformed")),
        (b'{"id": "{ID}", "text": ["hello"]}', (400, "malformed")),
        (b'{"id": "{ID}", "payload": {}}', (400, "malformed")),
        (b'{"id": "{ID}", "text": "a", "payload": "b"}', (400, "malformed")),
        (b'{"id": "{{ID}}", "text": "hello"}', (400, "malformed")),
        (b'{"id": "{ID}", "text": ""}', (400, "empty")),
        (b'{"id": "{ID}", "text": " \\n\\u0000\\u200b"}', (400, "empty")),
        (b'{"id": "{ID}", "payload": "/restart"}', (400, "payload_not_offered")),
        (b'{"id": "{ID}", "payload": ""}', (400, "payload_not_offered")),
        (b'{"id": "{ID}", "payload": "%"}', (400, "payload_not_offered")),
        (b'{"id": "{ID}", "text": "' + b"x" * 2_001 + b'"}', (413, "too_long")),
        (b'{"id": "{ID}", "text": "' + b"x" * 100_000 + b'"}', (413, "too_long")),
        (b'{"id": "{ID}", "text": "' + b"x" * 2_000_000 + b'"}', (413, "too_long")),
    ],
)
def test_what_cannot_be_taken_is_refused(
    visitor: Visitor, body: bytes, expected: tuple[int, str]
) -> None:
    visitor.say("hello")
    content = body.replace(b"{ID}", str(uuid.uuid4()).encode())

    answer = visitor.client.post("/messages", content=content, headers=visitor.headers)

    assert code(answer) == expected
    assert visitor.said() == ["hello"]


def unsigned_token() -> str:
    """Gives a token that claims to need no signature."""
    claims = {"sub": f"web-{uuid.uuid4()}", "aud": "web", "exp": 9_999_999_999}
    coded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none"}, claims)
    ]
    return ".".join([*coded, ""])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer x.y.z",
        f"Basic {Tokens(SECRET, 60).issue()}",
        f"Bearer {Tokens('somebody else made this', 60).issue()}",
        f"Bearer {Tokens(SECRET, -1).issue()}",
        f"Bearer {unsigned_token()}",
        b"Bearer \xff\xfe",
    ],
    ids=["none", "empty", "bare", "no token", "basic", "forged", "expired", "unsigned", "no text"],
)
def test_a_bad_token_is_refused(server: Server, header: str | bytes | None) -> None:
    headers: Any = {} if header is None else {"Authorization": header}
    base = f"{server.url}/webhooks/web"

    answers = [
        httpx.post(f"{base}/messages", headers=headers, json={}),
        httpx.get(f"{base}/history", headers=headers),
        httpx.delete(f"{base}/session", headers=headers),
        httpx.put(f"{base}/rating", headers=headers, json={}),
    ]

    assert [code(answer) for answer in answers] == [(401, "bad_token")] * 4


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://shop.example", "", "["])
def test_another_site_is_refused(server: Server, origin: str) -> None:
    answer = httpx.post(f"{server.url}/webhooks/web/session", headers={"Origin": origin})

    assert code(answer) == (403, "wrong_origin")
    assert "access-control-allow-origin" not in answer.headers


def test_an_allowed_site_may_read_answers_and_refusals(server: Server) -> None:
    base, headers = f"{server.url}/webhooks/web", {"Origin": ALLOWED}
    token = httpx.post(f"{base}/session", headers=headers).json()["token"]
    as_visitor = {**headers, "Authorization": f"Bearer {token}"}
    body = {"id": str(uuid.uuid4()), "text": "hello"}

    answers = [
        httpx.post(f"{base}/session", headers=headers),
        httpx.post(f"{base}/messages", headers=as_visitor, json=body),
        httpx.get(f"{base}/history", headers=as_visitor),
        httpx.post(f"{base}/messages", headers=headers, json=body),
    ]

    assert [answer.status_code for answer in answers] == [201, 200, 200, 401]
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {ALLOWED}
    assert {answer.headers["vary"] for answer in answers} == {"Origin"}


def test_the_servers_own_pages_may_ask(server: Server) -> None:
    answer = httpx.post(f"{server.url}/webhooks/web/session", headers={"Origin": server.url})

    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["session", "messages", "rating", "history"])
def test_preflight_is_answered_for_allowed_sites_only(server: Server, path: str) -> None:
    url = f"{server.url}/webhooks/web/{path}"
    asked = {"Access-Control-Request-Method": "POST"}

    allowed = httpx.options(url, headers={"Origin": ALLOWED, **asked})
    refused = httpx.options(url, headers={"Origin": "https://evil.example", **asked})

    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == ALLOWED
    assert "authorization" in allowed.headers["access-control-allow-headers"].lower()
    assert "DELETE" in allowed.headers["access-control-allow-methods"]
    assert code(refused) == (403, "wrong_origin")


def test_a_conversation_that_goes_too_fast_is_slowed_down(visitor: Visitor) -> None:
    answers = [visitor.post(text="") for _ in range(121)]

    assert [answer.status_code for answer in answers] == [400] * 120 + [429]
    assert code(answers[-1]) == (429, "too_fast")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_an_address_that_starts_too_many_conversations_is_slowed_down(server: Server) -> None:
    with httpx.Client(headers={"X-Forwarded-For": "203.0.113.9"}) as client:
        answers = [client.post(f"{server.url}/webhooks/web/session") for _ in range(601)]

    assert [answer.status_code for answer in answers] == [201] * 600 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert httpx.post(f"{server.url}/webhooks/web/session").status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/webhooks/web/session", (405, "wrong_method")),
        ("PUT", "/webhooks/web/messages", (405, "wrong_method")),
        ("GET", "/webhooks/web/nothing", (404, "not_found")),
        ("GET", "/nothing", (404, "not_found")),
        ("GET", "/model/parse", (404, "not_found")),
        ("POST", "/webhooks/rest/webhook", (404, "not_found")),
        ("GET", "/conversations/x/tracker", (404, "not_found")),
    ],
)
def test_there_is_nothing_else(
    server: Server, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert code(httpx.request(method, f"{server.url}{path}")) == expected


# --- health and the page


def test_health(server: Server) -> None:
    assert httpx.get(f"{server.url}/health/live").status_code == 200
    assert httpx.get(f"{server.url}/health/ready").status_code == 200


@pytest.mark.parametrize("path", ["/", "/webhooks/web/"])
def test_the_page_runs_only_its_own_scripts(server: Server, path: str) -> None:
    answers = [httpx.get(f"{server.url}{path}") for _ in range(2)]

    policies = [answer.headers["content-security-policy"] for answer in answers]
    assert policies[0] != policies[1]
    assert "unsafe" not in policies[0]
    nonce = policies[0].partition("script-src 'nonce-")[2].partition("'")[0]
    scripts = re.findall(r"<(?:script|style) [^>]*>", answers[0].text)
    assert len(scripts) == 3
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert not re.findall(r"\{(?:nonce|styles|script|widget|integrity)\}", answers[0].text)


# --- ratings


def rate(visitor: Visitor, message_id: str, rating: Any) -> httpx.Response:
    """Rates the answer to a message."""
    body = {"id": message_id, "rating": rating}
    return visitor.client.put("/rating", json=body, headers=visitor.headers)


def test_a_rating_stands_in_the_history_until_it_is_changed(visitor: Visitor) -> None:
    message_id = str(uuid.uuid4())
    visitor.say("hello", id=message_id)

    seen = []
    for rating in ("up", "down", "down", None):
        assert rate(visitor, message_id.upper(), rating).status_code == 204
        seen.append(visitor.history()[0].get("rating"))

    assert seen == ["up", "down", "down", None]


def test_forgetting_a_conversation_forgets_its_ratings(server: Server, visitor: Visitor) -> None:
    message_id = str(uuid.uuid4())
    visitor.say("hello", id=message_id)
    rate(visitor, message_id, "down")
    other = Visitor(server.url)
    other.say("hello", id=message_id)
    rate(other, message_id, "up")

    visitor.client.delete("/session", headers=visitor.headers)

    with closing(sqlite3.connect(server.database)) as database:
        query = "SELECT rating FROM ratings WHERE message_id = ?"
        assert database.execute(query, (message_id,)).fetchall() == [("up",)]


def test_only_an_answer_of_ones_own_can_be_rated(server: Server, visitor: Visitor) -> None:
    message_id = str(uuid.uuid4())
    visitor.say("hello", id=message_id)

    answer = rate(Visitor(server.url), message_id, "up")

    assert code(answer) == (400, "unknown_message")
    assert "rating" not in visitor.history()[0]


@pytest.mark.parametrize("rating", ["", "UP", 1, True, [], {}, "up; DROP TABLE ratings"])
def test_a_rating_is_up_or_down(visitor: Visitor, rating: Any) -> None:
    assert code(rate(visitor, str(uuid.uuid4()), rating)) == (400, "malformed")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"rating": "up"}', b'{"id": "x"}'])
def test_a_rating_that_cannot_be_read_is_refused(visitor: Visitor, body: bytes) -> None:
    answer = visitor.client.put("/rating", content=body, headers=visitor.headers)

    assert code(answer) == (400, "malformed")


# --- trouble


def test_a_turn_that_fails_is_told_and_can_be_sent_again(server: Server, visitor: Visitor) -> None:
    visitor.say("hello")
    body = {"id": str(uuid.uuid4()), "text": "hello zebra"}

    with broken(server):
        apology, end = visitor.say(**body)

    reference = end["error"]["reference"]
    assert apology["text"] == (
        f"Sorry, something went wrong on my side (reference {reference}). "
        "Your answers are safe; please try again."
    )
    assert reference in server.log
    assert "zebra" not in server.log
    assert visitor.say(**body)[-1] == {"done": True}
    assert visitor.said() == ["hello", "hello zebra"]


def test_others_are_answered_while_the_database_waits(server: Server, visitor: Visitor) -> None:
    other = Visitor(server.url)
    with held(server), begun(visitor, id=str(uuid.uuid4()), text="hello"):
        assert httpx.get(f"{server.url}/health/live", timeout=5).json() == {"status": "live"}
        assert other.history() == []


def test_a_turn_goes_on_when_the_visitor_leaves(server: Server, visitor: Visitor) -> None:
    body = json.dumps({"id": str(uuid.uuid4()), "text": "hello"})
    head = (
        f"POST /webhooks/web/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {visitor.token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )

    with held(server), socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall((head + body).encode())
        assert connection.recv(1), "the answer has begun"
        connection.shutdown(socket.SHUT_RDWR)

    until(visitor.said)
    assert [message["from"] for message in visitor.history()][:2] == ["user", "bot"]


def test_a_conversation_survives_a_crash(server: Server, visitor: Visitor) -> None:
    message_id = str(uuid.uuid4())
    first = visitor.say("hello", id=message_id)

    server.restart(kill=signal.SIGKILL)

    visitor = Visitor(server.url, visitor.token)
    assert visitor.say("hello", id=message_id) == first
    assert visitor.say("hello")[-1] == {"done": True}
    assert visitor.said() == ["hello", "hello"]


def test_a_message_whose_turn_crashed_can_be_sent_again(server: Server, visitor: Visitor) -> None:
    visitor.say("hello")
    body = {"id": str(uuid.uuid4()), "text": "hello again"}
    with held(server), begun(visitor, **body) as lines:
        server.stop(signal.SIGKILL)
        with pytest.raises(httpx.RemoteProtocolError):
            list(lines)
    server.start()

    visitor = Visitor(server.url, visitor.token)
    assert visitor.say(**body)[-1] == {"done": True}
    assert visitor.said() == ["hello", "hello again"]


def test_a_stop_lets_the_turn_under_way_finish(server: Server, visitor: Visitor) -> None:
    visitor.say("hello")
    assert server.process is not None
    with ExitStack() as stack:
        with held(server):
            lines = stack.enter_context(begun(visitor, id=str(uuid.uuid4()), text="hello again"))
            server.process.send_signal(signal.SIGTERM)
        assert json.loads(list(lines)[-1]) == {"done": True}
    assert server.process.wait(timeout=60) == 0
    server.start()

    assert Visitor(server.url, visitor.token).said() == ["hello", "hello again"]


def test_what_people_say_is_not_logged(server: Server, visitor: Visitor) -> None:
    visitor.say("zebra crossings in Zanzibar")
    visitor.post(payload="zebra")

    assert "zebra" not in server.log
    assert "Sourcing Advisor is ready: " in server.log


@pytest.mark.parametrize("length", [b"-5", b"abc", b"+5", b"3\r\nContent-Length: 5", b""])
def test_an_unsound_length_is_refused_and_stops_nobody(server: Server, length: bytes) -> None:
    head = b"POST /webhooks/web/session HTTP/1.1\r\nHost: x\r\nContent-Length: " + length
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(head + b"\r\n\r\nhello")
        assert raw.recv(100).startswith(b"HTTP/1.1 400 ")
        assert httpx.get(f"{server.url}/health/live", timeout=5).status_code == 200
