"""Reading what a message says about the case."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.loader import advice
from bot.advice.model import UNSURE
from bot.conversation.heard import Heard, read

ADVICE = advice()


def heard(text: str, intent: str = "inform", **more: Any) -> Heard:
    return Heard(text, intent, **more)


def reading(criterion: str, level: str, confidence: float, share: float) -> dict[str, Any]:
    return {"criterion": criterion, "level": level, "confidence": confidence, "share": share}


@pytest.mark.parametrize("criterion", ADVICE.criteria.values(), ids=lambda c: c.id)
def test_titles_numbers_and_short_words_answer_the_open_question(criterion):
    for place, level in enumerate(criterion.levels, start=1):
        for said in (level.title, level.title.upper(), str(place), *level.short):
            answers = read(ADVICE, heard(said, "nlu_fallback"), criterion.id).answers
            assert answers == {criterion.id: level.id}, said


@pytest.mark.parametrize("said", ["not sure", "no idea", "dunno", "skip", "I don't know"])
def test_not_knowing_is_an_answer_too(said):
    assert read(ADVICE, heard(said, "out_of_scope"), "expertise").answers == {"expertise": UNSURE}


def test_the_open_question_decides_what_a_vague_answer_is_about():
    vague = (reading("standardization", "low", 0.3, 0.6), reading("expertise", "high", 0.25, 0.8))
    said = heard("quite demanding", readings=vague)
    assert read(ADVICE, said, "expertise").answers == {"expertise": "high"}
    assert read(ADVICE, said, "standardization").answers == {"standardization": "low"}


def test_a_sure_answer_to_another_question_is_not_taken_for_the_open_one():
    said = heard(
        "medical records",
        entities=({"entity": "sensitivity", "value": "high", "confidence_entity": 0.9},),
        readings=(
            reading("sensitivity", "high", 0.9, 0.95),
            reading("expertise", "high", 0.13, 0.9),
        ),
    )
    assert read(ADVICE, said, "expertise").answers == {"sensitivity": "high"}


def test_an_interruption_answers_nothing():
    said = heard("what is BPO", "faq", readings=(reading("expertise", "high", 0.6, 0.9),))
    assert read(ADVICE, said, "expertise").empty


def test_words_meant_as_an_answer_but_not_read_are_reported():
    assert read(ADVICE, heard("perhaps"), "authority").missed
    assert not read(ADVICE, heard("what is BPO", "faq"), "authority").missed


def test_a_name_is_taken_as_the_process_while_that_is_asked():
    said = read(ADVICE, heard("our dog grooming", "out_of_scope", confidence=0.4), "process")
    assert said.process == "dog grooming"


@pytest.mark.parametrize("intent", ["stop", "help", "restart", "why_ask", "talk_to_person"])
def test_steering_words_are_no_process(intent):
    assert read(ADVICE, heard("please", intent), "process").process is None


def test_a_mention_in_an_answer_does_not_switch_the_process():
    said = heard(
        "software developers",
        "process_only",
        entities=({"entity": "process", "value": "software_development"},),
    )
    assert read(ADVICE, said, "expertise").process is None


def test_levels_that_do_not_exist_are_ignored():
    said = heard("x", entities=({"entity": "expertise", "value": "divine"},))
    assert read(ADVICE, said, None).empty


@given(
    st.text(max_size=80),
    st.sampled_from(["inform", "faq", "nlu_fallback", "should_outsource", "", "deny"]),
    st.sampled_from([None, "process", *ADVICE.criteria]),
)
def test_any_text_is_read_without_failing_and_only_real_levels_come_out(text, intent, question):
    said = read(ADVICE, heard(text, intent), question)
    for criterion, level in said.answers.items():
        assert level == UNSURE or ADVICE.criteria[criterion].level(level)


@pytest.mark.parametrize("said", ["bookkeeping instead", "no wait, bookkeeping instead"])
def test_a_process_with_instead_is_a_change_of_subject(said):
    entity = {"entity": "process", "value": "bookkeeping", "start": 0, "end": 11}
    found = read(ADVICE, heard(said, "change_answer", entities=(entity,)), "expertise")
    assert found.process == "bookkeeping"


@pytest.mark.parametrize("said", ["this is not our core", "chnage an anwser"])
def test_a_sentence_is_no_name_of_a_process(said):
    assert read(ADVICE, heard(said, "nlu_fallback", confidence=0.3), "process").process is None
