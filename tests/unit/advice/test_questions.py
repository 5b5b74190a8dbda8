"""Which questions are asked, and how many."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.loader import advice
from bot.advice.model import UNSURE, Case
from bot.advice.questions import next_question, open_questions, progress, wording
from bot.advice.verdict import decide

ADVICE = advice()
LEVELS = {c.id: [level.id for level in c.levels] for c in ADVICE.criteria.values()}
PROCESSES = [None, *ADVICE.processes.values()]


def ask_through(case, answer):
    """Answer every question with `answer(criterion)`; return the criteria asked, in order."""
    asked = []
    while (question := next_question(ADVICE, case)) is not None:
        asked.append(question.id)
        case = case.with_answers(**{question.id: answer(question)})
    return asked


def usual(process):
    return lambda question: process.defaults[question.id]


def unsure(_process):
    return lambda _question: UNSURE


def test_the_median_over_the_catalogue_is_at_most_four_questions_and_never_over_six():
    for answer in (usual, unsure):
        counts = [len(ask_through(Case(p.short, p), answer(p))) for p in ADVICE.processes.values()]
        assert statistics.median(counts) <= 4
        assert max(counts) <= 6


@given(st.sampled_from(PROCESSES), st.data())
def test_whatever_is_answered_at_most_six_are_asked_each_once_the_three_main_ones_first(
    process, data
):
    asked = ask_through(
        Case("x", process), lambda q: data.draw(st.sampled_from([*LEVELS[q.id], UNSURE]))
    )
    assert asked[:3] == ["standardization", "expertise", "sensitivity"]
    assert len(asked) == len(set(asked)) <= 6


@given(st.sampled_from(PROCESSES), st.data())
def test_no_question_is_left_that_alone_could_change_the_outcome(process, data):
    case = Case("x", process)
    while (question := next_question(ADVICE, case)) is not None:
        level = data.draw(st.sampled_from(LEVELS[question.id]))
        case = case.with_answers(**{question.id: level})
    outcome = decide(ADVICE, case).outcome
    for criterion, levels in LEVELS.items():
        if criterion not in case.answers:
            for level in levels:
                assert decide(ADVICE, case.with_answers(**{criterion: level})).outcome is outcome


def test_what_was_told_at_the_start_is_not_asked_again():
    case = Case("payroll", ADVICE.processes["payroll"], {"sensitivity": "high"})
    assert "sensitivity" not in [q.id for q in open_questions(ADVICE, case)]


def test_progress_counts_the_open_question_after_the_answered_ones():
    case = Case("payroll", ADVICE.processes["payroll"], {"standardization": "high"})
    place = progress(ADVICE, case)
    assert place.number == 2
    assert place.number <= place.total <= 6


@pytest.mark.parametrize("process", ADVICE.processes.values(), ids=lambda p: p.id)
def test_every_question_reads_well_for_every_process(process):
    for criterion in ADVICE.criteria.values():
        question = wording(criterion, Case(process.short, process))
        assert question.endswith("?")
        assert "{" not in question
        assert len(question) <= 160
