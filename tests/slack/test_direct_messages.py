"""Direct messages: a whole case by buttons and by words."""

from __future__ import annotations

from tests.support.employee import Employee
from tests.support.fake_slack import titles


def test_a_question_is_answered_with_the_next_one(employee: Employee) -> None:
    (message,) = employee.says("should we outsource payroll?")

    assert message["text"].startswith("1 of about 4: Does the same calculation run each pay day")
    assert "Fixed steps, few exceptions" in titles(message)
    assert titles(message)[-1] == "Why do you ask?"
