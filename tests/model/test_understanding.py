"""The trained model: what it understands, and that `try` tells what Rasa itself would do."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.advice.finder import ProcessFinder
from bot.advice.loader import advice
from bot.cli.training import newest_model
from bot.conversation.topics import topics
from bot.editing.cases import sentences
from bot.editing.learning import understanding_of
from bot.nlu.entities import entities
from bot.nlu.model_file import FALLBACK, FirstReply, open_model
from bot.nlu.understanding import Understanding
from bot.project import PROJECT
from tests.support.project import copy_of_content

SENTENCES = [test.name for test in sentences(PROJECT)]
FINDER = ProcessFinder(advice().processes.values())


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    """What was trained, opened without Rasa."""
    return open_model(newest_model())


@pytest.fixture(scope="module")
def agent() -> Iterator[Any]:
    """Rasa with the same model."""
    from bot.logs import prepare_rasa

    prepare_rasa("WARNING")
    from rasa.core.agent import Agent

    return Agent.load(str(newest_model()))


def test_what_is_learned_without_rasa_is_what_rasa_trains(
    understanding: Understanding, tmp_path: Path
) -> None:
    """So that `try`, `new` and `diff` need not wait for Rasa."""
    learned = understanding_of(copy_of_content(tmp_path).root, advice())
    for text in SENTENCES:
        ours, theirs = learned.understand(text, FINDER), understanding.understand(text, FINDER)
        assert ours.ranking[0].intent == theirs.ranking[0].intent
        assert ours.ranking[0].confidence == pytest.approx(theirs.ranking[0].confidence, abs=0.02)


def test_try_and_rasa_understand_the_same(understanding: Understanding, agent: Any) -> None:
    threshold = FirstReply.of(PROJECT).threshold
    for text in SENTENCES:
        ours = understanding.understand(text, FINDER)
        theirs = asyncio.run(agent.parse_message(text))
        best = ours.ranking[0]
        name = best.intent.split("/")[0] if best.confidence >= threshold else FALLBACK
        assert theirs["intent"]["name"] == name, text
        assert theirs["entities"] == json.loads(json.dumps(entities(ours))), text
        if name == "faq":
            chosen = theirs["response_selector"]["faq"]["response"]["intent_response_key"]
            assert chosen == best.intent


def test_the_reply_that_try_names_is_the_one_that_rasa_gives(
    understanding: Understanding, agent: Any
) -> None:
    first = FirstReply.of(PROJECT)
    for text in SENTENCES:
        _, reply = first.to(understanding.understand(text, FINDER))
        tracker = asyncio.run(agent.processor.fetch_tracker_and_update_session(f"try {text}"))
        asyncio.run(agent.processor._handle_message_with_tracker(_message(text), tracker))
        action, _ = agent.processor.predict_next_with_tracker_if_should(tracker)
        assert action.name() == (reply.split("/")[0] if reply.startswith("utter_faq/") else reply)


def _message(text: str) -> Any:
    from rasa.core.channels.channel import UserMessage

    return UserMessage(text)


def test_each_first_example_of_a_topic_leads_back_to_it(understanding: Understanding) -> None:
    """Buttons send that example, so it must mean what the button says."""
    wrong = {
        topic.examples[0]: best
        for topic in topics().values()
        if topic.intent.startswith("faq/")
        and (best := understanding.understand(topic.examples[0], FINDER).ranking[0].intent)
        != topic.intent
    }
    assert not wrong


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\0\1\2",
        "🙂🙂🙂",
        "a" * 100_000,
        "مرحبا كيف حالك",
        "\u202eabc",
        "\ud83d",
        "/x{",
        "𝕬" * 50,
    ],
)
def test_any_text_is_understood_somehow(understanding: Understanding, text: str) -> None:
    found = understanding.understand(text, FINDER)
    assert 0 <= found.ranking[0].confidence <= 1
    assert sum(r.confidence for r in found.ranking[1:]) <= 1.001


def test_try_prints_one_object_a_line_by_its_contract() -> None:
    lines = "should we outsource payrol\nwhat is BPO\n"
    run = subprocess.run(
        [sys.executable, "-m", "bot", "try", "--json"],
        input=lines,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=True,
    )
    first, second = map(json.loads, run.stdout.splitlines())
    assert set(first) == {
        "text", "intent", "confidence", "ranking", "process", "entities", "reply",
    }  # fmt: skip
    assert (first["intent"], first["process"]) == ("should_outsource", "payroll")
    assert (second["intent"], second["process"]) == ("faq/define_bpo", None)
    assert second["reply"] == "utter_faq/define_bpo"


def test_try_tells_why() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "try", "--why", "--json", "shoud we outsorce our payrol?"],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=True,
    )
    why = json.loads(run.stdout)["why"]
    assert why["words"][0]["word"] == "payrol"
    assert why["words"][0]["counts"] > 0.5
    assert why["processes"] == ["“payrol” is payroll, found by a name that is spelt nearly so"]
