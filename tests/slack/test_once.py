"""Every event is answered once, however often, in whatever order and to whomever it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.slack.conftest import idle, slack_settings, started
from tests.support.employee import Employee
from tests.support.fake_slack import BOT_USER, FakeSlack
from tests.support.server import Server


@pytest.fixture(scope="module")
def second(
    shared_slack: FakeSlack, shared_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Another worker on the same database."""
    settings = slack_settings(shared_slack)
    settings["DATABASE_URL"] = f"sqlite:///{shared_server.database}"
    server = started(tmp_path_factory.mktemp("second"), settings)
    yield server
    server.stop()


def answered(employee: Employee, server: Server) -> int:
    """Waits until what was sent has been dealt with, and counts the answers."""
    idle(employee.slack, server)
    return len(employee.place.messages_of(BOT_USER))


def test_a_retry_is_acknowledged_and_not_answered_again(
    slack: FakeSlack, server: Server, employee: Employee
) -> None:
    (event,) = slack.say(employee.place, employee.id, "should we outsource payroll?")
    statuses = [slack.post(event, attempt=number) for number in range(4)]

    assert statuses == [200] * 4
    assert answered(employee, server) == 1


def test_the_same_event_at_once_to_two_workers_is_answered_once(
    slack: FakeSlack, employee: Employee, server: Server, second: Server
) -> None:
    (event,) = slack.say(employee.place, employee.id, "should we outsource payroll?")
    ports = [server.port, second.port] * 4
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda port: slack.post(event, port=port), ports))

    assert statuses == [200] * 8
    assert answered(employee, server) == 1


def test_a_conversation_goes_on_over_two_workers(
    slack: FakeSlack, employee: Employee, server: Server, second: Server
) -> None:
    employee.says("should we outsource payroll?")
    slack.app_port = second.port
    assert "2 of about 4" in employee.presses("Fixed steps, few exceptions")[0]["text"]
    slack.app_port = server.port
    assert "3 of about 4" in employee.says("experienced people")[0]["text"]


@pytest.mark.parametrize(
    "titles",
    [
        ("Fixed steps, few exceptions", "Fixed steps, few exceptions"),
        ("Fixed steps, few exceptions", "Every case is different"),
    ],
)
@pytest.mark.parametrize("is_shared", [False, True])
def test_a_question_is_answered_by_the_first_press(
    slack: FakeSlack,
    server: Server,
    second: Server,
    employee: Employee,
    titles: tuple[str, str],
    is_shared: bool,
) -> None:
    employee.says("should we outsource payroll?")
    presses = [employee.press(title) for title in titles]
    ports = [server.port, second.port if is_shared else server.port]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda press, port: slack.post(press, "payload", port=port), presses, ports))

    assert answered(employee, server) == 2
    assert "2 of about" in employee.heard()[-1]["text"]


def test_an_old_event_with_a_new_id_is_the_same_message(
    slack: FakeSlack, server: Server, employee: Employee
) -> None:
    (event,) = slack.say(employee.place, employee.id, "should we outsource payroll?")
    slack.send(event)
    slack.send({**event, "event_id": "Ev0ANOTHER"})

    assert answered(employee, server) == 1
