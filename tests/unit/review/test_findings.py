"""What counts as gone wrong, and what counts as the same."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from bot.errors import BotError
from bot.review.findings import Kind
from tests.support.talk import DAY, HOUR, MINUTE, NOW, Talk
from tests.unit.review.conftest import Memory, conversation

Make = Callable[..., Memory]


def counts(memory: Memory, since: str = "7d") -> dict[str, int]:
    """How many there are of each kind that there is."""
    return {kind.value: n for kind, n in memory.review(since).counts().items() if n}


def test_what_was_not_understood_is_found_with_what_came_near(memory: Make) -> None:
    found = memory(Talk().answered("what is bpo").not_understood("who buys the laptops")).review()

    (group,) = found.groups
    assert group.kind is Kind.NOT_UNDERSTOOD
    assert group.title == "who buys the laptops"
    assert group.suggested == ("faq/cost", "faq/define_bpo")


def test_who_chose_a_meaning_was_asked_back_and_the_choice_is_suggested_first(memory: Make) -> None:
    talk = Talk().not_understood("begin from zero", near="faq/cost")
    talk.says("/restart", "restart", pressed=True).does("utter_restart").hears("All cleared.")

    (group,) = memory(talk).review().groups
    assert group.kind is Kind.ASKED_BACK
    assert group.suggested == ("restart", "faq/cost")


def test_none_of_these_is_not_a_meaning(memory: Make) -> None:
    talk = Talk().not_understood("begin from zero")
    talk.says("/out_of_scope", "out_of_scope", pressed=True).does("utter_out_of_scope")

    assert counts(memory(talk)) == {"not_understood": 1}


def test_the_same_question_again_is_asking_back(memory: Make) -> None:
    talk = Talk(NOW - MINUTE).begins("payroll")
    talk.says("well, you see", "inform").sets(topic="payroll").does("sourcing_form")
    talk.hears("I could not place that answer.")

    assert counts(memory(talk)) == {"asked_back": 1}


def test_an_interruption_or_an_answer_is_not_asking_back(memory: Make) -> None:
    talk = Talk(NOW - MINUTE).begins("payroll").answered("what is bpo")
    talk.answers("anyone can do it", "expertise", "sensitivity")

    assert counts(memory(talk)) == {}


def test_what_was_called_out_of_scope_is_found(memory: Make) -> None:
    assert counts(memory(Talk().says("any news on time zones", "out_of_scope"))) == {
        "turned_away": 1
    }


def test_a_thumbs_down_is_found_and_a_thumbs_up_is_not(memory: Make) -> None:
    talk = Talk().answered("what is bpo").rates("up").answered("and kpo", "faq/define_kpo")

    assert counts(memory(talk.rates("down"))) == {"rated_down": 1}


@pytest.mark.parametrize(("silence", "expected"), [(29 * MINUTE, 0), (31 * MINUTE, 1)])
def test_questions_left_for_half_an_hour_are_abandoned(
    memory: Make, silence: float, expected: int
) -> None:
    found = memory(Talk(NOW - silence).begins("payroll")).review().groups

    assert len(found) == expected
    assert all(g.title == "left at the question about standardization" for g in found)


def test_questions_that_led_to_advice_are_not_abandoned(memory: Make) -> None:
    assert counts(memory(Talk().begins("payroll").recommends("BPO"))) == {}


def test_similar_wordings_are_one_group_and_counted(memory: Make) -> None:
    said = ["who pays for laptops", "Who pays for laptops?", "who pays for the laptops of the team"]
    talk = Talk().not_understood("how long does it take")
    for text in said:
        talk.not_understood(text)

    largest, other = memory(talk).review().groups
    assert [(item.turn.text, n) for item, n in largest.wordings] == [(said[0], 2), (said[2], 1)]
    assert other.title == "how long does it take"


def test_bpo_and_kpo_are_never_the_same(memory: Make) -> None:
    talk = Talk().not_understood("what of bpo then").not_understood("what of kpo then")

    assert len(memory(talk).review().groups) == 2


def test_the_order_of_conversations_does_not_matter(memory: Make) -> None:
    talks = [Talk(NOW - n * HOUR).not_understood(f"who pays for laptop {n}") for n in range(1, 9)]
    groups = [(g.ref, g.title, len(g.items)) for g in memory(*talks).review().groups]
    store = memory(*talks)
    for seed in range(5):
        everything = store.conversations(0)
        random.Random(seed).shuffle(everything)
        shuffled = Memory(talks)
        shuffled.found = everything
        assert [(g.ref, g.title, len(g.items)) for g in shuffled.review().groups] == groups


def test_what_came_before_is_left_out_but_seen_around(memory: Make) -> None:
    talk = Talk(NOW - 8 * DAY).not_understood("old question")
    talk.events += Talk(NOW - DAY).not_understood("new question").events

    (group,) = memory(talk).review().groups
    assert group.title == "new question"
    assert [t.text for t in group.items[0].conversation.turns] == ["old question", "new question"]


@pytest.mark.parametrize("since", ["", "soon", "7", "-1d", "2026-13-01", "7 years", "99999d"])
def test_a_time_that_is_none_is_refused_in_words(memory: Make, since: str) -> None:
    with pytest.raises(BotError, match="is no time to begin at, use a length such as 7d"):
        memory().review(since)


@pytest.mark.parametrize("since", ["12h", "2w", "2026-03-30", " 30D "])
def test_times_are_lengths_or_dates(memory: Make, since: str) -> None:
    assert memory(Talk(NOW - HOUR).not_understood("a question")).review(since).groups


def test_personal_data_is_masked_in_all_that_is_read() -> None:
    talk = Talk().says("I am Anna Schmidt, anna@example.com", "should_outsource")
    talk.sets(topic="call +49 171 2345678").does("action_ask_back")
    title = {"title": "Should we outsource anna@example.com?", "payload": "/should_outsource"}
    talk.hears(
        "I don't know “anna@example.com” yet", title, {"title": "-", "payload": "/out_of_scope"}
    )
    talk.says("/should_outsource", "should_outsource", pressed=True)

    read = repr(conversation(talk, "anna@example.com"))
    assert "Anna" not in read
    assert "example.com" not in read
    assert "2345678" not in read
    assert "Should we outsource ⟨email⟩?" in read


def test_reminders_are_not_what_a_person_said(memory: Make) -> None:
    assert (
        memory(Talk().says("EXTERNAL: remind", "nlu_fallback").not_understood("hm"))
        .review()
        .counts()[Kind.NOT_UNDERSTOOD]
        == 1
    )
