"""The command, the shortcut, the App Home and the suggestions."""

from __future__ import annotations

import pytest

from tests.support.employee import Employee, shown
from tests.support.fake_slack import (
    BOT_USER,
    Body,
    Channel,
    FakeSlack,
    Message,
    titles,
)
from tests.support.until import until


@pytest.fixture
def channel(slack: FakeSlack, employee: Employee) -> Channel:
    """A channel that the employee is in."""
    return slack.channel("CCOMMAND", employee.id)


def whispered(slack: FakeSlack, user: str, count: int = 1) -> list[Message]:
    """Waits for so many messages for somebody's eyes only, and gives them."""
    return until(
        lambda: (
            [m for m in slack.ephemeral if m["user"] == user][count - 1 :]
            and [m for m in slack.ephemeral if m["user"] == user]
        )
    )


def becomes(message: Message, words: str) -> None:
    """Waits until a message says something else."""
    until(lambda: words in message["text"])


def test_the_command_answers_for_ones_own_eyes(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    assert slack.send(slack.command(employee.id, channel, "payroll"), "command").statuses == (200,)
    (question,) = whispered(slack, employee.id)

    assert question["text"].startswith("1 of about 4")
    assert channel.messages_of(BOT_USER) == []


def test_a_case_by_the_command_changes_in_place(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    slack.send(slack.command(employee.id, channel, "payroll"), "command")
    (message,) = whispered(slack, employee.id)
    for title, words in (
        ("Why do you ask?", "1 of about 4"),
        ("Fixed steps, few exceptions", "2 of about 4"),
        ("Experience in the field", "3 of about 4"),
        ("Personal or financial data", "4 of about 4"),
        ("No, it just has to be done", "Payroll: BPO (sure)"),
    ):
        slack.send(slack.press(employee.id, message, title), "payload")
        until(lambda: f"✓ {title}" in shown(message))  # noqa: B023 (waited for here)
        assert words in message["text"]
    slack.send(slack.press(employee.id, message, "Checklist"), "payload")
    _, checklist = whispered(slack, employee.id, 2)
    slack.send(slack.press(employee.id, checklist, "Summary"), "payload")
    *_, brief = whispered(slack, employee.id, 3)

    assert checklist["text"].startswith("Checklist for payroll")
    assert "*Outsourcing brief: payroll*" in shown(brief)
    assert "*What would change it*" in shown(brief)
    assert channel.messages_of(BOT_USER) == []


def test_the_command_in_a_direct_message_with_a_colleague_is_for_ones_own_eyes(
    slack: FakeSlack, employee: Employee
) -> None:
    colleague = slack.channel("DCOLLEAGUE", employee.id, "U0COLLEAGUE", kind="im")
    colleague.members.discard(BOT_USER)
    slack.send(slack.command(employee.id, colleague, "payroll"), "command")

    (question,) = whispered(slack, employee.id)
    assert question["text"].startswith("1 of about 4")


def test_the_command_with_another_process_begins_another_case(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    slack.send(slack.command(employee.id, channel, "payroll"), "command")
    (payroll,) = whispered(slack, employee.id)
    slack.send(slack.command(employee.id, channel, "legal research"), "command")
    *_, question = whispered(slack, employee.id, 2)
    assert "could not place" not in question["text"]

    # The question before can no longer be answered: it would count for the other case.
    slack.send(slack.press(employee.id, payroll, "Fixed steps, few exceptions"), "payload")
    *_, notice = whispered(slack, employee.id, 3)
    assert "no longer on offer" in notice["text"]


@pytest.mark.parametrize("words", ["What is BPO?", "thanks", "hello!"])
def test_what_is_no_process_is_not_taken_for_one(
    slack: FakeSlack, employee: Employee, channel: Channel, words: str
) -> None:
    slack.send(slack.command(employee.id, channel, words), "command")

    (answer,) = whispered(slack, employee.id)
    assert "I don't know" not in answer["text"]
    assert "not sure that I understood" not in answer["text"]


def test_a_question_of_the_command_can_be_answered_in_words(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    for number, words in enumerate(("payroll", "mostly rules, some exceptions", "help"), start=1):
        slack.send(slack.command(employee.id, channel, words), "command")
        whispered(slack, employee.id, number)
    first, second, third = whispered(slack, employee.id)

    assert "Only you see this. To answer in words, type `/outsource`" in first["text"]
    assert second["text"].startswith("2 of about")
    assert third["text"].startswith("I tell you whether to outsource a process")


def test_the_command_in_public_starts_a_thread(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    slack.send(slack.command(employee.id, channel, "public payroll"), "command")
    root, question = until(lambda: channel.messages_of(BOT_USER)[1:] and channel.messages)[-2:]

    assert root["text"] == f"<@{employee.id}> asks: outsource payroll"
    assert question["thread_ts"] == root["ts"]
    employee.joins(channel).thread = root["ts"]
    (answer,) = employee.says("the same calculation every month")
    assert "2 of about 4" in answer["text"]


def test_in_a_channel_that_the_bot_is_not_in_the_command_says_so(
    slack: FakeSlack, employee: Employee
) -> None:
    elsewhere = slack.channel("CELSEWHERE", employee.id)
    elsewhere.members.discard(BOT_USER)
    slack.send(slack.command(employee.id, elsewhere, "public payroll"), "command")
    (notice,) = whispered(slack, employee.id)
    assert "Invite me to it first" in notice["text"]

    slack.send(slack.command(employee.id, elsewhere, "payroll"), "command")
    *_, question = whispered(slack, employee.id, 2)
    assert question["text"].startswith("1 of about 4")


def test_the_command_alone_asks_for_the_process(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    slack.send(slack.command(employee.id, channel, ""), "command")
    (question,) = whispered(slack, employee.id)

    assert question["text"].startswith("Which process is it about?")


def test_the_command_in_direct_messages_goes_on_there(slack: FakeSlack, employee: Employee) -> None:
    slack.send(slack.command(employee.id, employee.place, "payroll"), "command")
    until(employee.heard)
    (answer,) = employee.says("the same calculation every month")

    assert "2 of about 4" in answer["text"]


def test_the_shortcut_works_a_message_out_in_direct_messages(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    said = slack.write(channel, "U0BOSS", "We spend days on payroll runs & <nobody> cares")
    slack.send(slack.shortcut(employee.id, channel, said), "payload")
    (pointer,) = whispered(slack, employee.id)
    root = until(employee.heard)[0]
    employee.thread = root["ts"]
    question = employee.waits_for(lambda m: "1 of about 4" in m["text"])

    assert "in our direct messages" in pointer["text"]
    assert "> We spend days on payroll runs &amp; &lt;nobody&gt; cares" in root["text"]
    assert question["thread_ts"] == root["ts"]
    assert "2 of about 4" in employee.presses("Fixed steps, few exceptions")[0]["text"]
    assert "3 of about 4" in employee.says("experienced people")[0]["text"]


def test_the_shortcut_on_a_picture_says_that_there_are_no_words(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    said = slack.write(channel, "U0BOSS", "", subtype="file_share", files=[{"id": "F"}])
    slack.send(slack.shortcut(employee.id, channel, said), "payload")

    (notice,) = whispered(slack, employee.id)
    assert "no words" in notice["text"]


def test_the_home_tells_what_it_does_and_starts(slack: FakeSlack, employee: Employee) -> None:
    slack.send(slack.opened(employee.id, "home"))
    view = until(lambda: slack.homes.get(employee.id))
    assert "None yet" in shown(view)

    slack.send(slack.start_press(employee.id, 1), "payload")
    (question,) = until(employee.heard)
    assert question["text"].startswith("1 of about 4")


def test_the_home_shows_the_last_recommendation(
    slack: FakeSlack, employee: Employee, channel: Channel
) -> None:
    slack.send(slack.command(employee.id, channel, "payroll"), "command")
    (message,) = whispered(slack, employee.id)
    for number in range(2, 5):
        slack.send(slack.press(employee.id, message, "Not sure"), "payload")
        becomes(message, f"{number} of about")
    slack.send(slack.press(employee.id, message, "Not sure"), "payload")
    becomes(message, "Payroll: BPO")
    slack.send(slack.opened(employee.id, "home"))
    view = until(lambda: slack.homes.get(employee.id))

    assert "Payroll: BPO" in shown(view)
    assert titles(view)[0] == "Work out my case"


def test_suggestions_stand_above_the_messages(slack: FakeSlack, employee: Employee) -> None:
    slack.send(slack.opened(employee.id, "messages"))
    prompts = until(lambda: slack.prompts.get(employee.place.id))["prompts"]

    assert 1 <= len(prompts) <= 4
    for prompt in prompts:
        (answer, *_) = employee.says(prompt["message"])
        assert "did not understand" not in answer["text"]


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (
            {"type": "block_actions", "actions": [{"action_id": "gone", "type": "button"}]},
            "payload",
        ),
        ({"type": "view_submission", "view": {"type": "modal", "callback_id": "gone"}}, "payload"),
        ({"type": "view_closed", "view": {"callback_id": "gone"}}, "payload"),
        ({"type": "shortcut", "callback_id": "gone"}, "payload"),
        ({"type": "message_action", "callback_id": "gone"}, "payload"),
        ({"type": "block_suggestion", "action_id": "gone", "value": "x"}, "payload"),
        ({"command": "/gone", "text": "x"}, "command"),
    ],
)
def test_what_is_not_known_is_acknowledged(slack: FakeSlack, body: Body, form: str) -> None:
    known = {"team_id": "T0TEAM", "user_id": "U1", "trigger_id": slack.now()}
    more = (
        known
        if form == "command"
        else {"team": {"id": "T0TEAM"}, "user": {"id": "U1"}, "trigger_id": slack.now()}
    )

    assert slack.send({**body, **more}, form).statuses == (200,)
