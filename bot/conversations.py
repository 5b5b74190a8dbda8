"""Where conversations are kept: opening the stores, reading a part of one, forgetting one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import sqlalchemy as sa
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.tracker_store import (
    FailSafeTrackerStore,
    InMemoryTrackerStore,
    SQLTrackerStore,
    TrackerStore,
)

from bot.errors import BotError
from bot.ratings import Ratings
from bot.setting_values import sqlite_path

Event = dict[str, Any]

_SAID = ("user", "bot")
_BUSY_SECONDS = 30
_POLL_SECONDS = 0.05
_PRAGMAS = (
    "journal_mode=WAL",
    # Safe against a crash of the process; only a power cut can take the very last turns.
    "synchronous=NORMAL",
    f"busy_timeout={_BUSY_SECONDS * 1000}",
    "secure_delete=ON",
)


def open_store(database_url: str) -> SQLTrackerStore:
    """Opens the tracker store, and makes the file and the tables where they are missing.

    Args:
        database_url: A URL of SQLAlchemy's, for SQLite or PostgreSQL.

    Returns:
        Rasa's store. SQLite is set up so that readers and a writer do not lock each other out and
        what is deleted is overwritten.

    """
    _make_folder(database_url)
    store = SQLTrackerStore(host=database_url)
    _set_up(store.engine)
    return store


def open_engine(database_url: str) -> Any:
    """Opens the same database for what a channel keeps beside the conversations.

    Args:
        database_url: As for `open_store`.

    Returns:
        An engine of SQLAlchemy's; what is deleted in SQLite is overwritten here too.

    """
    _make_folder(database_url)
    # A connection that the database has closed meanwhile is replaced rather than failing.
    engine = sa.create_engine(database_url, pool_pre_ping=True)
    _set_up(engine)
    return engine


def _make_folder(database_url: str) -> None:
    file = sqlite_path(database_url)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)


def _set_up(engine: Any) -> None:
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)


def _set_up_sqlite(connection: Any, _: Any) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()


def open_locks(redis_url: str | None) -> LockStore:
    """Opens the store of locks: Redis, which several replicas share, or this process's memory."""
    return SharedLockStore(redis_url) if redis_url else PromptLockStore()


class PromptLockStore(InMemoryLockStore):
    """Rasa's locks in memory; who waits for one looks more often than once a second."""

    def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = _POLL_SECONDS,
    ) -> Any:
        """Gives the lock as an async context manager; see Rasa's `LockStore.lock`."""
        return super().lock(conversation_id, lock_lifetime, wait_time_in_seconds)


class SharedLockStore(RedisLockStore):
    """Rasa's locks in Redis, made safe for several replicas.

    Rasa reads a lock, changes it and writes it back: two replicas that do so at once both hold it.
    Here each such step is taken under a short mutex.

    Args:
        url: Address of Redis.

    """

    def __init__(self, url: str) -> None:
        super().__init__(**_redis_arguments(url))

    @contextmanager
    def _mutex(self, conversation_id: str) -> Iterator[None]:
        name = f"{self.key_prefix}mutex:{conversation_id}"
        with self.red.lock(name, timeout=10, sleep=0.005, blocking_timeout=10):
            yield

    def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = _POLL_SECONDS,
    ) -> Any:
        """Gives the lock as an async context manager; see Rasa's `LockStore.lock`."""
        return super().lock(conversation_id, lock_lifetime, wait_time_in_seconds)

    def issue_ticket(self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME) -> int:
        """Queues for the lock and gives the place in the queue."""
        with self._mutex(conversation_id):
            ticket: int = super().issue_ticket(conversation_id, lock_lifetime)
            return ticket

    def update_lock(self, conversation_id: str) -> None:
        """Drops tickets that have expired."""
        with self._mutex(conversation_id):
            super().update_lock(conversation_id)

    def cleanup(self, conversation_id: str, ticket_number: int) -> None:
        """Leaves the queue, and takes the lock away when nobody waits."""
        with self._mutex(conversation_id):
            super().cleanup(conversation_id, ticket_number)


def _redis_arguments(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    number = parts.path.strip("/") or parse_qs(parts.query).get("db", ["0"])[0]
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or 6379,
        "db": int(number) if number.isdigit() else 0,
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "use_ssl": parts.scheme == "rediss",
    }


