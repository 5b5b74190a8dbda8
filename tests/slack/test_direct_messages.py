"""Direct messages: a whole case by buttons and by words."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.slack.conftest import idle
from tests.support.employee import Employee, shown, text
from tests.support.fake_slack import FakeSlack, titles
from tests.support.server import ROOT, Server
from tests.support.until import until


def test_a_question_is_answered_with_the_next_one(employee: Employee) -> None:
    (message,) = employee.says("should we outsource payroll?")

    assert message["text"].startswith("1 of about 4: Does the same calculation run each pay day")
    assert "Fixed steps, few exceptions" in titles(message)
    assert titles(message)[-1] == "Why do you ask?"


def test_a_case_by_buttons(employee: Employee) -> None:
    employee.says("should we outsource payroll?")
    employee.presses("Fixed steps, few exceptions")
    employee.presses("Experience in the field")
    employee.presses("Personal or financial data")
    (advice,) = employee.presses("No, it just has to be done")

    assert "Payroll: BPO (sure)" in advice["text"]
    header = next(block for block in advice["blocks"] if block["type"] == "header")
    assert header["text"]["text"] == "Payroll: BPO"
    fields = next(block["fields"] for block in advice["blocks"] if "fields" in block)
    assert "*Expertise*\nExperience in the field (+15 of 30)" in {f["text"] for f in fields}
    assert "`BPO ─●──────── KPO`  15 of 100, sure" in shown(advice)
    assert titles(advice)[0] == "Change an answer"

    # Of several offers only the pressed one gives way.
    (checklist,) = employee.presses("Checklist")
    assert checklist["text"].startswith("Checklist for payroll")
    assert titles(advice) == [
        "Change an answer",
        "What if…",
        "Compare",
        "Summary",
        "Another process",
    ]
    assert "✓ Checklist" in shown(advice)


def test_a_case_in_words(employee: Employee) -> None:
    employee.says("shoud we outsorce our payrol?")
    employee.says("the same calculation every month")
    (answer, *_) = employee.says("what is KPO?")
    assert "Knowledge process outsourcing" in answer["text"]
    employee.says("experienced people")
    employee.says("salaries and bank details")
    (advice,) = employee.says("not really")

    assert "Payroll: BPO (sure)" in advice["text"]
    (changed,) = employee.says("actually it's highly confidential")
    assert changed["text"].startswith("You changed data sensitivity")
    assert shown(changed).startswith("You changed data sensitivity")


def test_a_pressed_button_gives_way_to_the_choice(slack: FakeSlack, employee: Employee) -> None:
    (question,) = employee.says("should we outsource payroll?")
    employee.presses("Fixed steps, few exceptions")

    assert titles(question) == []
    assert "✓ Fixed steps, few exceptions" in shown(question)
    assert "✓ Fixed steps, few exceptions" in question["text"]
    assert "Does the same calculation" in question["text"]


def test_a_question_that_is_answered_in_words_looks_answered(employee: Employee) -> None:
    (question,) = employee.says("should we outsource payroll?")
    employee.says("the same calculation every month")

    until(lambda: titles(question) == [])
    assert "Does the same calculation" in question["text"]


def test_why_is_told_in_the_message_that_asks(slack: FakeSlack, employee: Employee) -> None:
    (question,) = employee.says("should we outsource payroll?")
    before = titles(question)
    slack.send(employee.press("Why do you ask?"), "payload")

    until_changed = employee.waits_for(lambda m: m.get("edited"))
    assert until_changed is question
    assert titles(question) == before[:-1]
    assert "•" in shown(question)
    assert len(employee.heard()) == 1
    employee.presses("Fixed steps, few exceptions")
    assert len(employee.heard()) == 2


def test_a_summary_is_a_file(slack: FakeSlack, employee: Employee) -> None:
    employee.says("should we outsource payroll?")
    employee.says("fixed steps, trained clerks, personal data, not core")
    (brief, *_) = employee.says("give me a summary")
    file = until(lambda: slack.file_in(employee.place))

    assert file["name"] == "outsourcing-brief-payroll.md"
    assert file["content"].decode().startswith("# Outsourcing brief: payroll")
    assert "*What would change it*" in brief["text"]
    assert "|---|" not in brief["text"]
    assert "The whole of it is in the file" in shown(brief)


def test_a_novel_is_not_taken(employee: Employee) -> None:
    assert "Write at most 2,000 characters" in text(employee.says("x" * 2_001))


def test_a_forgotten_conversation_leaves_nothing(server: Server, employee: Employee) -> None:
    employee.says("should we outsource zebrafish?")
    idle(employee.slack, server)
    conversation = f"slack-{employee.team}-{employee.place.id}-direct-{employee.id}"
    command = [sys.executable, "-m", "bot", "forget", conversation]
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{server.database}"}
    subprocess.run(command, cwd=ROOT, env=env, check=True, timeout=60)

    def is_left() -> bool:
        files = server.folder.glob("conversations.db*")
        return any(b"zebrafish" in file.read_bytes() for file in files)

    # The server reads now and then, which puts off emptying the write-ahead log.
    until(lambda: not is_left())
    assert "2 of about" not in text(employee.says("the same calculation every month"))


def test_what_is_typed_is_no_command(employee: Employee) -> None:
    employee.says("should we outsource payroll?")
    answer = text(employee.says("/restart"))

    assert "Commands that start with “/” do not work here" in answer
    assert "1 of about 4" in answer


def test_markup_is_read_and_written(employee: Employee) -> None:
    (answer,) = employee.says("should we outsource aura <cleansing> & more?")

    assert "I don't know “aura &lt;cleansing&gt; &amp; more” yet" in answer["text"]
    assert "“aura &lt;cleansing&gt; &amp; more”" in shown(answer)


def test_an_offer_pressed_twice_is_carried_out_once(
    slack: FakeSlack, server: Server, employee: Employee
) -> None:
    employee.says("should we outsource payroll?")
    for _ in range(4):
        employee.presses("Not sure")
    presses = [employee.press("Checklist") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda press: slack.post(press, "payload"), presses))
    idle(slack, server)

    assert text(employee.heard()).count("Checklist for payroll") == 1
