"""Keeps conversations in a SQL database, for Rasa and for the channels.

Beside Rasa's table of events stand two of our own: `conversation_states`, a row a conversation,
tells where the part that a turn needs begins and what was so before it; `taken_messages`, a row an
answered message, is what a message that is sent again is recognised by. Events, state and message
are written in one transaction that fails as a whole when the conversation has gone on meanwhile,
so that the database itself sees to it that no message is taken twice, whatever locks do.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import sessionmaker

from bot.database import THREADS, WAIT_SECONDS, make_tables, open_engine
from bot.engine.tracker import RememberingTracker
from bot.errors import BotError
from bot.metrics import Stage, count, stage
from bot.ratings import RATINGS
from bot.settings import Settings, environment
from bot.window import Carried, EventData, carried, cut, lead_in, read_event, session_start

_log = logging.getLogger(__name__)

T = TypeVar("T")

_RETRY_SECONDS = 2
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
class _Read:
    """What a conversation's state was when it was read.

    Args:
        version: How often it has been written; 0 where there is no row of its state.
        last_event: The id of its last event; 0 where there is none.
        read_after: The id of the event after which the next turn reads.
        carried: What was so up to there.

    """

    version: int = 0
    last_event: int = 0
    read_after: int = 0
    carried: Carried = field(default_factory=dict)


_Window = tuple[_Read, list[tuple[int, EventData]]]
_AHEAD: ContextVar[tuple[TrackerStore, str, _Window] | None] = ContextVar("ahead", default=None)


class KeptTracker(RememberingTracker):
    """A tracker that knows how much of it is kept."""

    read = _Read()
    kept_events = 0


class ConversationStore(SQLTrackerStore):
    """A tracker store of Rasa's; in endpoints.yml, `type: bot.tracker_store.ConversationStore`.

    What takes time runs in threads, so that the loop goes on. A database that does not answer
    fails the turn; nothing is ever kept in memory in its place.

    Args:
        domain: Rasa's domain; set once the model is loaded.
        host: A URL of SQLAlchemy's, for SQLite or PostgreSQL; DATABASE_URL when None.
        event_broker: Where new events are also sent to.

    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
    ) -> None:
        self.engine = open_engine(host or _database_url())
        self.sessionmaker = sessionmaker(bind=self.engine)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="conversations")
        while not self._is_prepared():
            time.sleep(_RETRY_SECONDS)
        TrackerStore.__init__(self, domain, event_broker)

    async def run(self, work: Callable[[Any], T]) -> T:
        """Runs work on the database in a thread.

        Args:
            work: Takes a connection of SQLAlchemy's, in a transaction that is committed when it
                returns and rolled back when it raises.

        Returns:
            What `work` returns.

        Raises:
            asyncio.TimeoutError: when the database takes too long.
            sqlalchemy.exc.SQLAlchemyError: when it fails.

        """
        running = asyncio.get_running_loop().run_in_executor(self._threads, self._begin, work)
        return await asyncio.wait_for(running, 2 * WAIT_SECONDS)

    async def begin(self, sender_id: str, is_over: Callable[[Any], T]) -> T:
        """Looks whether a turn is over already, and if not, reads ahead what it needs.

        So a turn goes to the database twice, not three times: to begin and to end.

        Args:
            sender_id: The conversation's id; its lock must be held.
            is_over: As `work` of `run`; what it returns is true when the turn is over.

        Returns:
            What `is_over` returns.

        """

        def look(connection: Any) -> tuple[T, _Window | None]:
            found = is_over(connection)
            return found, None if found else self._window(connection, sender_id)

        found, window = await self.run(look)
        _AHEAD.set((self, sender_id, window) if window else None)
        return found

    async def retrieve(self, sender_id: str) -> KeptTracker | None:
        """Gives a tracker of the last few turns, with what was so before them.

        Args:
            sender_id: The conversation's id.

        Returns:
            The tracker, or None where nothing has been said.

        """
        with stage(Stage.READ):
            ahead = _AHEAD.get()
            _AHEAD.set(None)
            if ahead is not None and ahead[:2] == (self, sender_id):
                read, rows = ahead[2]
            else:
                read, rows = await self.run(lambda connection: self._window(connection, sender_id))
            return self._tracker(sender_id, read, rows) if rows else None

    def init_tracker(self, sender_id: str) -> KeptTracker:
        """Gives the tracker of a conversation that has not begun."""
        return KeptTracker(sender_id, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes what is new in a tracker, all of it or nothing.

        Args:
            tracker: One that this store gave.

        Raises:
            ConversationMoved: when the conversation has gone on since the tracker was read.
            TypeError: for a tracker of another store's.

        """
        if not isinstance(tracker, KeptTracker):
            raise TypeError("Only a tracker that this store gave can be saved.")
        events = list(islice(tracker.events, tracker.kept_events, None))
        if not events:
            return
        rows = [_row(tracker.sender_id, event) for event in events]
        taken = set(_answered(events))
        with stage(Stage.WRITE):
            tracker.read = await self.run(
                lambda connection: _write(connection, tracker.sender_id, tracker.read, rows, taken)
            )
        count(event.as_dict() for event in events)
        tracker.kept_events = len(tracker.events)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, events, tracker.sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Gives a tracker of all that has happened in a conversation; it cannot be saved."""
        every = sa.select(EVENTS.c.data).filter_by(sender_id=conversation_id).order_by(EVENTS.c.id)
        found = await self.run(lambda connection: connection.execute(every).scalars().all())
        if not found:
            return None
        events = [read_event(json.loads(data)) for data in found]
        return DialogueStateTracker.from_events(conversation_id, events, self.domain.slots)

    async def close(self) -> None:
        """Ends the threads and the connections."""
        self._threads.shutdown(wait=False)
        self.engine.dispose()

    def _is_prepared(self) -> bool:
        """Make the tables where they are missing; tell whether the database can be reached."""
        try:
            make_tables(self._make_tables)
        except OperationalError as error:
            _log.warning("The database cannot be used yet: %s", type(error.orig).__name__)
            return False
        return True

    def _make_tables(self) -> None:
        self.Base.metadata.create_all(self.engine)
        _METADATA.create_all(self.engine)
        RATINGS.create(self.engine, checkfirst=True)
        _BY_CONVERSATION.create(self.engine, checkfirst=True)

    def _begin(self, work: Callable[[Any], T]) -> T:
        with self.engine.begin() as connection:
            return work(connection)

    def _window(self, connection: Any, sender_id: str) -> _Window:
        state = connection.execute(sa.select(STATES).filter_by(sender_id=sender_id)).first()
        after = state.read_after if state else 0
        query = sa.select(EVENTS.c.id, EVENTS.c.data).where(
            EVENTS.c.sender_id == sender_id, EVENTS.c.id > after
        )
        found = connection.execute(query.order_by(EVENTS.c.id)).fetchall()
        rows = [(number, json.loads(data)) for number, data in found]
        last = rows[-1][0] if rows else after
        if state is not None:
            return _Read(state.version, last, after, json.loads(state.carried)), rows
        # Kept by Rasa's own store, which goes by the latest session.
        start = session_start([data for _, data in rows])
        before = rows[start - 1][0] if start else 0
        return _Read(last_event=last, read_after=before), rows[start:]

    def _tracker(
        self, sender_id: str, read: _Read, rows: list[tuple[int, EventData]]
    ) -> KeptTracker:
        tracker = self.init_tracker(sender_id)
        if read.carried:
            _apply(tracker, lead_in(read.carried))
        place = cut([data for _, data in rows], "loop" in read.carried)
        if place:
            _apply(tracker, (read_event(data) for _, data in rows[:place]))
            read = replace(read, read_after=rows[place - 1][0], carried=carried(tracker))
        _apply(tracker, (read_event(data) for _, data in rows[place:]))
        tracker.read = read
        tracker.kept_events = len(tracker.events)
        return tracker


def _database_url() -> str:
    return Settings.from_environment(environment()).database_url


def _apply(tracker: DialogueStateTracker, events: Iterable[Event]) -> None:
    for event in events:
        tracker.update(event)


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


def _write(
    connection: Any, sender_id: str, read: _Read, rows: list[dict[str, Any]], taken: set[str]
) -> _Read:
    read = replace(read, version=read.version + 1)
    try:
        _claim(connection, sender_id, read)
        if taken:
            place = {"sender_id": sender_id, "after_event": read.last_event}
            messages = [{**place, "message_id": one} for one in taken]
            connection.execute(sa.insert(TAKEN), messages)
    except IntegrityError as error:
        raise ConversationMoved from error
    connection.execute(sa.insert(EVENTS), rows)
    return read


def _claim(connection: Any, sender_id: str, read: _Read) -> None:
    """Take the conversation's row, so that who comes second waits for it and then fails."""
    state = {
        "version": read.version,
        "read_after": read.read_after,
        "carried": json.dumps(read.carried),
        "at": time.time(),
    }
    if read.version == 1:
        connection.execute(sa.insert(STATES).values(sender_id=sender_id, **state))
        return
    same = sa.update(STATES).filter_by(sender_id=sender_id, version=read.version - 1)
    if not connection.execute(same.values(**state)).rowcount:
        raise ConversationMoved
