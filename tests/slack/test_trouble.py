"""Trouble: Slack slow, down or hostile; the server crashed, stopped or without a store."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.slack.conftest import slack_settings, started
from tests.support.employee import Employee, shown, text
from tests.support.fake_slack import BOT_TOKEN, BOT_USER, FakeSlack, Fault, titles
from tests.support.server import Server
from tests.support.slow_actions import SlowActions
from tests.support.until import until


@pytest.fixture(scope="module")
def slow(shared_slack: FakeSlack) -> Iterator[SlowActions]:
    """Actions that wait to be let go."""
    actions = SlowActions()
    actions.start()
    yield actions
    actions.stop()


@pytest.fixture(scope="module")
def own_server(
    shared_slack: FakeSlack, slow: SlowActions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that may be stopped and started, with actions that may be slow."""
    settings = {**slack_settings(shared_slack), "ACTION_ENDPOINT_URL": slow.url}
    server = started(tmp_path_factory.mktemp("trouble"), settings)
    yield server
    if server.process and server.process.poll() is None:
        server.stop()


@pytest.fixture
def server(own_server: Server, slow: SlowActions) -> Iterator[Server]:
    """That server, in the place of the shared one."""
    yield own_server
    slow.go()


# --- Slack


def test_a_storm_of_429_loses_nothing_and_keeps_the_order(
    slack: FakeSlack, employee: Employee
) -> None:
    storm = Fault(429, retry_after=1)
    slack.faults["chat.postMessage"] = [storm, storm, storm]
    for words in ("what is BPO?", "what is KPO?", "should we outsource payroll?"):
        slack.write(employee.place, employee.id, words)
    until(lambda: "1 of about 4" in text(employee.heard()))

    said = text(employee.heard())
    assert said.index("Business process outs") < said.index("Knowledge process outs")
    assert said.index("Knowledge process outs") < said.index("1 of about 4")
    # What waited for the same place went out as one.
    assert len(employee.heard()) < 3


def test_retry_after_is_waited_for(slack: FakeSlack, employee: Employee) -> None:
    slack.faults["chat.postMessage"] = [Fault(429, retry_after=2)]
    employee.says("what is BPO?")

    refused, taken = [c for c in slack.calls if c.body.get("channel") == employee.place.id][-2:]
    assert (refused.error, taken.error) == ("429", None)
    assert taken.at - refused.at >= 2


def test_a_storm_in_one_channel_does_not_hold_up_another(
    slack: FakeSlack, employee: Employee
) -> None:
    slack.faults["chat.postMessage"] = [Fault(429, retry_after=3)]
    (event,) = slack.say(employee.place, employee.id, "what is BPO?")
    slack.send(event)
    until(lambda: not slack.faults["chat.postMessage"])
    started_at = time.monotonic()
    Employee(slack).says("what is BPO?")

    assert time.monotonic() - started_at < 2
    employee.answers(0)


@pytest.mark.parametrize("fault", [Fault(503), Fault(0)], ids=["503", "dropped"])
def test_what_slack_did_not_take_is_sent_again(
    slack: FakeSlack, employee: Employee, fault: Fault
) -> None:
    slack.faults["chat.postMessage"] = [fault]

    assert "Business process outsourcing" in text(employee.says("what is BPO?"))


def test_a_slow_slack_delays_the_answer_and_not_the_acknowledgement(
    slack: FakeSlack, employee: Employee
) -> None:
    slack.faults["chat.postMessage"] = [Fault(seconds=4)]
    (event,) = slack.say(employee.place, employee.id, "what is BPO?")
    delivery = slack.send(event)

    assert delivery.statuses == (200,)
    assert delivery.seconds < 1
    assert len(employee.answers(0)) == 1


def test_blocks_that_slack_refuses_go_as_text(slack: FakeSlack, employee: Employee) -> None:
    slack.faults["chat.postMessage"] = [Fault(error="invalid_blocks")]
    (answer,) = employee.says("should we outsource payroll?")

    assert "1 of about 4" in answer["text"]
    assert "blocks" not in answer
    assert "2 of about 4" in text(employee.says("the same calculation every month"))


def test_a_file_that_slack_refuses_goes_as_a_message(slack: FakeSlack, employee: Employee) -> None:
    employee.says("should we outsource payroll?")
    slack.faults["files.completeUploadExternal"] = [Fault(error="not_allowed")]
    slack.write(employee.place, employee.id, "give me a summary")

    whole = employee.waits_for(lambda m: "*What would change it*" in shown(m))
    assert "☐" in shown(whole)


def test_a_revoked_token_is_told_in_the_log_and_costs_no_turn(
    slack: FakeSlack, server: Server, employee: Employee
) -> None:
    workspace = slack.workspaces[BOT_TOKEN]
    workspace.is_revoked = True
    slack.write(employee.place, employee.id, "should we outsource payroll?")
    until(lambda: f"to {employee.place.id} was given up: token_revoked" in server.log)
    workspace.is_revoked = False

    assert "2 of about 4" in text(employee.says("the same calculation every month"))


