"""Keeps conversations in a SQL database, for Rasa and for the channels."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import sessionmaker

from bot.conversation_tables import EVENTS, State, Window, make, read, write
from bot.database import THREADS, WAIT_SECONDS, make_tables, open_engine, overwrite
from bot.engine.tracker import RememberingTracker
from bot.errors import without_words
from bot.metrics import Stage, count, stage
from bot.settings import Settings, environment
from bot.window import EventData, carried, cut, lead_in, read_event

_log = logging.getLogger(__name__)

T = TypeVar("T")

_RETRY_SECONDS = 2
_AHEAD: ContextVar[tuple[TrackerStore, str, Window] | None] = ContextVar("ahead", default=None)


class KeptTracker(RememberingTracker):
    """A tracker that knows how much of it is kept."""

    state: State
    kept_events: int


class ConversationStore(SQLTrackerStore):
    """A tracker store of Rasa's; in endpoints.yml, `type: bot.tracker_store.ConversationStore`.

    What takes time runs in threads, so that the loop goes on. A database that does not answer
    fails the turn; nothing is ever kept in memory in its place.

    Args:
        domain: Rasa's domain; set once the model is loaded.
        host: A URL of SQLAlchemy's, for SQLite or PostgreSQL; DATABASE_URL when None.
        event_broker: Where new events are also sent to.
        patience: How many seconds a turn waits for the database.

    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        patience: float = 2 * WAIT_SECONDS,
    ) -> None:
        self.engine = open_engine(host or _database_url())
        self.sessionmaker = sessionmaker(bind=self.engine)
        self._patience = patience
        self._owed: asyncio.Future[None] | None = None
        self._threads, self._writers = self._new_threads()
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
        return await self._run_in(self._threads, work)

    async def write(self, work: Callable[[Any], T]) -> T:
        """Runs work that writes, as `run` does.

        In SQLite one writes at a time, and the others look again and again whether they may, the
        longer they wait the less often. So there writes stand in line for a thread of their own.
        """
        return await self._run_in(self._writers, work)

    async def _run_in(self, threads: ThreadPoolExecutor, work: Callable[[Any], T]) -> T:
        running = asyncio.get_running_loop().run_in_executor(threads, self._begin, work)
        try:
            return await asyncio.wait_for(running, self._patience)
        except asyncio.TimeoutError:
            self._leave_behind(threads)
            raise

    def _leave_behind(self, threads: ThreadPoolExecutor) -> None:
        """Go on with new threads and connections: those may wait for an answer for ever."""
        if threads not in (self._threads, self._writers):
            return
        for left in (self._threads, self._writers):
            left.shutdown(wait=False, cancel_futures=True)
        self._threads, self._writers = self._new_threads()
        self.engine.dispose()

    def _new_threads(self) -> tuple[ThreadPoolExecutor, ThreadPoolExecutor]:
        threads = ThreadPoolExecutor(THREADS, thread_name_prefix="conversations")
        if self.engine.dialect.name != "sqlite":
            return threads, threads
        return threads, ThreadPoolExecutor(1, thread_name_prefix="conversations-write")

    async def begin(self, sender_id: str, is_over: Callable[[Any], T]) -> T:
        """Looks whether a turn is over already, and if not, reads ahead what it needs.

        So a turn goes to the database twice, not three times: to begin and to end.

        Args:
            sender_id: The conversation's id; its lock must be held.
            is_over: As `work` of `run`; what it returns is true when the turn is over.

        Returns:
            What `is_over` returns.

        """

        def look(connection: Any) -> tuple[T, Window | None]:
            found = is_over(connection)
            return found, None if found else read(connection, sender_id)

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
                state, rows = ahead[2]
            else:
                state, rows = await self.run(lambda connection: read(connection, sender_id))
            return self._tracker(sender_id, state, rows) if rows or state.version else None

    def init_tracker(self, sender_id: str) -> KeptTracker:
        """Gives the tracker of a conversation that has not begun."""
        return KeptTracker(sender_id, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes what is new in a tracker, all of it or nothing.

        Args:
            tracker: One that this store gave, or a new one.

        Raises:
            ConversationMoved: when the conversation has gone on since the tracker was read.

        """
        # A tracker that Rasa made by itself knows nothing of this: it is of a new conversation.
        known = vars(tracker)
        state = known.get("state", State())
        events = list(islice(tracker.events, known.get("kept_events", 0), None))
        if not events:
            return
        with stage(Stage.WRITE):
            state = await self.write(
                lambda connection: write(connection, tracker.sender_id, state, events)
            )
        count(event.as_dict() for event in events)
        known.update(state=state, kept_events=len(tracker.events))
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

    async def overwrite(self) -> None:
        """Has what was deleted overwritten; where somebody still reads from before, soon after."""
        if self._owed is None and not await self.run(overwrite):
            self._owed = asyncio.ensure_future(self._overwrite_later())

    async def _overwrite_later(self) -> None:
        try:
            while not await self.run(overwrite):
                await asyncio.sleep(_RETRY_SECONDS)
        except Exception as error:
            _log.error("What was deleted still stands in a log: %s", without_words(error))
        finally:
            self._owed = None

    async def close(self) -> None:
        """Ends the threads and the connections."""
        if self._owed is not None:
            self._owed.cancel()
        for threads in (self._threads, self._writers):
            threads.shutdown(wait=False)
        self.engine.dispose()

    def _is_prepared(self) -> bool:
        """Make the tables where they are missing; tell whether the database can be reached."""
        try:
            make_tables(lambda: make(self.engine, self.Base.metadata))
        except OperationalError as error:
            _log.warning("The database cannot be used yet: %s", type(error.orig).__name__)
            return False
        return True

    def _begin(self, work: Callable[[Any], T]) -> T:
        with self.engine.begin() as connection:
            return work(connection)

    def _tracker(
        self, sender_id: str, state: State, rows: list[tuple[int, EventData]]
    ) -> KeptTracker:
        tracker = self.init_tracker(sender_id)
        if state.carried:
            _apply(tracker, lead_in(state.carried))
        place = cut([data for _, data in rows], "loop" in state.carried)
        if place:
            _apply(tracker, (read_event(data) for _, data in rows[:place]))
            state = replace(state, read_after=rows[place - 1][0], carried=carried(tracker))
        _apply(tracker, (read_event(data) for _, data in rows[place:]))
        tracker.state = state
        tracker.kept_events = len(tracker.events)
        return tracker


def _database_url() -> str:
    return Settings.from_environment(environment()).database_url


def _apply(tracker: DialogueStateTracker, events: Iterable[Event]) -> None:
    for event in events:
        tracker.update(event)
