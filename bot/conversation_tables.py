"""The tables of the conversations: reading the part that a turn needs, and writing a turn.

Beside Rasa's table of events stand two of our own: `conversation_states`, a row a conversation,
tells where the part that a turn needs begins and what was so before it; `taken_messages`, a row an
answered message, is what a message that is sent again is recognised by. Events, state and message
are written in one transaction that fails as a whole when the conversation has gone on meanwhile,
so that the database itself sees to it that no message is taken twice, whatever locks do.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, UserUttered
from sqlalchemy.exc import IntegrityError

from bot.errors import BotError
from bot.ratings import RATINGS
from bot.window import Carried, EventData, session_start

_VERSIONS = 2**30
_METADATA = sa.MetaData()
STATES = sa.Table(
    "conversation_states",
    _METADATA,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("read_after", sa.BigInteger, nullable=False),
    sa.Column("carried", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
TAKEN = sa.Table(
    "taken_messages",
    _METADATA,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("after_event", sa.BigInteger, nullable=False),
)
EVENTS = SQLTrackerStore.SQLEvent.__table__
_BY_CONVERSATION = sa.Index("ix_events_sender_id_id", EVENTS.c.sender_id, EVENTS.c.id)


class ConversationMoved(BotError):
    """The conversation has gone on since it was read; nothing was written."""

    def __init__(self) -> None:
        super().__init__("the conversation went on elsewhere meanwhile", "send the message again")


@dataclass(frozen=True)
class State:
    """What a conversation's state was when it was read.

    Args:
        version: Counts up with each write; 0 where there is no row of its state.
        last_event: The id of its last event; 0 where there is none.
        read_after: The id of the event after which the next turn reads.
        carried: What was so up to there.

    """

    version: int = 0
    last_event: int = 0
    read_after: int = 0
    carried: Carried = field(default_factory=dict)


Window = tuple[State, list[tuple[int, EventData]]]
"""A conversation's state, and the events after it with their ids."""


def make(engine: Any, every: Any) -> None:
    """Makes the tables where they are missing.

    Args:
        engine: The database's engine.
        every: The metadata of Rasa's own tables.

    """
    every.create_all(engine)
    _METADATA.create_all(engine)
    RATINGS.create(engine, checkfirst=True)
    _BY_CONVERSATION.create(engine, checkfirst=True)


def read(connection: Any, sender_id: str) -> Window:
    """Reads the part of a conversation that a turn needs.

    Args:
        connection: A connection of SQLAlchemy's.
        sender_id: The conversation's id.

    """
    state = connection.execute(sa.select(STATES).filter_by(sender_id=sender_id)).first()
    after = state.read_after if state else 0
    query = sa.select(EVENTS.c.id, EVENTS.c.data).where(
        EVENTS.c.sender_id == sender_id, EVENTS.c.id > after
    )
    found = connection.execute(query.order_by(EVENTS.c.id)).fetchall()
    rows = [(number, json.loads(data)) for number, data in found]
    last = rows[-1][0] if rows else after
    if state is not None:
        return State(state.version, last, after, json.loads(state.carried)), rows
    # Kept by Rasa's own store, which goes by the latest session.
    start = session_start([data for _, data in rows])
    before = rows[start - 1][0] if start else 0
    return State(last_event=last, read_after=before), rows[start:]


def write(connection: Any, sender_id: str, state: State, events: Sequence[Event]) -> State:
    """Writes what a turn adds, in a transaction that the caller holds.

    Args:
        connection: A connection of SQLAlchemy's.
        sender_id: The conversation's id.
        state: The state that the turn began from.
        events: What happened since.

    Returns:
        The state as it is now.

    Raises:
        ConversationMoved: when the conversation has gone on since `state` was read.

    """
    place = {"sender_id": sender_id, "after_event": state.last_event}
    taken = [{**place, "message_id": one} for one in set(_answered(events))]
    try:
        version = _claim(connection, sender_id, state)
        if taken:
            connection.execute(sa.insert(TAKEN), taken)
    except IntegrityError as error:
        raise ConversationMoved from error
    connection.execute(sa.insert(EVENTS), [_row(sender_id, event) for event in events])
    return replace(state, version=version)


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _answered(events: Iterable[Event]) -> Iterable[str]:
    """Yield the ids of the messages that the bot replied to: others may be sent again."""
    asked: str | None = None
    for event in events:
        if isinstance(event, UserUttered):
            asked = event.message_id
        elif event.type_name == "bot" and asked:
            yield asked


def _claim(connection: Any, sender_id: str, state: State) -> int:
    """Take the conversation's row, so that who comes second waits for it and then fails."""
    # Begun anywhere, so that one that was deleted and begun anew is not taken for the old one.
    version = state.version + 1 if state.version else secrets.randbelow(_VERSIONS) + 1
    row = {
        "version": version,
        "read_after": state.read_after,
        "carried": json.dumps(state.carried),
        "at": time.time(),
    }
    if not state.version:
        connection.execute(sa.insert(STATES).values(sender_id=sender_id, **row))
        return version
    same = sa.update(STATES).filter_by(sender_id=sender_id, version=state.version)
    if not connection.execute(same.values(**row)).rowcount:
        raise ConversationMoved
    return version
