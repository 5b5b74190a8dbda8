"""The store keeps all that happened, gives a turn what it needs, and takes no message twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.transcript import replies_to
from bot.conversation_tables import EVENTS, STATES, TAKEN, ConversationMoved
from bot.conversations import Conversations
from bot.tracker_store import ConversationStore
from bot.window import MOST_TURNS

FORM = "sourcing_form"


def turn(number: int, *between: Event) -> list[Event]:
    """What a turn adds: a message, what it led to, a reply."""
    message = UserUttered(f"message {number}", {"name": "inform"}, message_id=f"id-{number}")
    reply = BotUttered(f"reply {number}")
    return [message, *between, ActionExecuted("action_x"), reply, ActionExecuted("action_listen")]


@pytest.fixture
def store(url: str, domain: Domain) -> Iterator[ConversationStore]:
    """A store on an empty database."""
    store = ConversationStore(domain, url)
    yield store
    asyncio.run(store.close())


async def add(store: ConversationStore, *events: Event) -> DialogueStateTracker:
    """Does what Rasa does in a turn: reads, updates, writes."""
    tracker = await store.get_or_create_tracker("somebody", append_action_listen=False)
    tracker.update_with_events(list(events), store.domain)
    await store.save(tracker)
    return tracker


async def rows(store: ConversationStore, table: Any) -> list[Any]:
    """Gives all rows of a table."""
    return await store.run(lambda connection: connection.execute(sa.select(table)).fetchall())


def begin() -> list[Event]:
    """How Rasa begins a conversation."""
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


def test_nothing_said_is_no_conversation(store: ConversationStore) -> None:
    """As with Rasa's stores; nothing is written for a mere look."""

    async def scenario() -> None:
        assert await store.retrieve("somebody") is None
        await store.get_or_create_tracker("somebody", append_action_listen=False)
        assert await rows(store, STATES) == []

    asyncio.run(scenario())


def test_a_long_conversation_is_read_in_part_and_kept_whole(store: ConversationStore) -> None:
    """A tracker holds the last few turns; the table of events holds each event once."""

    async def scenario() -> None:
        await add(store, *begin())
        for number in range(40):
            await add(store, *turn(number, SlotSet("process", f"process {number // 10}")))
        tracker = await store.retrieve("somebody")
        assert tracker is not None
        said = [event.text for event in tracker.events if isinstance(event, UserUttered)]
        assert said[-1] == "message 39"
        assert len(said) <= MOST_TURNS
        assert tracker.get_slot("process") == "process 3"
        kept = [json.loads(row.data) for row in await rows(store, EVENTS)]
        texts = [event["text"] for event in kept if event["event"] == "user"]
        assert texts == [f"message {number}" for number in range(40)]
        full = await store.retrieve_full_tracker("somebody")
        assert full is not None
        assert len(full.events) == len(kept)

    asyncio.run(scenario())


def test_what_was_set_long_ago_still_holds(store: ConversationStore) -> None:
    """Slots, their order, and an open form are carried over turns that are no longer read."""

    async def scenario() -> None:
        opened = [ActionExecuted(FORM), ActiveLoop(FORM), SlotSet("requested_slot", "core")]
        slots = [SlotSet("process", "payroll"), SlotSet("expertise", "low")]
        await add(store, *begin(), *turn(0, *slots, SlotSet("standardization", "high"), *opened))
        for number in range(1, 30):
            await add(store, *turn(number))
        tracker = await store.retrieve("somebody")
        assert tracker is not None
        assert tracker.active_loop_name == FORM
        assert tracker.get_slot("requested_slot") == "core"
        order = [event.key for event in tracker.events if isinstance(event, SlotSet)]
        assert order == ["process", "expertise", "standardization", "requested_slot"]

    asyncio.run(scenario())


