"""Actions through the SDK's own executor: what a call with a tracker gives."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from bot.advice.loader import advice
from bot.project import PROJECT
from bot.yaml_source import read

CRITERIA = list(advice().criteria)


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    """The executor with all our actions."""
    made = ActionExecutor()
    made.register_package("actions")
    return made


def call(
    name: str,
    slots: dict[str, Any] | None = None,
    message: dict[str, Any] | None = None,
    loop: str | None = None,
    events: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """What Rasa sends for an action."""
    return {
        "next_action": name,
        "sender_id": "test",
        "version": "3.6.21",
        "domain": {},
        "tracker": {
            "sender_id": "test",
            "slots": {**dict.fromkeys(["process", *CRITERIA]), **(slots or {})},
            "latest_message": message or {"text": "", "intent": {}, "entities": []},
            "events": events or [],
            "paused": False,
            "followup_action": None,
            "active_loop": {"name": loop} if loop else {},
            "latest_action_name": "action_listen",
        },
    }


def slots_set(result: dict[str, Any]) -> dict[str, Any]:
    """The slots that a result sets."""
    return {e["name"]: e["value"] for e in result["events"] if e["event"] == "slot"}


async def test_every_custom_action_of_the_domain_exists_and_no_other(
    executor: ActionExecutor,
) -> None:
    domain = read(PROJECT / "domain.yml", "domain.yml").data
    wanted = {a for a in domain["actions"] if not a.startswith("utter_")}
    assert set(executor.actions) == wanted


@pytest.mark.parametrize("process", [None, "payroll", "goat yoga"])
async def test_every_action_answers_in_any_state_without_failing(
    executor: ActionExecutor, process: str | None
) -> None:
    for name in list(executor.actions):
        result = await executor.run(call(name, {"process": process}))
        assert "went wrong" not in str(result), name


async def test_a_failing_action_apologises_with_a_reference_sets_nothing_and_logs_no_text(
    executor: ActionExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {"process": {"words": "of a person"}}
    with caplog.at_level(logging.INFO):
        result = await executor.run(call("action_recommend", broken))
    assert result["events"] == []
    (reply,) = result["responses"]
    assert "Sorry" in reply["text"]
    reference = reply["text"].split("reference ")[1][:8]
    assert reference in caplog.text
    assert "of a person" not in caplog.text


async def test_the_form_asks_for_the_process_first_then_for_what_is_open(
    executor: ActionExecutor,
) -> None:
    name = "validate_sourcing_form"
    assert slots_set(await executor.run(call(name)))["requested_slot"] == "process"
    asked = await executor.run(call(name, {"process": "payroll", "standardization": "high"}))
    assert slots_set(asked)["requested_slot"] == "expertise"


async def test_the_form_ends_when_nothing_more_could_change_the_outcome(
    executor: ActionExecutor,
) -> None:
    answers = {c: advice().processes["payroll"].defaults[c] for c in CRITERIA}
    result = await executor.run(call("validate_sourcing_form", {"process": "payroll", **answers}))
    assert slots_set(result)["requested_slot"] is None


async def test_a_new_process_clears_the_old_answers_but_for_the_goal(
    executor: ActionExecutor,
) -> None:
    message = {
        "text": "what about legal research?",
        "intent": {"name": "should_outsource", "confidence": 1.0},
        "entities": [{"entity": "process", "value": "legal_research", "start": 11, "end": 25}],
    }
    old = {"process": "payroll", "topic": "payroll", "standardization": "high", "goal": "cost"}
    result = await executor.run(call("action_validate_slot_mappings", old, message))
    assert slots_set(result) == {
        "standardization": None,
        "process": "legal_research",
        "topic": "legal_research",
    }
    assert "Carried over" in result["responses"][0]["text"]


async def test_going_back_reopens_the_answer_given_last(executor: ActionExecutor) -> None:
    events = [
        {"event": "slot", "name": "expertise", "value": "low"},
        {"event": "slot", "name": "standardization", "value": "high"},
    ]
    slots = {"process": "payroll", "expertise": "low", "standardization": "high"}
    result = await executor.run(call("action_go_back", slots, events=events))
    assert slots_set(result)["standardization"] is None
    assert "expertise" not in slots_set(result)


async def test_a_what_if_that_repeats_an_answer_says_so(executor: ActionExecutor) -> None:
    heard = {
        "text": "what if every case were different?",
        "intent": {"name": "what_if", "confidence": 1.0},
        "entities": [{"entity": "standardization", "value": "low"}],
    }
    slots = {"process": "payroll", "standardization": "low"}

    result = await executor.run(call("action_what_if", slots, heard))

    assert result["responses"][0]["text"].startswith("That is what you said already")


async def test_comparing_with_nothing_named_offers_processes(executor: ActionExecutor) -> None:
    heard = {"text": "/compare_processes", "intent": {"name": "compare_processes"}, "entities": []}

    alone = await executor.run(call("action_compare", {}, heard))
    underway = await executor.run(call("action_compare", {"process": "payroll"}, heard))

    assert alone["responses"][0]["text"].startswith("Name two processes to compare")
    reply = underway["responses"][0]
    assert reply["text"].startswith("Compare payroll with what?")
    titles = [button["title"] for button in reply["buttons"]]
    assert titles
    assert "Payroll" not in titles


async def test_a_what_if_sets_nothing(executor: ActionExecutor) -> None:
    message = {
        "text": "what if it needed lawyers",
        "intent": {"name": "what_if", "confidence": 1.0},
        "entities": [{"entity": "expertise", "value": "high"}],
    }
    for name in ("action_validate_slot_mappings", "action_what_if"):
        result = await executor.run(call(name, {"process": "payroll"}, message))
        assert slots_set(result) == {}
