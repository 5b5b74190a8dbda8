"""Replaying only the last turns gives the same answers as replaying the whole conversation."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore

from bot.project import PROJECT
from bot.server import find_model, load_agent
from bot.settings import Settings
from bot.tracker_store import ConversationStore
from bot.window import MOST_TURNS, TURNS, cut

_TURNS = 30
_SAID = (
    "should we outsource payroll?",
    "what about legal research?",
    "is patent research BPO or KPO",
    "mostly rules, a few exceptions",
    "a trained clerk",
    "needs lawyers",
    "names and addresses",
    "they do as we say",
    "no",
    "yes",
    "not sure",
    "low",
    "what is BPO?",
    "how much does it cost",
    "why do you ask?",
    "go back",
    "stop",
    "continue",
    "start over",
    "another process",
    "actually it's highly confidential",
    "change an answer",
    "what if it was less sensitive",
    "compare payroll and legal research",
    "give me a summary",
    "checklist",
    "thanks",
    "bye",
    "purple monkey dishwasher",
    "qwertz",
)


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """The assistant as it is served."""
    url = f"sqlite:///{tmp_path_factory.mktemp('window') / 'conversations.db'}"
    settings = Settings.from_environment({"DATABASE_URL": url})
    return load_agent(settings, find_model(PROJECT / "models"))


async def _talk(agent: Agent, store: Any, said: list[str]) -> list[tuple[Any, ...]]:
    """Says all of it and gives for each turn the replies, the slots and the loop."""
    store.domain = agent.domain
    assert agent.processor is not None
    agent.tracker_store = agent.processor.tracker_store = store
    turns = []
    for text in said:
        output = CollectingOutputChannel()
        await agent.handle_message(UserMessage(text, output, "somebody"))
        tracker = await store.retrieve("somebody")
        is_rejected = tracker.is_active_loop_rejected
        loop = (tracker.active_loop_name, is_rejected, tracker.latest_action_name)
        turns.append((text, output.messages, tracker.current_slot_values(), loop))
    return turns


@pytest.mark.parametrize("seed", range(5))
def test_the_last_turns_are_enough(agent: Agent, tmp_path: Path, seed: int) -> None:
    """Whatever is said, in whatever order."""
    said = random.Random(seed).choices(_SAID, k=_TURNS)

    async def scenario() -> None:
        ours = ConversationStore(agent.domain, f"sqlite:///{tmp_path / 'conversations.db'}")
        in_part = await _talk(agent, ours, said)
        whole = await _talk(agent, InMemoryTrackerStore(agent.domain), said)
        for one, other in zip(in_part, whole, strict=True):
            assert one == other
        await ours.close()

    asyncio.run(scenario())


def _user() -> dict[str, str]:
    return {"event": "user"}


def _loop(name: str | None) -> dict[str, str | None]:
    return {"event": "active_loop", "name": name}


@pytest.mark.parametrize("count", range(TURNS + 1))
def test_a_short_conversation_is_read_whole(count: int) -> None:
    """There is nothing to cut."""
    assert cut([_user()] * count, has_loop=False) == 0


def test_only_the_last_turns_are_read() -> None:
    """When no form is open."""
    assert cut([_user()] * 20, has_loop=False) == 20 - TURNS


def test_a_form_is_read_from_before_it_was_opened() -> None:
    """So that the policies see what led to it."""
    events = [_user(), _user(), _user(), _loop("form"), *[_user()] * TURNS]
    assert cut(events, has_loop=False) == 2


def test_a_form_that_stays_open_does_not_hold_everything() -> None:
    """Somebody may go on asking other things for ever."""
    events = [_user(), _loop("form"), *[_user()] * 50]
    assert cut(events, has_loop=False) == len(events) - MOST_TURNS
    assert cut([_user()] * 50, has_loop=True) == 50 - MOST_TURNS