def test_a_channel_that_is_gone_holds_up_nobody(slack: FakeSlack, server: Server) -> None:
    lost = Employee(slack)
    channel = lost.place
    event = slack.say(channel, lost.id, "what is BPO?")[0]
    del slack.channels[channel.id]
    slack.send(event)

    until(lambda: f"to {channel.id} was given up: channel_not_found" in server.log)


# --- a slow turn


def test_a_slow_turn_is_acknowledged_at_once_and_shows_a_sign(
    slack: FakeSlack, employee: Employee, slow: SlowActions
) -> None:
    slow.hold()
    (event,) = slack.say(employee.place, employee.id, "should we outsource payroll?")
    delivery = slack.send(event)
    sign = (employee.place.id, event["event"]["ts"], "hourglass_flowing_sand")
    until(lambda: sign in slack.reactions)

    assert delivery.statuses == (200,)
    assert delivery.seconds < 1
    assert employee.heard() == []
    slow.go()
    assert "1 of about 4" in text(employee.answers(0))
    until(lambda: sign not in slack.reactions)


def test_a_slow_press_shows_a_sign_in_the_message(
    slack: FakeSlack, employee: Employee, slow: SlowActions
) -> None:
    (question,) = employee.says("should we outsource payroll?")
    slow.hold()
    slack.send(employee.press("Fixed steps, few exceptions"), "payload")
    until(lambda: "⏳ Fixed steps, few exceptions" in shown(question))
    assert titles(question) == []
    slow.go()

    until(lambda: "✓ Fixed steps, few exceptions" in shown(question))


def test_a_slow_command_says_that_it_takes_a_moment(
    slack: FakeSlack, employee: Employee, slow: SlowActions
) -> None:
    slow.hold()
    slack.send(
        slack.command(employee.id, slack.channel("CSLOW", employee.id), "payroll"), "command"
    )
    said = until(lambda: [m for m in slack.ephemeral if m["user"] == employee.id])
    assert said[0]["text"] == "One moment …"
    slow.go()

    until(lambda: [m for m in slack.ephemeral if m["user"] == employee.id][1:])


# --- the server


@contextmanager
def broken(server: Server, table: str) -> Iterator[None]:
    """Takes a table away from the server."""
    with closing(sqlite3.connect(server.database, isolation_level=None)) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO gone")
        yield
        database.execute(f"ALTER TABLE gone RENAME TO {table}")


def test_a_turn_that_fails_is_told_and_the_choices_stay(
    slack: FakeSlack, server: Server, employee: Employee
) -> None:
    (question,) = employee.says("should we outsource payroll?")
    before = titles(question)
    with broken(server, "events"):
        (apology,) = employee.presses("Fixed steps, few exceptions")

    assert "Sorry, something went wrong on my side (reference" in apology["text"]
    assert titles(question) == before
    assert "2 of about 4" in text(employee.presses("Fixed steps, few exceptions"))


def test_a_follow_up_waits_for_the_store(
    slack: FakeSlack, server: Server, employee: Employee
) -> None:
    employee.joins(slack.channel("CSTORE"))
    employee.says("@advisor should we outsource payroll?")
    with broken(server, "events"):
        slack.write(employee.place, employee.id, "the same every month", employee.thread)
        until(lambda: "an event waits for the store" in server.log)

    assert "2 of about 4" in text(employee.answers(1))


def test_what_cannot_be_taken_is_sent_again_by_slack(
    slack: FakeSlack, server: Server, employee: Employee
) -> None:
    (event,) = slack.say(employee.place, employee.id, "what is BPO?")
    with broken(server, "slack_seen"):
        assert slack.post(event) == 503
    assert slack.post(event, attempt=1) == 200

    assert "Business process outsourcing" in text(employee.answers(0))


def test_a_crash_in_mid_turn_loses_nothing(
    slack: FakeSlack, server: Server, employee: Employee, slow: SlowActions
) -> None:
    slow.hold()
    (event,) = slack.say(employee.place, employee.id, "should we outsource payroll?")
    assert slack.send(event).statuses == (200,)
    until(lambda: slow.waiting)
    server.stop(signal.SIGKILL)
    slow.go()
    server.start()

    answers = until(employee.heard, 60)
    assert len(answers) == 1
    assert "1 of about 4" in text(answers)


def test_a_stop_waits_for_the_turn_and_its_delivery(
    slack: FakeSlack, server: Server, employee: Employee, slow: SlowActions
) -> None:
    slow.hold()
    (event,) = slack.say(employee.place, employee.id, "should we outsource payroll?")
    slack.send(event)
    until(lambda: slow.waiting)
    assert server.process is not None
    server.process.send_signal(signal.SIGTERM)
    until(lambda: slack.post(slack.opened(employee.id, "home")) != 200)
    slow.go()

    assert server.process.wait(60) == 0
    assert "1 of about 4" in text(employee.heard())
    server.start()
    assert len(employee.place.messages_of(BOT_USER)) == 1
