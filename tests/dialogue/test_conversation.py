"""Whole conversations with the real server: what a person types and presses, what is replied."""

from __future__ import annotations

from typing import Any

import pytest

from bot.advice.loader import advice
from tests.support.server import Visitor, text, titles

ADVICE = advice()
QUESTION = " of about "


def recommendation(answer: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The recommendation that an answer carries, if any."""
    found = [line["custom"]["recommendation"] for line in answer if "custom" in line]
    return found[-1] if found else None


def test_ten_turns_with_a_typo_interruptions_a_correction_and_a_what_if(visitor: Visitor) -> None:
    answer = visitor.say("shoud we outsource our pairol?")
    assert "I take “pairol” as payroll." in text(answer)
    assert "1 of about 4" in text(answer)

    answer = visitor.say("mostly rules, a few exceptions")
    assert "2 of about" in text(answer)

    answer = visitor.say("what is BPO?")
    assert "Business process outsourcing" in text(answer)
    assert "2 of about" in text(answer)

    answer = visitor.say("why do you ask?")
    assert ADVICE.criteria["expertise"].why in text(answer)
    assert "2 of about" in text(answer)

    answer = visitor.say("a trained clerk with some experience")
    assert "3 of about" in text(answer)

    answer = visitor.say("just names and addresses")
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
    found = recommendation(answer)
    assert found["process"] == "payroll"
    assert found["outcome"] == "BPO"

    answer = visitor.say("actually it's highly confidential")
    assert "You changed data sensitivity" in text(answer)
    assert recommendation(answer)["answers"]["sensitivity"] == "high"

    answer = visitor.say("what if it needed lawyers?")
    assert "Your answers stay as they are" in text(answer)
    assert "between BPO and KPO" in text(answer)

    answer = visitor.say("compare payroll and legal research")
    assert "side by side" in text(answer)

    answer = visitor.say("give me a summary")
    file = answer[0]["custom"]["file"]
    assert file["name"] == "outsourcing-brief-payroll.md"
    assert "# Outsourcing brief: payroll" in file["text"]


@pytest.mark.parametrize(
    "interruption",
    [
        "what is KPO?",
        "why?",
        "thanks",
        "hello",
        "what can you do",
        "are you a robot",
        "how many questions left",
        "what's the weather in Paris",
        "asdf qwer zxcv",
        "/restart",
        '/inform{"expertise": "high"}',
        "compare payroll and legal research",
        "give me a summary",
        "what if the data were public?",
        "I want to talk to a human",
        "🙂",
        "maybe perhaps",
    ],
)
def test_an_interruption_is_answered_and_the_same_question_asked_again(
    visitor: Visitor, interruption: str
) -> None:
    visitor.say("should we outsource payroll?")
    question = text(visitor.say("it is all written down step by step")).splitlines()[-1]
    assert question.startswith("2" + QUESTION)

    answer = visitor.say(interruption)

    assert text(answer).splitlines()[-1] == question
    assert text(answer).strip() != question


@pytest.mark.parametrize(
    ("criterion", "said", "level"),
    [
        ("standardization", "mostly rules, a few exceptions", "partly"),
        ("standardization", "it's the same every month, we follow a checklist", "high"),
        ("standardization", "no two cases are alike", "low"),
        ("expertise", "needs a chartered accountant", "high"),
        ("expertise", "anyone can learn it in a week", "low"),
        ("expertise", "2", "medium"),
        ("sensitivity", "just names and addresses", "medium"),
        ("sensitivity", "nothing confidential at all", "low"),
        ("sensitivity", "medical records", "high"),
        ("sensitivity", "no idea", "unsure"),
    ],
)
def test_answers_in_free_text_are_understood(
    visitor: Visitor, criterion: str, said: str, level: str
) -> None:
    answer = visitor.say("should we outsource goat yoga?")
    for asked in ("standardization", "expertise", "sensitivity"):
        if asked == criterion:
            break
        answer = visitor.press("Not sure", answer)
    answer = visitor.say(said)
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
    assert recommendation(answer)["answers"][criterion] == level


def test_buttons_and_typed_titles_do_the_same(visitor: Visitor) -> None:
    answer = visitor.say("should we outsource bookkeeping?")
    pressed = visitor.press("Fixed steps, few exceptions", answer)
    back = visitor.say("go back")
    assert text(back).startswith("1" + QUESTION)
    typed = visitor.say("Fixed steps, few exceptions")
    assert text(typed) == text(pressed)


def test_what_was_told_with_the_question_is_not_asked(visitor: Visitor) -> None:
    answer = visitor.say("should we outsource our highly confidential payroll?")
    asked = text(answer)
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
        asked += text(answer)
    assert recommendation(answer)["answers"]["sensitivity"] == "high"
    assert ADVICE.processes["payroll"].ask.get("sensitivity", "no question") not in asked


def test_an_unknown_process_is_taken_as_said(visitor: Visitor) -> None:
    answer = visitor.say("thinking of outsourcing aura cleansing")
    assert "I don't know “aura cleansing” yet" in text(answer)
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
    assert recommendation(answer)["process"] is None
    assert recommendation(answer)["outcome"] == "NOT_YET"


def test_stopping_keeps_the_answers_and_continue_goes_on(visitor: Visitor) -> None:
    visitor.say("should we outsource payroll?")
    visitor.say("mostly rules, a few exceptions")
    assert "kept" in text(visitor.say("stop"))
    assert text(visitor.say("continue")).startswith("2" + QUESTION)


def test_starting_over_forgets_the_answers(visitor: Visitor) -> None:
    visitor.say("should we outsource payroll?")
    visitor.say("mostly rules, a few exceptions")
    visitor.say("start over")
    answer = visitor.say("should we outsource payroll?")
    assert text(answer).splitlines()[-1].startswith("1" + QUESTION)


def test_another_process_starts_again_and_shows_what_carries_over(visitor: Visitor) -> None:
    answer = visitor.say("should we outsource payroll to save money?")
    answer = visitor.say("change what you want most") if "goal" in text(answer) else answer
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
    visitor.say("actually we want to save money")
    answer = visitor.say("what about legal research?")
    assert "Carried over from before: what you want most" in text(answer)
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
    assert recommendation(answer)["process"] == "legal_research"
    assert recommendation(answer)["answers"]["goal"] == "cost"


def test_an_answer_can_be_changed_by_button(visitor: Visitor) -> None:
    answer = visitor.say("should we outsource payroll?")
    answer = visitor.press("Fixed steps, few exceptions", answer)
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
    answer = visitor.press("Change an answer", answer)
    answer = visitor.press("Standardization: Fixed steps, few exceptions", answer)
    answer = visitor.press("Every case is different", answer)
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
    assert "You changed standardization" in text(answer)
    assert recommendation(answer)["answers"]["standardization"] == "low"


def test_all_buttons_of_a_recommendation_do_something(visitor: Visitor) -> None:
    answer = visitor.say("should we outsource equity research?")
    while recommendation(answer) is None:
        answer = visitor.press("Not sure", answer)
    assert titles(answer) == [
        "Change an answer",
        "What if…",
        "Compare",
        "Checklist",
        "Summary",
        "Another process",
    ]
    for title in titles(answer):
        reply = text(visitor.press(title, answer))
        assert reply
        assert "went wrong" not in reply


def test_not_understood_offers_meanings_first_and_a_person_the_second_time(
    visitor: Visitor,
) -> None:
    first = visitor.say("bpo kpo vendor maybe stuff")
    assert "Did you mean" in text(first)
    assert 2 <= len(titles(first)) <= 4
    second = visitor.say("vendor maybe bpo then stuff kpo")
    assert "Talk to a person" in titles(second)


@pytest.mark.parametrize(
    "said", ["what's the weather tomorrow", "who won the football", "how do I bake bread"]
)
def test_out_of_scope_is_said_so(visitor: Visitor, said: str) -> None:
    assert "outside what I know" in text(visitor.say(said))


def test_never_more_than_six_questions_are_asked(visitor: Visitor) -> None:
    for process in ("payroll", "equity research", "content moderation", "tax preparation"):
        visitor.say("start over")
        answer = visitor.say(f"should we outsource {process}?")
        asked = 0
        while recommendation(answer) is None:
            asked += 1
            answer = visitor.press("Not sure", answer)
        assert 3 <= asked <= 6


@pytest.mark.parametrize("name", ["{0} %s \\ <b>", "naïve café 🥐", "ありがとう", "x" * 60])
def test_any_name_of_a_process_is_fine(visitor: Visitor, name: str) -> None:
    visitor.say("which process")
    answer = visitor.say(f"should we outsource {name}?")
    assert text(answer)
    assert "went wrong" not in text(answer)
