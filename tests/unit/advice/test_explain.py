"""Explanations: true, nearest, and about what was really said."""

from hypothesis import given
from hypothesis import strategies as st

from bot.advice.brief import brief
from bot.advice.compare import compare
from bot.advice.explain import assumptions, changed, flip, reasons
from bot.advice.loader import advice
from bot.advice.model import UNSURE, Case, Outcome
from bot.advice.recommend import recommend
from bot.advice.usecases import closest
from bot.advice.verdict import decide

ADVICE = advice()
LEVELS = {c.id: [level.id for level in c.levels] for c in ADVICE.criteria.values()}
PROCESSES = [None, *ADVICE.processes.values()]


@st.composite
def cases(draw):
    process = draw(st.sampled_from(PROCESSES))
    answers = draw(
        st.fixed_dictionaries(
            {}, optional={c: st.sampled_from([*ls, UNSURE]) for c, ls in LEVELS.items()}
        )
    )
    name = process.short if process else draw(st.text(min_size=1, max_size=40))
    return Case(name, process, answers)


@given(cases())
def test_a_flip_leads_where_it_says_and_no_smaller_change_does(case):
    found, outcome = flip(ADVICE, case), decide(ADVICE, case).outcome
    singles = [
        decide(ADVICE, case.with_answers(**{c: level})).outcome
        for c, levels in LEVELS.items()
        for level in levels
    ]
    if found is None:
        assert set(singles) == {outcome}
        return
    assert decide(ADVICE, case.with_answers(**dict(found.changes))).outcome is found.outcome
    assert found.outcome is not outcome
    if len(found.changes) > 1:
        assert set(singles) == {outcome}


@given(cases())
def test_only_what_was_not_said_is_called_assumed(case):
    said = {c for c, level in case.answers.items() if level != UNSURE}
    assumed = {a.criterion for a in assumptions(ADVICE, decide(ADVICE, case))}
    assert assumed == set(LEVELS) - said


@given(cases())
def test_every_reason_has_words_and_the_heaviest_comes_first(case):
    found = reasons(ADVICE, decide(ADVICE, case))
    assert all(r.text for r in found)
    assert [r.weight for r in found] == sorted((r.weight for r in found), reverse=True)


def test_changed_names_the_answer_and_both_outcomes():
    before = Case("x", None, {"standardization": "partly", "expertise": "high", "goal": "cost"})
    after = before.with_answers(standardization="high")
    text = changed(ADVICE, before, after)
    assert "standardization from “Partly, with exceptions” to “Fixed steps, few exceptions”" in text
    assert ADVICE.outcomes[decide(ADVICE, after).outcome].title in text
    assert changed(ADVICE, before, before) is None


def test_the_article_s_use_case_of_the_same_process_comes_first():
    case = Case("equity research", ADVICE.processes["equity_research"])
    found = closest(ADVICE, case, decide(ADVICE, case))
    assert "equity_research" in found[0].processes
    assert len(found) == 3


@given(cases())
def test_use_cases_are_at_most_three_without_repeats(case):
    found = closest(ADVICE, case, decide(ADVICE, case))
    assert len(found) <= 3
    assert len({u.id for u in found}) == len(found)


def test_every_process_has_a_use_case_of_its_own_field_first():
    for process in ADVICE.processes.values():
        case = Case(process.short, process)
        first = closest(ADVICE, case, decide(ADVICE, case))[0]
        functions = {ADVICE.processes[p].function for p in first.processes}
        assert process.function in functions, process.id


@given(cases(), cases())
def test_comparing_lists_every_criterion_once_on_either_side(left, right):
    found = compare(ADVICE, left, right)
    rows = [row.criterion for row in (*found.differences, *found.shared)]
    assert sorted(rows) == sorted(c.name for c in ADVICE.criteria.values())
    assert all(row.left != row.right for row in found.differences)


@given(cases())
def test_the_brief_tells_advice_answers_flip_safeguards_and_sources(case):
    text = brief(ADVICE, recommend(ADVICE, case))
    for heading in ("# Outsourcing brief", "## What it rests on", "## What would change it"):
        assert heading in text
    assert "## Safeguards" in text
    assert "## Sources" in text


def test_a_name_cannot_smuggle_markdown_into_the_brief():
    text = brief(ADVICE, recommend(ADVICE, Case("[x](javascript:1) <b>|")))
    assert "[x](" not in text
    assert "<b>" not in text


def test_retained_decisions_cannot_be_flipped():
    process = ADVICE.processes["compliance_officer"]
    assert decide(ADVICE, Case(process.short, process)).outcome is Outcome.KEEP
    assert flip(ADVICE, Case(process.short, process)) is None
