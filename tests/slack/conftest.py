"""The real server and a fake Slack; every test talks as somebody new."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.employee import Employee
from tests.support.fake_slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack
from tests.support.server import Server
from tests.support.until import until


def slack_settings(slack: FakeSlack) -> dict[str, str]:
    """Gives the settings of a server that talks to the fake over HTTP."""
    return {
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": slack.url,
    }


def started(folder: Path, settings: dict[str, str]) -> Server:
    """Gives a server that has started and found Slack."""
    server = Server(folder, settings)
    server.start()
    until(lambda: "Slack: I am @advisor" in server.log)
    return server


def idle(slack: FakeSlack, server: Server) -> None:
    """Waits until all that was sent has been answered, and the answers have been delivered."""
    slack.settle()
    with closing(sqlite3.connect(server.database)) as database:
        until(lambda: not database.execute("SELECT id FROM slack_inbox").fetchall(), 30)
    slack.settle()


@pytest.fixture(scope="session")
def shared_slack() -> Iterator[FakeSlack]:
    from bot.channels.slack.manifest import SCOPES

    slack = FakeSlack(set(SCOPES))
    slack.start()
    yield slack
    slack.stop()


@pytest.fixture(scope="session")
def shared_server(
    shared_slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    server = started(tmp_path_factory.mktemp("slack"), slack_settings(shared_slack))
    yield server
    if server.process and server.process.poll() is None:
        server.stop()


@pytest.fixture
def server(shared_server: Server) -> Server:
    """The server, running."""
    return shared_server


@pytest.fixture
def slack(shared_slack: FakeSlack, server: Server) -> Iterator[FakeSlack]:
    """Slack, which sends to the server; nothing is under way when a test ends."""
    shared_slack.app_port = server.port
    shared_slack.faults.clear()
    yield shared_slack
    shared_slack.settle()


@pytest.fixture
def employee(slack: FakeSlack) -> Employee:
    """Somebody who has not talked to the assistant before."""
    return Employee(slack)
