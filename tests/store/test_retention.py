"""What becomes of old conversations, in SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot import holdings, ratings
from bot.anonymising import PREFIX
from bot.channels.slack.store import Store as SlackStore
from bot.conversation_tables import EVENTS, STATES, TAKEN
from bot.retention import Retention
from bot.review.decisions import Decision
from bot.review.figures import figures
from bot.review.findings import Kind, find
from bot.review.store import ReviewStore
from bot.tracker_store import ConversationStore

DAY = 24 * 60 * 60
OLD, RECENT = 31 * DAY, 29 * DAY
WORDS = ("zebra", "jane", "jones")
ID = "slack-T1-C1-direct-U1"


@pytest.fixture
def store(url: str) -> Iterator[ConversationStore]:
    made = ConversationStore(host=url)
    yield made
    made.engine.dispose()


def events(age: float) -> list[dict[str, Any]]:
    """A conversation as Rasa keeps it, full of somebody's words."""
    intent = {"name": "should_outsource", "confidence": 0.9}
    parsed = {"text": "outsource Jane's zebra?", "intent": intent, "intent_ranking": [intent]}
    said = {"event": "user", "text": "outsource Jane's zebra?", "message_id": "jane-1"}
    pressed = {"event": "user", "text": '/inform{"process": "zebra"}', "message_id": "jane-2"}
    recommended = {"custom": {"recommendation": {"outcome": "BPO", "process": "zebra"}}}
    buttons = {"buttons": [{"title": "Jane", "payload": "/jane"}]}
    told = [
        {"event": "session_started"},
        {**said, "parse_data": parsed, "input_channel": "web", "metadata": {"jones": 1}},
        {"event": "slot", "name": "process", "value": "zebra"},
        {"event": "slot", "name": "topic", "value": "zebra"},
        {"event": "slot", "name": "requested_slot", "value": "expertise"},
        {"event": "action", "name": "sourcing_form"},
        {"event": "bot", "text": "Zebra?", "data": buttons},
        {**pressed, "parse_data": {"intent": {"name": "inform"}}, "metadata": {"pressed": True}},
        {"event": "slot", "name": "topic", "value": "payroll"},
        {"event": "slot", "name": "requested_slot", "value": None},
        {"event": "action", "name": "action_recommend"},
        {"event": "bot", "text": "Jane's zebra: BPO", "data": recommended},
        {"event": "something_new", "words": "jones"},
    ]
    return [{**event, "timestamp": time.time() - age} for event in told]


def keep(store: ConversationStore, sender: str, age: float, *, has_state: bool = True) -> None:
    """Puts a conversation into every table that holds something of one."""
    rows = [
        {
            "sender_id": sender,
            "type_name": event["event"],
            "data": json.dumps(event),
            "timestamp": event["timestamp"],
        }
        for event in events(age)
    ]
    state = {
        "version": 9,
        "read_after": 0,
        "carried": '{"jane": "zebra"}',
        "at": time.time() - age,
    }
    with store.engine.begin() as connection:
        connection.execute(sa.insert(EVENTS), rows)
        if has_state:
            connection.execute(sa.insert(STATES).values(sender_id=sender, **state))
        connection.execute(
            sa.insert(TAKEN).values(sender_id=sender, message_id="jane-1", after_event=1)
        )
        ratings.keep(connection, sender, "jane-1", "up")


def latest(url: str, sender: str) -> None:
    """Has Slack's table know the conversation."""
    slack = SlackStore(url)

    async def remember() -> None:
        await slack.prepare()
        await slack.set_latest("T1-U1", sender)
        await slack.close()

    asyncio.run(remember())


def tidy(store: ConversationStore, action: str, days: int = 30) -> int:
    return asyncio.run(Retention(store, days, action, {"payroll"}).tidy())


def dump(store: ConversationStore) -> str:
    """Gives all that stands in all tables."""
    metadata = sa.MetaData()
    metadata.reflect(store.engine)
    with store.engine.connect() as connection:
        tables = (connection.execute(sa.select(t)).fetchall() for t in metadata.tables.values())
        return repr([[tuple(row) for row in rows] for rows in tables]).lower()


def senders(store: ConversationStore) -> set[str]:
    with store.engine.connect() as connection:
        return set(connection.execute(sa.select(EVENTS.c.sender_id).distinct()).scalars())


def test_what_is_old_is_deleted_from_every_table_and_the_rest_stays_whole(
    store: ConversationStore, url: str
) -> None:
    keep(store, ID, OLD)
    latest(url, ID)
    assert ID.lower() in dump(store)

    assert tidy(store, "delete") == 1

    assert ID.lower() not in dump(store)
    assert not [word for word in WORDS if word in dump(store)]

    keep(store, "recent", RECENT)
    before = dump(store)
    assert tidy(store, "delete") == 0
    assert dump(store) == before