def test_who_comes_second_writes_nothing(store: ConversationStore) -> None:
    """Two that read the same state cannot both go on from it, whatever locks there are."""

    async def scenario() -> None:
        await add(store, *begin(), *turn(0))
        first, second = [await store.get_or_create_tracker("somebody") for _ in range(2)]
        first.update_with_events(turn(1), store.domain)
        second.update_with_events(turn(2), store.domain)
        await store.save(first)
        with pytest.raises(ConversationMoved):
            await store.save(second)
        kept = [json.loads(row.data).get("text") for row in await rows(store, EVENTS)]
        assert "message 1" in kept
        assert "message 2" not in kept

    asyncio.run(scenario())


def test_two_cannot_both_begin_a_conversation(store: ConversationStore) -> None:
    """The same holds before there is anything to read."""

    async def scenario() -> None:
        both = [await store.get_or_create_tracker("somebody", None, False) for _ in range(2)]
        for number, tracker in enumerate(both):
            tracker.update_with_events([*begin(), *turn(number)], store.domain)
        results = await asyncio.gather(*map(store.save, both), return_exceptions=True)
        assert [type(result) for result in results if result] == [ConversationMoved]
        assert len(await rows(store, TAKEN)) == 1

    asyncio.run(scenario())


def test_a_message_is_found_again_with_its_replies_only(store: ConversationStore) -> None:
    """By its id, however long ago; also one that was met with silence and then sent again."""

    async def scenario() -> None:
        await add(store, *begin())
        for number in range(12):
            await add(store, *turn(number))
        conversations = Conversations(store)
        found = replies_to("id-3", await conversations.turn("somebody", "id-3"))
        assert [reply["text"] for reply in found] == ["reply 3"]
        assert await conversations.turn("somebody", "id-99") == []
        assert await conversations.turn("somebody else", "id-3") == []
        silent = [UserUttered("message 50", message_id="id-50"), ActionExecuted("action_listen")]
        await add(store, *silent)
        assert await conversations.turn("somebody", "id-50") == []
        await add(store, *turn(50))
        again = replies_to("id-50", await conversations.turn("somebody", "id-50"))
        assert [reply["text"] for reply in again] == ["reply 50"]

    asyncio.run(scenario())


def test_what_rasas_store_has_kept_is_taken_up(url: str, domain: Domain) -> None:
    """Its table is the same; from then on the conversation is one of ours."""

    async def scenario() -> None:
        theirs = SQLTrackerStore(domain, host=url)
        tracker = await theirs.get_or_create_tracker("somebody", append_action_listen=False)
        old = [*begin(), *turn(0, SlotSet("process", "gardening"))]
        new = [*begin(), *turn(1, SlotSet("process", "payroll"))]
        tracker.update_with_events([*old, *new], domain)
        await theirs.save(tracker)
        ours = ConversationStore(domain, url)
        for number in range(2, 12):
            went_on = await add(ours, *turn(number))
            assert went_on.get_slot("process") == "payroll"
            said = [event.text for event in went_on.events if isinstance(event, UserUttered)]
            assert "message 0" not in said
        await ours.close()

    asyncio.run(scenario())


def test_all_of_a_conversation_is_forgotten(store: ConversationStore) -> None:
    """And only of that one."""

    async def scenario() -> None:
        await add(store, *begin(), *turn(0))
        conversations = Conversations(store)
        await conversations.rate("somebody", "id-0", "up")
        other = await store.get_or_create_tracker("somebody else", None, False)
        other.update_with_events([*begin(), *turn(1)], store.domain)
        await store.save(other)
        assert await conversations.forget("somebody") == len([*begin(), *turn(0)])
        for table in (EVENTS, STATES, TAKEN):
            assert {row.sender_id for row in await rows(store, table)} == {"somebody else"}
        assert await conversations.ratings("somebody") == {}
        assert await conversations.forget("somebody") == 0
        await add(store, *begin(), *turn(0))

    asyncio.run(scenario())


def test_a_database_that_fails_fails_the_turn(url: str, domain: Domain) -> None:
    """Nothing is kept in memory in its place."""

    async def scenario() -> None:
        store = ConversationStore(domain, url)
        await add(store, *begin(), *turn(0))
        await store.run(lambda connection: connection.execute(sa.text("DROP TABLE events")))
        with pytest.raises(sa.exc.DBAPIError):
            await store.retrieve("somebody")
        await store.close()

    asyncio.run(scenario())
