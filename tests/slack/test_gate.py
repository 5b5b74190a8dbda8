"""The gate: what is not from Slack is turned away, and costs nothing beyond that."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

import httpx
import pytest

from tests.support.employee import Employee
from tests.support.fake_slack import TEAM, Body, FakeSlack
from tests.support.server import ROOT, Server

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
CHARSET = (("Content-Type", "application/json; charset=utf-8"),)
FORGED = (("X-Slack-Signature", "v0=" + "a" * 64),)
ARABIC = (("X-Slack-Request-Timestamp", "١٢٣".encode()),)


@dataclass(frozen=True)
class Sent:
    """A request and what should come of it.

    Args:
        what: What is wrong with it.
        status: The status that it should get.
        body: Its body.
        at: How many seconds ago it was signed; None for a body that is signed as another.
        more: Headers that stand in the place of the right ones.
    """

    what: str
    status: int
    body: bytes = b"{}"
    at: float | None = 0
    more: tuple[tuple[str, str | bytes], ...] = ()


EVENT = json.dumps({"type": "event_callback", "team_id": TEAM, "event": {"type": "x"}}).encode()

REQUESTS = [
    Sent("an event", 200, EVENT),
    Sent(
        "an event that says its charset",
        200,
        EVENT,
        more=CHARSET,
    ),
    Sent("the handshake", 200, b'{"type": "url_verification", "challenge": "c"}'),
    Sent("signed four minutes ago", 200, EVENT, at=240),
    Sent("signed a minute ahead", 200, EVENT, at=-60),
    Sent("signed too long ago", 401, EVENT, at=330),
    Sent("signed too far ahead", 401, EVENT, at=-330),
    Sent("signed for another body", 401, EVENT, at=None),
    Sent("no signature", 401, EVENT, more=(("X-Slack-Signature", ""),)),
    Sent("a signature of another secret", 401, EVENT, more=FORGED),
    Sent("a signature that is no text", 401, EVENT, more=(("X-Slack-Signature", b"v0=\xff\xfe"),)),
    Sent("no time", 401, EVENT, more=(("X-Slack-Request-Timestamp", ""),)),
    Sent("a time that is no number", 401, EVENT, more=(("X-Slack-Request-Timestamp", "now"),)),
    Sent("a time with a sign", 401, EVENT, more=(("X-Slack-Request-Timestamp", "+1"),)),
    Sent("a time without end", 401, EVENT, more=(("X-Slack-Request-Timestamp", "9" * 5_000),)),
    Sent("a time in other digits", 401, EVENT, more=ARABIC),
    Sent("no UTF-8", 400, b'{"type": "\xff\xfe"}', at=None),
    Sent("nothing", 200, b""),
    Sent("no JSON", 400, b"{"),
    Sent("JSON that is no object", 400, b"[]"),
    Sent("JSON that never ends", 400, b"[" * 100_000),
    Sent("an event that is no object", 400, b'{"type": "event_callback", "event": []}'),
    Sent("a form whose payload is no JSON", 400, b"payload=%7B", more=FORM),
    Sent("a form whose payload is no object", 400, b"payload=1", more=FORM),
    Sent("too large", 413, b"x" * 600_000, at=None),
    Sent("far too large", 413, b"x" * 2_000_000, at=None),
]


def send(server: Server, slack: FakeSlack, sent: Sent) -> httpx.Response:
    """Sends a request."""
    signed = sent.body if sent.at is not None else b"another"
    headers = slack.signed(signed.decode(), time.time() - (sent.at or 0))
    all_headers: dict[str, str | bytes] = {"Content-Type": "application/json", **headers}
    all_headers |= dict(sent.more)
    url = f"{server.url}/webhooks/slack/events"
    return httpx.post(url, content=sent.body, headers=all_headers, timeout=10)  # type: ignore[arg-type]


@pytest.mark.parametrize("sent", REQUESTS, ids=lambda sent: sent.what)
def test_requests_and_what_comes_of_them(server: Server, slack: FakeSlack, sent: Sent) -> None:
    answer = send(server, slack, sent)

    assert answer.status_code == sent.status
    if sent.status != 200:
        assert answer.json()["error"]["message"]


def test_the_page_about_slack_has_the_same_table() -> None:
    page = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8").splitlines()

    assert [s.what for s in REQUESTS if f"| {s.what} | {s.status} |" not in page] == []


def test_the_handshake_gives_the_challenge_back(server: Server, slack: FakeSlack) -> None:
    answer = send(server, slack, Sent("", 200, b'{"type": "url_verification", "challenge": "abc"}'))

    assert answer.json() == {"challenge": "abc"}


@pytest.mark.parametrize("path", ["install", "oauth_redirect", "nothing"])
def test_there_is_nothing_else(server: Server, slack: FakeSlack, path: str) -> None:
    assert httpx.get(f"{server.url}/webhooks/slack/{path}").status_code == 404


def test_what_is_turned_away_is_not_answered_later(
    server: Server, slack: FakeSlack, employee: Employee
) -> None:
    (event,) = slack.say(employee.place, employee.id, "should we outsource payroll?")
    assert (
        send(server, slack, Sent("", 401, json.dumps(event).encode(), at=None)).status_code == 401
    )
    assert len(employee.says("what is BPO?")) == 1

    assert "1 of about" not in employee.heard()[0]["text"]


def test_neither_words_nor_secrets_are_logged(
    server: Server, slack: FakeSlack, employee: Employee
) -> None:
    employee.says("should we outsource zebrafish?")
    secrets = ("zebra", "xoxb-", "xapp-", "signing secret of tests")

    assert not [word for word in secrets if word in server.log]


ODD: list[Body] = [
    {},
    {"text": None},
    {"text": 5, "user": "U1", "channel": "D1", "ts": "1"},
    {"text": "x", "user": "U1", "channel": ["D1"], "ts": "1"},
    {"text": "x", "user": {"id": "U1"}, "channel": "D1", "ts": "1"},
    {"text": "x", "user": "U1", "channel": "D1", "ts": "1", "thread_ts": {"a": 1}},
    {"text": "x", "user": "U1", "channel": "D1", "ts": 1},
]


@pytest.mark.parametrize("more", ODD, ids=str)
def test_events_of_odd_shape_do_no_harm(slack: FakeSlack, more: Body) -> None:
    event = slack.event({"type": "message", "channel_type": "im", **more})

    assert slack.post(event) in (200, 400)


def test_odd_presses_do_no_harm(slack: FakeSlack, employee: Employee) -> None:
    employee.says("should we outsource payroll?")
    good = employee.press("Not sure")
    for actions in (
        [],
        [{}],
        [{"action_id": "choice.0"}],
        [{**good["actions"][0], "block_id": "x"}],
    ):
        assert slack.post({**good, "actions": actions}, "payload") in (200, 400)
    for gone in ("container", "user", "message", "channel"):
        odd = {key: value for key, value in good.items() if key != gone}
        assert slack.post({**odd, "trigger_id": gone}, "payload") in (200, 400)


def test_a_choice_that_was_not_offered_is_refused(slack: FakeSlack, employee: Employee) -> None:
    employee.says("should we outsource payroll?")
    forged = employee.press("Not sure")
    forged["actions"][0]["value"] = '/restart{"x": 1}'
    slack.send(forged, "payload")

    assert "2 of about 4" in employee.presses("Not sure")[-1]["text"]
    assert "no longer on offer" in slack.ephemeral[-1]["text"]