def test_every_table_with_a_conversations_id_is_covered(store: ConversationStore, url: str) -> None:
    latest(url, ID)
    metadata = sa.MetaData()
    metadata.reflect(store.engine)

    holding = {
        table.name
        for table in metadata.tables.values()
        if {"sender_id", "conversation", "conversation_id"} & {*table.columns.keys()}
    }

    assert holding == {table.name for table in holdings.COLUMNS}


def test_what_is_anonymised_holds_neither_words_nor_ids(store: ConversationStore, url: str) -> None:
    keep(store, ID, OLD)
    latest(url, ID)

    assert tidy(store, "anonymise") == 1

    left = dump(store)
    assert not [word for word in (*WORDS, ID.lower(), "u1", "t1") if word in left]
    (sender,) = senders(store)
    assert sender.startswith(PREFIX)


def test_the_figures_of_the_review_are_the_same_after_anonymising(
    store: ConversationStore,
) -> None:
    keep(store, "somebody", OLD)
    before = _figures(store)

    tidy(store, "anonymise")

    # Names that are not the catalogue's are somebody's own words.
    after = _figures(store)
    assert replace(after, processes=()) == replace(before, processes=())
    assert dict(after.processes) == {"payroll": 1}
    assert before.messages == 1
    assert before.satisfied.part == 1
    assert before.outcomes == (("BPO", 1),)


def test_nobody_is_asked_to_review_words_that_are_gone(store: ConversationStore) -> None:
    keep(store, "somebody", OLD)
    with store.engine.begin() as connection:
        ratings.keep(connection, "somebody", "jane-1", "down")
    assert [item.kind for item in _findings(store)] == [Kind.RATED_DOWN]

    tidy(store, "anonymise")

    assert _findings(store) == []


def test_anonymising_again_changes_nothing(store: ConversationStore) -> None:
    keep(store, "somebody", OLD)
    tidy(store, "anonymise")
    before = dump(store)

    assert tidy(store, "anonymise") == 0
    assert dump(store) == before


def test_what_rasas_own_store_kept_is_found_too(store: ConversationStore) -> None:
    keep(store, "old", OLD, has_state=False)
    keep(store, "recent", RECENT, has_state=False)

    assert asyncio.run(Retention(store, 30, "delete").due()) == 1
    assert tidy(store, "delete") == 1
    assert senders(store) == {"recent"}


def test_more_than_one_batch_goes(store: ConversationStore) -> None:
    for number in range(103):
        keep(store, f"old-{number}", OLD)

    assert tidy(store, "delete") == 103


@pytest.mark.parametrize("action", ["delete", "anonymise"])
def test_replicas_that_tidy_at_once_do_it_once(url: str, action: str) -> None:
    stores = [ConversationStore(host=url) for _ in range(3)]
    for number in range(12):
        keep(stores[0], f"old-{number}", OLD, has_state=number % 2 == 0)

    async def together() -> list[int]:
        return await asyncio.gather(
            *(Retention(one, 30, action, {"payroll"}).tidy() for one in stores)
        )

    assert sum(asyncio.run(together())) == 12
    left = senders(stores[0])
    assert len(left) == (12 if action == "anonymise" else 0)
    assert all(sender.startswith(PREFIX) for sender in left)
    for one in stores:
        one.engine.dispose()


def test_a_conversation_that_goes_on_meanwhile_stays(store: ConversationStore) -> None:
    """The candidate is chosen, then a message comes, then its turn is over."""
    keep(store, "somebody", OLD)
    retention = Retention(store, 30, "delete")
    with store.engine.begin() as connection:
        connection.execute(sa.update(STATES).values(at=time.time()))

    assert asyncio.run(retention.retire("somebody", time.time() - 30 * DAY)) == 0
    assert senders(store) == {"somebody"}


def test_a_reviewers_old_decision_goes_and_a_recent_one_stays(store: ConversationStore) -> None:
    review = ReviewStore(store)
    review.decide([Decision("old", "zebra", None, False), Decision("new", "horse", None, False)])
    with store.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE review_decisions SET timestamp = timestamp - :age WHERE mark = 'old'"),
            {"age": OLD},
        )

    tidy(store, "delete")

    assert [decision.text for decision in review.decisions()] == ["horse"]


def _figures(store: ConversationStore) -> Any:
    since = time.time() - 60 * DAY
    return figures(ReviewStore(store).conversations(since), since, time.time())


def _findings(store: ConversationStore) -> list[Any]:
    since = time.time() - 60 * DAY
    return find(ReviewStore(store).conversations(since), since, time.time())