class Conversations:
    """Reads and forgets conversations in any tracker store of Rasa's.

    What was said is read as plain events: Rasa's own way rebuilds the whole tracker, which takes
    longer the longer the conversation is.

    Args:
        store: The store; one that is wrapped by Rasa's `FailSafeTrackerStore` is unwrapped, so
            that an outage is an error rather than an empty conversation.

    """

    def __init__(self, store: TrackerStore) -> None:
        while isinstance(store, FailSafeTrackerStore):
            store = store._tracker_store
        self._store = store

    async def said(self, conversation: str) -> list[Event]:
        """Gives all that the person and the bot said, oldest first, over all sessions."""
        if isinstance(self._store, SQLTrackerStore):
            return self._rows(conversation, _SAID)
        return await self._rebuilt(conversation)

    async def exists(self, conversation: str) -> bool:
        """Tells whether anything has been said in a conversation."""
        if not isinstance(self._store, SQLTrackerStore):
            return bool(await self._rebuilt(conversation))
        columns = self._store.SQLEvent
        with self._store.session_scope() as session:
            first = session.query(columns.id).filter(columns.sender_id == conversation).first()
        return first is not None

    async def turn(self, conversation: str, message_id: str) -> list[Event]:
        """Gives the message with this id and what was said after it; empty when there is none."""
        if not isinstance(self._store, SQLTrackerStore):
            return await self._rebuilt(conversation)
        columns = self._store.SQLEvent
        with self._store.session_scope() as session:
            first = (
                session.query(sa.func.min(columns.id))
                .filter(columns.sender_id == conversation, columns.type_name == "user")
                .filter(columns.data.contains(json.dumps(message_id), autoescape=True))
                .scalar()
            )
        return [] if first is None else self._rows(conversation, _SAID, columns.id >= first)

    async def offers(self, conversation: str, payload: str) -> list[Event]:
        """Gives what the bot said that may hold this payload; whether it does is to be checked."""
        if not isinstance(self._store, SQLTrackerStore):
            return await self._rebuilt(conversation)
        # Found in the text of the row, so that a press does not cost more in a long conversation.
        holds = self._store.SQLEvent.data.contains(json.dumps(payload), autoescape=True)
        return self._rows(conversation, ("bot",), holds)

    async def rate(self, conversation: str, message_id: str, rating: str | None) -> None:
        """Keeps what the person thinks of the answer to a message.

        Args:
            conversation: Its id.
            message_id: The id of the message that was answered.
            rating: "up" or "down", in the place of an earlier one; None takes it back.

        Raises:
            BotError: when the store is one that keeps no ratings.

        """
        if not isinstance(self._store, SQLTrackerStore):
            raise self._unable("rated in")
        Ratings(self._store).keep(conversation, message_id, rating)

    async def ratings(self, conversation: str) -> dict[str, str]:
        """Gives the ratings of the answers by the id of the message answered."""
        if not isinstance(self._store, SQLTrackerStore):
            return {}
        return Ratings(self._store).of(conversation)

    async def forget(self, conversation: str) -> int:
        """Deletes a conversation for good, with its ratings.

        Args:
            conversation: Its id.

        Returns:
            How many events were deleted; 0 when there was no such conversation.

        Raises:
            BotError: when the store is one that this cannot delete from.

        """
        if isinstance(self._store, SQLTrackerStore):
            return self._delete_rows(conversation)
        if isinstance(self._store, InMemoryTrackerStore):
            return 1 if self._store.store.pop(conversation, None) else 0
        raise self._unable("deleted from")

    def _unable(self, what: str) -> BotError:
        return BotError(
            f"conversations cannot be {what} {type(self._store).__name__}",
            "use a SQL database, see DATABASE_URL",
        )

    def _rows(self, conversation: str, kinds: Iterable[str], *conditions: Any) -> list[Event]:
        columns = self._store.SQLEvent
        with self._store.session_scope() as session:
            rows = (
                session.query(columns.data)
                .filter(columns.sender_id == conversation, columns.type_name.in_(kinds))
                .filter(*conditions)
                .order_by(columns.id)
                .all()
            )
        return [json.loads(data) for (data,) in rows]

    def _delete_rows(self, conversation: str) -> int:
        Ratings(self._store).forget(conversation)
        with self._store.session_scope() as session:
            deleted: int = (
                session.query(self._store.SQLEvent)
                .filter(self._store.SQLEvent.sender_id == conversation)
                .delete(synchronize_session=False)
            )
            session.commit()
            if self._store.engine.dialect.name == "sqlite":
                # What was written of late still stands in the write-ahead log.
                session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return deleted

    async def _rebuilt(self, conversation: str) -> list[Event]:
        tracker = await self._store.retrieve_full_tracker(conversation)
        events = (event.as_dict() for event in tracker.events) if tracker else ()
        return [event for event in events if event.get("event") in _SAID]


@asynccontextmanager
async def one_at_a_time(locks: LockStore, key: str) -> AsyncIterator[None]:
    """Holds a lock that all replicas share, for work on one conversation.

    Args:
        locks: Where the locks are kept.
        key: What is locked; not a conversation's id, which Rasa itself locks for each turn.

    """
    async with locks.lock(key, wait_time_in_seconds=_POLL_SECONDS):
        yield
