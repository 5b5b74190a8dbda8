"""Channels and threads: mentions, follow-ups, two people in one thread, and who is ignored."""

from __future__ import annotations

import itertools

import pytest

from tests.slack.conftest import idle
from tests.support.employee import Employee, shown, text
from tests.support.fake_slack import BOT_ID, BOT_USER, Body, Channel, FakeSlack, Fault, titles
from tests.support.server import Server
from tests.support.until import until

_numbers = itertools.count(1)


@pytest.fixture
def channel(slack: FakeSlack) -> Channel:
    """A channel that nobody has used."""
    return slack.channel(f"C{next(_numbers)}ROOM")


@pytest.fixture
def ann(slack: FakeSlack, channel: Channel) -> Employee:
    """Somebody in that channel."""
    return Employee(slack).joins(channel)


@pytest.fixture
def ben(slack: FakeSlack, channel: Channel) -> Employee:
    """Somebody else there."""
    return Employee(slack).joins(channel)


def test_a_mention_is_answered_in_a_thread(ann: Employee, channel: Channel) -> None:
    (answer,) = ann.says("@advisor should we outsource payroll?")

    assert answer["thread_ts"] == channel.messages[0]["ts"]
    assert answer["text"].startswith(f"<@{ann.id}> 1 of about 4")
    assert shown(answer).startswith(f"For <@{ann.id}>")


def test_a_remark_to_a_colleague_in_the_thread_is_left_alone(
    slack: FakeSlack, server: Server, ann: Employee, ben: Employee, channel: Channel
) -> None:
    ann.says("@advisor should we outsource payroll?")
    slack.write(channel, ann.id, f"@{ben.id} can you check the contract?", ann.thread)
    idle(slack, server)

    assert len(channel.messages_of(BOT_USER)) == 1


def test_a_follow_up_in_the_thread_needs_no_mention(ann: Employee) -> None:
    ann.says("@advisor should we outsource payroll?")
    (answer,) = ann.says("the same calculation every month")

    assert "2 of about 4" in answer["text"]


def test_a_press_in_a_thread_goes_on_with_it(ann: Employee) -> None:
    ann.says("@advisor should we outsource payroll?")
    (answer,) = ann.presses("Fixed steps, few exceptions")

    assert "2 of about 4" in answer["text"]


def test_what_people_say_to_each_other_is_left_alone(
    slack: FakeSlack, server: Server, ann: Employee, ben: Employee, channel: Channel
) -> None:
    ann.says("@advisor should we outsource payroll?")
    slack.write(channel, ben.id, "the same calculation every month", ann.thread)
    slack.write(channel, ben.id, "should we outsource payroll?")
    slack.write(channel, ann.id, "should we outsource legal research?")
    idle(slack, server)

    assert len(channel.messages_of(BOT_USER)) == 1


def test_two_people_in_one_thread_each_give_their_own_answers(
    slack: FakeSlack, ann: Employee, ben: Employee
) -> None:
    ann.says("@advisor should we outsource payroll?")
    ben.thread = ann.thread
    (bens,) = ben.says("@advisor should we outsource legal research?")
    assert f"<@{ben.id}> 1 of about" in bens["text"]

    (anns,) = ann.says("the same calculation every month")
    assert f"<@{ann.id}> 2 of about" in anns["text"]
    (bens,) = ben.says("every case is different")
    assert f"<@{ben.id}> 2 of about" in bens["text"]
    assert "clerical training, payroll experience" in anns["text"]
    assert "payroll" not in bens["text"]


def test_one_persons_answer_leaves_anothers_question_in_the_same_message(
    slack: FakeSlack, server: Server, ann: Employee, ben: Employee, channel: Channel
) -> None:
    root = slack.write(channel, "U0BOSS", "payroll costs us a fortune")
    ann.thread = ben.thread = root["ts"]
    # Told to wait, the two answers go out as one.
    slack.faults["chat.postMessage"] = [Fault(429, retry_after=1)]
    for person in (ann, ben):
        slack.write(channel, person.id, "@advisor should we outsource payroll?", root["ts"])
    idle(slack, server)
    (both,) = ann.heard()
    ann.says("the same calculation every month")
    idle(slack, server)

    assert titles(both).count("Not sure") == 1
    assert "2 of about 4" in text(ben.presses("Fixed steps, few exceptions", both))


