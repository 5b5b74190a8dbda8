"""What must hold of every verdict, over all combinations of answers."""

from itertools import product

import pytest

from bot.advice.checks import every_case
from bot.advice.finder import ProcessFinder, make_case
from bot.advice.loader import advice
from bot.advice.model import UNSURE, Case, Confidence, Outcome
from bot.advice.recommend import as_data, recommend
from bot.advice.verdict import confidence, decide, safeguards

ADVICE = advice()
ON_THE_SPECTRUM = {
    Outcome.BPO: 0,
    Outcome.BETWEEN: 1,
    Outcome.SPLIT: 1,
    Outcome.KPO: 2,
}
JUDGEMENT = ("standardization", "expertise", "authority", "goal")
LEVELS = {c.id: [level.id for level in c.levels] for c in ADVICE.criteria.values()}


def every_answer(extra=()):
    """Every combination of levels (and `extra`, such as unsure) of the six criteria."""
    for combination in product(*([*levels, *extra] for levels in LEVELS.values())):
        yield dict(zip(LEVELS, combination, strict=True))


def test_every_case_has_exactly_one_outcome_with_a_reason():
    for case in every_case(ADVICE):
        verdict = decide(ADVICE, case)
        assert isinstance(verdict.outcome, Outcome)
        assert verdict.rule.reason


def test_unsure_in_any_combination_gives_an_outcome_and_never_fails():
    for answers in every_answer(extra=[UNSURE]):
        assert decide(ADVICE, Case("anything", None, answers)).rule.reason


def test_weights_add_up_to_the_position_between_0_and_100():
    for answers in every_answer():
        verdict = decide(ADVICE, Case("anything", None, answers))
        assert sum(w.points for w in verdict.weighed) == verdict.position
        assert 0 <= verdict.position <= 100


@pytest.mark.parametrize("criterion", JUDGEMENT)
def test_more_judgement_never_moves_a_verdict_towards_bpo(criterion):
    kinds = {
        (c.process and (c.process.retained, c.process.separable)): c for c in every_case(ADVICE)
    }
    for answers, kind in product(every_answer(), kinds.values()):
        ranks = []
        for level in LEVELS[criterion]:
            case = Case("anything", kind.process, {**answers, criterion: level})
            rank = ON_THE_SPECTRUM.get(decide(ADVICE, case).outcome)
            if rank is not None:
                ranks.append(rank)
        assert ranks == sorted(ranks), answers


def test_sensitive_data_alone_never_turns_bpo_into_kpo_and_only_breaks_near_ties():
    for answers in every_answer():
        outcomes = [
            decide(ADVICE, Case("anything", None, {**answers, "sensitivity": level}))
            for level in LEVELS["sensitivity"]
        ]
        if len({v.outcome for v in outcomes}) > 1:
            assert {v.outcome for v in outcomes} == {Outcome.BETWEEN, Outcome.KPO}
            assert all(60 <= v.position <= 69 for v in outcomes)


def test_sensitive_data_always_brings_a_safeguard_on_data_when_work_is_handed_over():
    for answers in every_answer():
        case = Case("anything", None, {**answers, "sensitivity": "high"})
        verdict = decide(ADVICE, case)
        if verdict.outcome in {Outcome.KEEP, Outcome.NOT_YET}:
            continue
        assert "strict_access" in {s.id for s in safeguards(ADVICE, case, verdict)}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_can_be_reached_and_has_safeguards(outcome):
    case = next(c for c in every_case(ADVICE) if decide(ADVICE, c).outcome is outcome)
    assert safeguards(ADVICE, case, decide(ADVICE, case))


@pytest.mark.parametrize(
    ("process", "outcome"),
    [
        ("customer service call centre", "BPO"),
        ("accounts payable", "BPO"),
        ("payroll", "BPO"),
        ("benefits administration", "BPO"),
        ("clinical trial data analysis", "KPO"),
        ("regulatory submission preparation", "KPO"),
        ("equity research", "KPO"),
        ("patent research", "KPO"),
    ],
)
def test_the_article_s_use_cases_come_out_as_the_article_says(process, outcome):
    case = make_case(ProcessFinder(ADVICE.processes.values()), ADVICE.processes, process)
    assert case.process is not None
    assert decide(ADVICE, case).outcome.value == outcome


@pytest.mark.parametrize("process", ADVICE.processes.values(), ids=lambda p: p.id)
def test_a_catalogue_process_gives_its_published_class_when_all_is_unsure(process):
    case = Case(process.short, process, dict.fromkeys(LEVELS, UNSURE))
    assert decide(ADVICE, case).outcome is process.published


def test_core_work_done_well_is_kept_unless_new_abilities_are_wanted():
    answers = {"standardization": "high", "expertise": "medium", "core": "core"}
    assert decide(ADVICE, Case("x", None, {**answers, "goal": "cost"})).outcome is Outcome.KEEP
    assert (
        decide(ADVICE, Case("x", None, {**answers, "goal": "insight"})).outcome is not Outcome.KEEP
    )


def test_unwritten_work_without_expertise_is_not_yet_ready():
    case = Case("x", None, {"standardization": "low", "expertise": "low"})
    assert decide(ADVICE, case).outcome is Outcome.NOT_YET


def test_an_unknown_process_of_which_nothing_is_known_is_not_yet_ready_and_says_what_settles_it():
    found = recommend(ADVICE, Case("aura cleansing"))
    assert found.outcome is Outcome.NOT_YET
    assert found.confidence is Confidence.LOW
    assert {a.criterion for a in found.assumed} == set(LEVELS)
    assert found.flip is not None


def test_confidence_is_high_only_when_nothing_left_open_could_change_the_outcome():
    for answers in every_answer(extra=[UNSURE]):
        case = Case("x", None, answers)
        if confidence(ADVICE, case) is not Confidence.HIGH:
            continue
        outcome = decide(ADVICE, case).outcome
        for criterion, level in answers.items():
            if level == UNSURE:
                for other in LEVELS[criterion]:
                    changed = decide(ADVICE, case.with_answers(**{criterion: other}))
                    assert changed.outcome is outcome


def test_the_recommendation_s_data_keep_the_contract():
    process = ADVICE.processes["payroll"]
    case = Case("payroll", process, {"standardization": "high"})
    data = as_data(ADVICE, recommend(ADVICE, case))
    assert data["process"] == "payroll"
    assert data["outcome"] == "BPO"
    assert data["confidence"] in {"high", "medium", "low"}
    assert {"criterion", "level", "weight", "text"} <= set(data["reasons"][0])
    assert "standardization" not in {a["criterion"] for a in data["assumed"]}
    assert len(data["use_cases"]) <= 3
    assert data["flip"]["outcome"] != "BPO"
