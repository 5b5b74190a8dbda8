"""The figures of the week."""

from __future__ import annotations

from bot.review.data import of_figures
from bot.review.figures import Figures, figures
from tests.support.talk import DAY, NOW, Talk
from tests.unit.review.conftest import conversation


def week(*talks: Talk) -> Figures:
    """The figures of the seven days before now."""
    return figures([conversation(t, str(n)) for n, t in enumerate(talks)], NOW - 7 * DAY, NOW)


def test_they_count_what_came_of_the_conversations() -> None:
    found = week(
        Talk().begins("payroll").recommends("BPO").answered("thanks").rates("up"),
        Talk().begins("payroll").begins("legal_research").recommends("KPO").rates("up"),
        Talk().begins("payroll").not_understood("hm hm"),
        Talk().answered("what is bpo").rates("down"),
    )

    assert found.conversations == 4
    assert str(found.understood) == "89 % (8 of 9)"
    assert str(found.finished) == "67 % (2 of 3)"
    assert str(found.satisfied) == "67 % (2 of 3)"
    assert dict(found.outcomes) == {"BPO": 1, "KPO": 1}
    assert found.processes == (("payroll", 3), ("legal_research", 1))


def test_presses_are_not_counted_as_understood() -> None:
    talk = Talk().not_understood("begin from zero").says("/restart", "restart", pressed=True)

    assert str(week(talk).understood) == "0 % (0 of 1)"


def test_only_the_last_advice_on_a_process_counts() -> None:
    talk = Talk().begins("payroll").recommends("BPO").recommends("BETWEEN")

    assert week(talk).outcomes == (("BETWEEN", 1),)


def test_days_without_conversations_are_shown() -> None:
    found = week(Talk(NOW - 2 * DAY).answered("what is bpo"), Talk(NOW - 9 * DAY).answered("old"))

    assert [day.date[-5:] for day in found.days] == [
        f"03-{d}" for d in (24, 25, 26, 27, 28, 29, 30, 31)
    ]
    assert [day.conversations for day in found.days] == [0, 0, 0, 0, 0, 1, 0, 0]
    assert found.conversations == 1


def test_nothing_is_not_zero_percent() -> None:
    found = week()

    assert str(found.understood) == str(found.finished) == str(found.satisfied) == "none yet"
    assert of_figures(found)["understood"] == {"part": 0, "whole": 0, "percent": None}