def test_somebody_elses_choices_cannot_be_pressed(
    slack: FakeSlack, ann: Employee, ben: Employee, channel: Channel
) -> None:
    (question,) = ann.says("@advisor should we outsource payroll?")
    slack.send(slack.press(ben.id, question, "Fixed steps, few exceptions"), "payload")
    notice = until(lambda: next((m for m in slack.ephemeral if m["user"] == ben.id), None))

    assert "These choices are for somebody else's case" in notice["text"]
    assert len(ann.heard()) == 1
    (answer,) = ann.presses("Fixed steps, few exceptions")
    assert "2 of about 4" in answer["text"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1), (1, 1, 0), (0, 0, 1)])
def test_a_mention_comes_as_two_events_and_is_answered_once(
    slack: FakeSlack, server: Server, ann: Employee, channel: Channel, order: tuple[int, ...]
) -> None:
    events = slack.say(channel, ann.id, "@advisor should we outsource payroll?")
    for number in order:
        slack.send(events[number])
    idle(slack, server)

    assert len(channel.messages_of(BOT_USER)) == 1


def test_a_bare_mention_is_greeted(ann: Employee) -> None:
    assert "Hello! I work out" in text(ann.says("@advisor"))


def test_a_thread_that_others_began_can_be_joined(
    slack: FakeSlack, ann: Employee, ben: Employee, channel: Channel
) -> None:
    root = slack.write(channel, ben.id, "payroll costs us a fortune")
    ann.thread = root["ts"]
    (answer,) = ann.says("@advisor should we outsource payroll?")

    assert answer["thread_ts"] == root["ts"]


def events_of_no_concern(slack: FakeSlack, channel: Channel, user: str) -> list[Body]:
    base = {"type": "message", "channel": channel.id, "channel_type": channel.kind}
    said = {**base, "user": user, "text": f"<@{BOT_USER}> should we outsource payroll?"}
    return [
        {**said, "ts": slack.now(), "bot_id": "B0OTHER", "subtype": "bot_message"},
        {**said, "ts": slack.now(), "bot_id": "B0OTHER", "type": "app_mention"},
        {**said, "ts": slack.now(), "bot_id": BOT_ID, "user": BOT_USER},
        {**base, "ts": slack.now(), "subtype": "message_changed", "message": said, "hidden": True},
        {**base, "ts": slack.now(), "subtype": "message_deleted", "deleted_ts": "1.1"},
        {**said, "ts": slack.now(), "subtype": "channel_join"},
        {**said, "ts": slack.now(), "subtype": "channel_topic"},
        {**base, "ts": slack.now(), "text": "no user"},
        {"type": "reaction_added", "user": user, "reaction": "thumbsup"},
        {"type": "tokens_revoked", "tokens": {"bot": ["x"]}},
    ]


@pytest.mark.parametrize("kind", ["channel", "im"])
def test_bots_edits_and_joins_are_acknowledged_and_ignored(
    slack: FakeSlack, server: Server, kind: str
) -> None:
    other = Employee(slack)
    place = slack.direct(other.id) if kind == "im" else slack.channel("CNOISE", other.id)
    for event in events_of_no_concern(slack, place, other.id):
        assert slack.send(slack.event(event)).statuses == (200,)
    idle(slack, server)

    assert place.messages_of(BOT_USER) == []


def test_two_bots_that_answer_each_other_do_not_go_on_for_ever(
    slack: FakeSlack, server: Server, ann: Employee, channel: Channel
) -> None:
    (answer,) = ann.says("@advisor should we outsource payroll?")
    for _ in range(5):
        echo = {"type": "message", "channel": channel.id, "channel_type": "channel"}
        reply = {**echo, "user": "U0OTHERBOT", "bot_id": "B0OTHER", "text": answer["text"]}
        slack.send(slack.event({**reply, "ts": slack.now(), "thread_ts": ann.thread}))
    idle(slack, server)

    assert len(channel.messages_of(BOT_USER)) == 1


def test_a_direct_message_is_one_conversation_also_from_a_thread(
    slack: FakeSlack, employee: Employee
) -> None:
    (question,) = employee.says("should we outsource payroll?")
    employee.thread = question["ts"]
    (answer,) = employee.says("the same calculation every month")

    assert "2 of about 4" in answer["text"]
    assert answer["thread_ts"] == question["ts"]
    (third,) = employee.presses("Experience in the field")
    assert "3 of about 4" in third["text"]


def test_a_thread_that_a_person_starts_in_direct_messages_is_a_conversation_of_its_own(
    slack: FakeSlack, employee: Employee
) -> None:
    employee.says("should we outsource payroll?")
    root = slack.write(employee.place, employee.id, "thank you")
    employee.waits_for(lambda m: "welcome" in m["text"])
    employee.thread = root["ts"]
    (answer,) = employee.says("the same calculation every month")

    assert "2 of about 4" not in answer["text"]
