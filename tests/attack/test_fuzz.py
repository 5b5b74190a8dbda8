"""Bodies of any kind: nothing fails, and what is wrong is refused as what it is."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attack.conftest import signed
from tests.support.server import Server, Visitor

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=20)
    | st.sampled_from(["\ud83d", "\x00", "\u202e", "__proto__", "e" + "\u0301" * 50, "٣", "1e999"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
IDS = st.uuids().map(str) | st.text(max_size=40) | JSON
FUZZ = settings(
    max_examples=80,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(json.dumps).map(str.encode),
    st.fixed_dictionaries(
        {}, optional={"id": IDS, "text": JSON, "payload": JSON, "rating": JSON, "x": JSON}
    )
    .map(json.dumps)
    .map(str.encode),
)
HANDMADE = [
    b'{"id": 1, "id": "%ID", "text": "hello"}',
    b'{"id": "%ID", "text": "hello", "text": 5}',
    b'{"id": "%ID", "text": ' + b"9" * 5_000 + b"}",
    b'{"id": "%ID", "text": 1e99999}',
    b'{"id": "%ID", "text": NaN}',
    b'{"id": "%ID", "payload": "' + b"\\u0000" * 100 + b'"}',
    b'{"id": "%ID", "text": "hello", "x": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    b"\xef\xbb\xbf" + b'{"id": "%ID", "text": "hello"}',
    '{"id": "%ID", "text": "hello"}'.encode("utf-16"),
]


@pytest.fixture(scope="module")
def visitor(open_server: Server) -> Visitor:
    return Visitor(open_server.url)


@FUZZ
@given(BODIES)
def test_messages_of_any_kind(visitor: Visitor, body: bytes) -> None:
    answer = visitor.client.post("/messages", content=body, headers=visitor.headers)

    assert answer.status_code in (200, 400, 413)
    assert b'"error": {"reference"' not in answer.content


@FUZZ
@given(BODIES)
def test_ratings_of_any_kind(visitor: Visitor, body: bytes) -> None:
    answer = visitor.client.put("/rating", content=body, headers=visitor.headers)

    assert answer.status_code in (204, 400, 413)


@pytest.mark.parametrize("body", HANDMADE, ids=range(len(HANDMADE)))
def test_messages_made_to_confuse(visitor: Visitor, body: bytes) -> None:
    content = body.replace(b"%ID", str(uuid.uuid4()).encode())
    answer = visitor.client.post("/messages", content=content, headers=visitor.headers)

    assert answer.status_code in (200, 400)


EVENT = st.fixed_dictionaries(
    {"type": st.sampled_from(["event_callback", "block_actions", "view_submission", "shortcut"])},
    optional={
        "event": JSON
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["message", "app_mention", "app_home_opened", "x"])},
            optional={"text": JSON, "user": JSON, "channel": JSON, "ts": JSON, "thread_ts": JSON},
        ),
        **dict.fromkeys(
            ("team_id", "event_id", "authorizations", "actions", "container", "user"), JSON
        ),
        **dict.fromkeys(("view", "message", "channel", "callback_id", "response_url"), JSON),
    },
)
SLACK_BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(json.dumps).map(str.encode),
    EVENT.map(json.dumps).map(str.encode),
    EVENT.map(lambda event: httpx.QueryParams({"payload": json.dumps(event)}).__str__().encode()),
)
KINDS = st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", ""])


def to_slack(server: Server, body: bytes, headers: dict[str, Any]) -> httpx.Response:
    """Sends a body to where Slack sends."""
    url = f"{server.url}/webhooks/slack/events"
    return httpx.post(url, content=body, headers=headers, timeout=30)


@FUZZ
@given(SLACK_BODIES, KINDS)
def test_whatever_slack_has_signed(open_server: Server, body: bytes, kind: str) -> None:
    answer = to_slack(open_server, body, {**signed(body), "Content-Type": kind})

    assert answer.status_code in (200, 400)


@FUZZ
@given(SLACK_BODIES, st.binary(max_size=80), st.binary(max_size=20))
def test_whatever_slack_has_not_signed(
    open_server: Server, body: bytes, signature: bytes, timestamp: bytes
) -> None:
    printable = {
        "X-Slack-Signature": bytes(b for b in signature if b >= 32 and b != 127),
        "X-Slack-Request-Timestamp": bytes(b for b in timestamp if b >= 32 and b != 127),
    }
    others = signed(body + b" ")
    for headers in (printable, others, {**signed(body), "X-Slack-Signature": "v0="}):
        assert to_slack(open_server, body, headers).status_code in (400, 401)


def test_nothing_of_this_fails_behind_the_answer(open_server: Server) -> None:
    assert "Traceback" not in open_server.log
    assert " failed with " not in open_server.log
