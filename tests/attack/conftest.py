"""A server with everything set up, and one as it is by default."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator

import pytest
import requests

from tests.slack.conftest import shared_slack
from tests.support.fake_slack import SIGNING_SECRET, FakeSlack
from tests.support.server import Server
from tests.support.until import until

__all__ = ["shared_slack"]


def signed(body: str | bytes) -> dict[str, str]:
    """Slack's signature of a body, which may be no text."""
    now = str(int(time.time()))
    said = body.encode() if isinstance(body, str) else body
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{now}:".encode() + said, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


REVIEW_SECRET = "only for tests of attacks"
EVERYTHING = {
    "REVIEW_SECRET": REVIEW_SECRET,
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "the client's secret of tests",
}
NO_LIMITS = {"WEB_RATE_LIMIT": "0", "WEB_SESSION_LIMIT": "0", "ADDRESS_RATE_LIMIT": "0"}


@pytest.fixture(scope="session")
def open_server(
    shared_slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server with all routes and no limits, for requests of every kind."""
    settings = {**EVERYTHING, **NO_LIMITS, "SLACK_API_URL": shared_slack.url}
    server = Server(tmp_path_factory.mktemp("open"), settings)
    server.start()
    until(lambda: requests.get(f"{server.url}/webhooks/slack/install", timeout=5).ok)
    events = f"{server.url}/webhooks/slack/events"
    until(lambda: requests.post(events, data=b"{}", headers=signed(b"{}"), timeout=5).ok)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def guarded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as it is where nothing is set."""
    server = Server(tmp_path_factory.mktemp("guarded"))
    server.start()
    yield server
    server.stop()
