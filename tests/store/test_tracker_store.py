"""The store keeps all that happened, gives a turn what it needs, and takes no message twice."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
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
from bot.database import THREADS
from bot.tracker_store import ConversationStore
from bot.window import MOST_TURNS
from tests.support.until import until

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


def test_rasas_own_wrapper_keeps_conversations_too(url: str, domain: Domain) -> None:
    """As `rasa shell` and `rasa run` use it: their new trackers are made by the wrapper."""

    async def scenario() -> None:
        store = ConversationStore(domain, url)
        wrapped = FailSafeTrackerStore(store)
        for number in range(3):
            tracker = await wrapped.get_or_create_tracker("somebody", append_action_listen=False)
            assert len([e for e in tracker.events if isinstance(e, UserUttered)]) == number
            tracker.update_with_events([*([] if number else begin()), *turn(number)], domain)
            await wrapped.save(tracker)
        full = await store.retrieve_full_tracker("somebody")
        assert full is not None
        assert len([e for e in full.events if isinstance(e, UserUttered)]) == 3
        await store.close()

    asyncio.run(scenario())


def test_a_database_that_does_not_answer_is_left_behind(url: str, domain: Domain) -> None:
    """Its threads may wait for ever; others take the turns that follow."""

    async def scenario() -> None:
        store = ConversationStore(domain, url, patience=0.2)
        silence = threading.Event()
        waiting = [store.run(lambda _: silence.wait(30)) for _ in range(2 * THREADS)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(result) for result in results} <= {TimeoutError, asyncio.TimeoutError} | {
            asyncio.CancelledError
        }
        await add(store, *begin(), *turn(0))
        silence.set()
        await store.close()

    asyncio.run(scenario())


def test_who_deletes_while_a_turn_is_written_leaves_nothing(url: str, domain: Domain) -> None:
    """Also without a lock: whoever comes second waits for the other, and then sees it."""

    async def scenario() -> None:
        store = ConversationStore(domain, url)
        await add(store, *begin(), *turn(0))
        tracker = await store.get_or_create_tracker("somebody")
        tracker.update_with_events(turn(1), domain)
        results = await asyncio.gather(
            store.save(tracker), Conversations(store).forget("somebody"), return_exceptions=True
        )
        assert {type(result) for result in results} <= {type(None), int, ConversationMoved}
        for table in (EVENTS, STATES, TAKEN):
            assert await rows(store, table) == []
        await store.close()

    for _ in range(5):
        asyncio.run(scenario())


def test_a_conversation_that_was_begun_anew_is_another(store: ConversationStore) -> None:
    """A turn of the old one, read before it was deleted, is not written into it."""

    async def scenario() -> None:
        await add(store, *begin(), *turn(0))
        old = await store.get_or_create_tracker("somebody")
        await Conversations(store).forget("somebody")
        await add(store, *begin(), *turn(1))
        old.update_with_events(turn(2), store.domain)
        with pytest.raises(ConversationMoved):
            await store.save(old)

    asyncio.run(scenario())


def test_a_state_whose_events_are_gone_locks_nobody_out(store: ConversationStore) -> None:
    """Somebody may have deleted the events alone."""

    async def scenario() -> None:
        await add(store, *begin(), *turn(0))
        await store.run(lambda connection: connection.execute(sa.delete(EVENTS)))
        await add(store, *begin(), *turn(1))
        assert len(await rows(store, TAKEN)) == 2

    asyncio.run(scenario())


def test_what_is_deleted_while_somebody_reads_is_overwritten_soon(
    domain: Domain, tmp_path: Path
) -> None:
    """SQLite keeps what was written in a log for as long as somebody reads from before."""
    file = tmp_path / "conversations.db"

    async def scenario() -> None:
        store = ConversationStore(domain, f"sqlite:///{file}")
        await add(store, *begin(), UserUttered("zebra", message_id="1"), BotUttered("hello"))
        reader = sqlite3.connect(file)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchall()
        await Conversations(store).forget("somebody")
        assert is_on_disk(b"zebra")
        reader.close()
        await asyncio.to_thread(until, lambda: not is_on_disk(b"zebra"))
        await store.close()

    def is_on_disk(word: bytes) -> bool:
        return any(word in part.read_bytes() for part in tmp_path.iterdir())

    asyncio.run(scenario())


def test_a_payload_that_cannot_have_been_offered_is_not_looked_for(
    store: ConversationStore,
) -> None:
    """A pattern of tens of thousands of characters is more than SQLite takes."""

    async def scenario() -> None:
        await add(store, *begin(), *turn(0))
        assert await Conversations(store).offers("somebody", "%" * 30_000) == []

    asyncio.run(scenario())
