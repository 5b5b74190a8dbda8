"""Socket Mode: the same, without an address of one's own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.channels.slack.manifest import SCOPES
from tests.slack.conftest import idle, started
from tests.support.employee import Employee, text
from tests.support.fake_slack import APP_TOKEN, BOT_TOKEN, BOT_USER, FakeSlack
from tests.support.server import Server
from tests.support.until import until


@pytest.fixture(scope="module")
def socket_slack() -> Iterator[FakeSlack]:
    """Another Slack, which is connected by Socket Mode."""
    slack = FakeSlack(set(SCOPES))
    slack.start()
    yield slack
    slack.stop()


@pytest.fixture(scope="module")
def socket_server(
    socket_slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    settings = {
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": socket_slack.url,
    }
    server = started(tmp_path_factory.mktemp("socket"), settings)
    until(lambda: socket_slack.is_connected)
    yield server
    assert server.stop() == 0


@pytest.fixture
def slack(socket_slack: FakeSlack, socket_server: Server) -> FakeSlack:
    """Slack, connected."""
    return socket_slack


def test_the_log_says_how_slack_is_served(slack: FakeSlack, socket_server: Server) -> None:
    assert "Slack is on: Socket Mode, one workspace." in socket_server.log
    until(lambda: "Slack: connected by Socket Mode." in socket_server.log)
    assert APP_TOKEN not in socket_server.log


def test_a_case_goes_its_way(slack: FakeSlack, employee: Employee) -> None:
    employee.says("should we outsource payroll?")
    assert "2 of about 4" in text(employee.presses("Fixed steps, few exceptions"))
    slack.send(slack.command(employee.id, slack.channel("CSOCKET", employee.id), "x"), "command")
    until(lambda: [m for m in slack.ephemeral if m["user"] == employee.id])


def test_an_envelope_that_comes_again_is_answered_once(
    slack: FakeSlack, socket_server: Server, employee: Employee
) -> None:
    (event,) = slack.say(employee.place, employee.id, "what is BPO?")
    deliveries = [slack.send(event) for _ in range(3)]
    idle(slack, socket_server)

    assert [delivery.statuses for delivery in deliveries] == [(200,)] * 3
    assert len(employee.place.messages_of(BOT_USER)) == 1


def test_a_lost_connection_is_made_again(
    slack: FakeSlack, socket_server: Server, employee: Employee
) -> None:
    slack.hang_up()
    until(lambda: slack.is_connected, 40)

    assert "Business process outsourcing" in text(employee.says("what is BPO?"))


def test_there_is_no_route_for_events(socket_server: Server) -> None:
    assert httpx.post(f"{socket_server.url}/webhooks/slack/events").status_code == 404
