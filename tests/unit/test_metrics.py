"""What is counted and timed, seen through the registry that Prometheus reads."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import REGISTRY

from bot import VERSION, metrics
from bot.metrics import Outcome, Stage, count, expect, measured, stage
from bot.project import PROJECT


class Since:
    """How much a series has grown since this was made."""

    def __init__(self, name: str, **labels: str) -> None:
        self._read = lambda: REGISTRY.get_sample_value(name, labels) or 0.0
        self._before = self._read()

    @property
    def growth(self) -> float:
        return self._read() - self._before


def message(intent: str, **more: Any) -> dict[str, Any]:
    return {"event": "user", "parse_data": {"intent": {"name": intent}}, **more}


def recommended(outcome: str) -> dict[str, Any]:
    return {"event": "bot", "data": {"custom": {"recommendation": {"outcome": outcome}}}}


def test_a_turn_counts_by_channel_and_outcome() -> None:
    answered = Since("sourcing_turns_total", channel="web", outcome="answered")
    under_way = Since("sourcing_turns_under_way")

    with measured("web") as turn:
        assert under_way.growth == 1
        turn.outcome = Outcome.ANSWERED

    assert answered.growth == 1
    assert under_way.growth == 0


def test_a_turn_that_raises_counts_as_failed_and_is_no_longer_under_way() -> None:
    failed = Since("sourcing_turns_total", channel="slack", outcome="failed")
    under_way = Since("sourcing_turns_under_way")

    with pytest.raises(RuntimeError), measured("slack"):
        raise RuntimeError

    assert failed.growth == 1
    assert under_way.growth == 0


def test_the_time_of_a_turn_is_shared_out_among_its_stages() -> None:
    whole = Since("sourcing_turn_seconds_sum", channel="web")
    stages = [Since("sourcing_turn_stage_seconds_sum", stage=one.value) for one in Stage]
    reads = Since("sourcing_turn_stage_seconds_count", stage="read")

    with measured("web"):
        for what in (Stage.READ, Stage.UNDERSTAND, Stage.READ):
            with stage(what):
                sum(range(10_000))

    assert whole.growth == pytest.approx(sum(one.growth for one in stages))
    assert all(one.growth > 0 for one in (stages[1], stages[2]))
    assert reads.growth == 1  # twice in one turn, added up


def test_a_stage_outside_of_a_turn_takes_no_time() -> None:
    reads = Since("sourcing_turn_stage_seconds_count", stage="read")

    with stage(Stage.READ):
        pass

    assert reads.growth == 0


def test_an_error_of_a_store_counts_by_its_kind_also_outside_of_a_turn() -> None:
    lost = Since("sourcing_store_errors_total", store="conversations", kind="operational")

    with pytest.raises(ConnectionRefusedError), stage(Stage.WRITE):
        raise ConnectionRefusedError

    assert lost.growth == 1


def test_an_error_of_a_kind_that_nobody_knows_counts_as_other() -> None:
    other = Since("sourcing_store_errors_total", store="limits", kind="other")

    metrics.store_failed("limits", ZeroDivisionError())

    assert other.growth == 1


def test_an_error_while_acting_is_no_error_of_a_store() -> None:
    before = {tuple(s.labels.items()): s.value for s in _samples("sourcing_store_errors")}

    with pytest.raises(ValueError, match="no"), stage(Stage.ACT):
        raise ValueError("no")

    assert {tuple(s.labels.items()): s.value for s in _samples("sourcing_store_errors")} == before


def test_messages_count_by_intent_and_by_how_they_came() -> None:
    expect(["inform", "faq/cost"], [])
    typed = Since("sourcing_intents_total", intent="inform", by="text")
    pressed = Since("sourcing_intents_total", intent="inform", by="press")
    topic = Since("sourcing_intents_total", intent="faq/cost", by="text")
    full = {"name": "faq", "full_retrieval_intent_name": "faq/cost"}

    count(
        [
            message("inform"),
            message("inform", metadata={"pressed": True}),
            {"event": "user", "parse_data": {"intent": full}},
        ]
    )

    assert (typed.growth, pressed.growth, topic.growth) == (1, 1, 1)


@pytest.mark.parametrize("name", ["my name is Ann", "x" * 10_000, None])
def test_an_intent_that_is_not_the_models_counts_as_other(name: str) -> None:
    other = Since("sourcing_intents_total", intent="other", by="text")

    count([message(name)])

    assert other.growth == 1
    assert not [s for s in _samples("sourcing_intents") if s.labels["intent"] == name]


def test_a_recommendation_counts_by_outcome_and_only_where_it_is_one() -> None:
    expect([], ["BPO"])
    bpo = Since("sourcing_recommendations_total", outcome="BPO")
    other = Since("sourcing_recommendations_total", outcome="other")

    count(
        [
            {"event": "action", "name": "action_recommend"},
            recommended("BPO"),
            recommended("SELL IT"),
            {"event": "action", "name": "action_what_if"},
            recommended("BPO"),
        ]
    )

    assert (bpo.growth, other.growth) == (1, 1)


def test_the_version_that_is_told_is_the_projects() -> None:
    project = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")

    assert f'\nversion = "{VERSION}"\n' in project


def test_only_what_is_served_now_is_told() -> None:
    metrics.serving("1.0", "old.tar.gz")
    metrics.serving("1.0", "new.tar.gz")

    assert [s.labels["model"] for s in _samples("sourcing_build_info")] == ["new.tar.gz"]


@pytest.mark.parametrize("odd", [{}, {"event": "user"}, {"event": "bot", "data": None}])
def test_odd_events_do_no_harm(odd: dict[str, Any]) -> None:
    count([{"event": "action", "name": "action_recommend"}, odd])


def _samples(name: str) -> list[Any]:
    found = [metric.samples for metric in REGISTRY.collect() if metric.name == name]
    return [sample for samples in found for sample in samples]
