"""Metrics and log of a server that people talk to in Slack."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.channels.slack.manifest import SCOPES
from tests.slack.conftest import idle, slack_settings, started
from tests.support.employee import Employee
from tests.support.fake_slack import FakeSlack
from tests.support.metrics import Scraped
from tests.support.server import Server, free_port


@pytest.fixture(scope="module")
def slack() -> Iterator[FakeSlack]:
    slack = FakeSlack(set(SCOPES))
    slack.start()
    yield slack
    slack.stop()


@pytest.fixture(scope="module")
def server(slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {**slack_settings(slack), "METRICS_ADDRESS": f"127.0.0.1:{free_port()}"}
    server = started(tmp_path_factory.mktemp("slack"), settings)
    slack.app_port = server.port
    yield server
    server.stop()


def test_turns_in_slack_are_counted_and_leave_neither_words_nor_ids_in_the_log(
    slack: FakeSlack, server: Server
) -> None:
    employee = Employee(slack)
    employee.says("should we outsource our zebrafish umbrella?")
    with closing(sqlite3.connect(server.database, isolation_level=None)) as database:
        database.execute("ALTER TABLE events RENAME TO gone")
        employee.says("zebrafish umbrella")
        database.execute("ALTER TABLE gone RENAME TO events")
    idle(slack, server)

    scraped = Scraped(server)
    assert scraped.value("sourcing_turns_total", channel="slack", outcome="answered") == 1
    assert scraped.value("sourcing_turns_total", channel="slack", outcome="failed") >= 1
    assert scraped.value("sourcing_slack_events_under_way") == 0
    said = ("zebrafish", "umbrella", employee.id, f"-{employee.team}-")
    assert not [word for word in said if word in server.log]
    assert "failed with" in server.log
