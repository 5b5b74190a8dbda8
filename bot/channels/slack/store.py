"""What the Slack channel keeps in the database, where all replicas see it.

Nothing here holds what people said, but for the inbox: an event as Slack sent it stands there from
when it is acknowledged until its answer is delivered, so that a crash in between loses nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.database import clock_of, make_tables, open_engine
from bot.metrics import store_failed

_log = logging.getLogger(__name__)

Body = dict[str, Any]
T = TypeVar("T")

_THREADS = 4
_KEPT_SECONDS = 3 * 24 * 60 * 60
_UNDONE_SECONDS = 60 * 60
_MOST_TRIES = 3
_METADATA = sa.MetaData()
_SEEN = sa.Table(
    "slack_seen",
    _METADATA,
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
INBOX = sa.Table(
    "slack_inbox",
    _METADATA,
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
_PACE = sa.Table(
    "slack_pace",
    _METADATA,
    sa.Column("channel", sa.String(255), primary_key=True),
    sa.Column("free_at", sa.Float, nullable=False),
)
LATEST = sa.Table(
    "slack_latest",
    _METADATA,
    sa.Column("person", sa.String(255), primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False),
)


class Store:
    """The channel's tables. What takes time runs in threads, so that the loop goes on.

    Args:
        database_url: The database of the conversations.
        clock: Gives the time in seconds since 1970; the database's clock when None, since those
            of the replicas may differ.

    """

    def __init__(self, database_url: str, clock: Callable[[], float] | None = None) -> None:
        self.engine = open_engine(database_url)
        self._clock = clock or clock_of(self.engine)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="slack-store")

    async def prepare(self) -> None:
        """Makes the tables where they are missing."""
        await self._run(lambda: make_tables(lambda: _METADATA.create_all(self.engine)))

    async def take(self, ids: Iterable[str], body: Body | None = None) -> bool:
        """Takes an event, once over all replicas.

        Args:
            ids: All ids that the event can be recognised by; the first names it in the inbox.
            body: What is kept in the inbox until `finish`; None for nothing.

        Returns:
            Whether it is new: None of the ids has been taken before.

        """
        return await self._run(lambda: self._take(list(ids), body))

    async def has_taken(self, ids: Iterable[str]) -> bool:
        """Tells whether any of these ids has been taken, by whatever replica."""
        query = sa.select(_SEEN.c.id).where(_SEEN.c.id.in_(list(ids))).limit(1)
        return await self._run(lambda: self._read(query)) is not None

    async def release(self, event_id: str) -> None:
        """Lets an event be taken again, since it came to nothing."""
        await self._run(lambda: self._write(_SEEN.delete().where(_SEEN.c.id == event_id)))

    async def finish(self, event_id: str) -> None:
        """Takes an event out of the inbox: its answer has been delivered."""
        await self._run(lambda: self._write(INBOX.delete().where(INBOX.c.id == event_id)))

    async def renew(self, event_ids: Iterable[str]) -> None:
        """Tells the other replicas that these events are being worked on here."""
        ids = list(event_ids)
        mine = INBOX.update().where(INBOX.c.id.in_(ids))
        await self._run(lambda: self._write(mine.values(at=self._clock())))

    async def claim(self, older_than: float) -> list[tuple[str, Body]]:
        """Takes over what nobody has worked on for so many seconds.

        Returns:
            The events' ids and bodies, oldest first; no other replica gets them too. What was
            tried three times is dropped instead: it may be what brings the server down.

        """
        return await self._run(lambda: self._claim(self._clock() - older_than))

    async def forget_old(self) -> None:
        """Forgets what is over: seen events, paces, and events that nobody could finish."""
        now = await self._run(self._clock)
        limit, undone = now - _KEPT_SECONDS, now - _UNDONE_SECONDS
        for old in (
            _SEEN.delete().where(_SEEN.c.at < limit),
            _PACE.delete().where(_PACE.c.free_at < limit),
            INBOX.delete().where(INBOX.c.since < undone),
        ):
            await self._run(partial(self._write, old))

    async def reserve(self, channel: str, spacing: float) -> float:
        """Takes the next turn to post in a channel, over all replicas.

        Args:
            channel: The channel's id.
            spacing: How many seconds apart posts should be.

        Returns:
            How many seconds to wait for it.

        """
        return await self._run(lambda: self._reserve(channel, spacing))

    async def hold(self, channel: str, seconds: float) -> None:
        """Tells all replicas not to post in a channel for so many seconds."""
        await self._run(lambda: self._hold(channel, seconds))

    async def set_latest(self, person: str, conversation: str) -> None:
        """Remembers in which conversation a person was last recommended something."""
        await self._run(lambda: self._set_latest(person, conversation))

    async def latest(self, person: str) -> str | None:
        """Gives the conversation that a person was last recommended something in."""
        query = sa.select(LATEST.c.conversation).where(LATEST.c.person == person)
        return await self._run(lambda: self._read(query))

    async def close(self) -> None:
        """Ends the threads and the connections."""
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        self.engine.dispose()

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except Exception as error:
            store_failed("slack", error)
            raise

    def _write(self, *statements: Any) -> int:
        with self.engine.begin() as connection:
            return sum(connection.execute(statement).rowcount for statement in statements)

    def _read(self, query: Any) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    def _take(self, ids: list[str], body: Body | None) -> bool:
        now = self._clock()
        rows = [_SEEN.insert().values(id=one, at=now) for one in ids]
        if body is not None:
            kept = {"id": ids[0], "since": now, "at": now, "tries": 1, "body": json.dumps(body)}
            rows.append(INBOX.insert().values(**kept))
        try:
            self._write(*rows)
        except IntegrityError:
            return False
        return True

    def _claim(self, limit: float) -> list[tuple[str, Body]]:
        hopeless = INBOX.delete().where(INBOX.c.at < limit, INBOX.c.tries >= _MOST_TRIES)
        if dropped := self._write(hopeless):
            _log.error("Slack: %d events were given up after %d tries.", dropped, _MOST_TRIES)
        query = sa.select(INBOX).where(INBOX.c.at < limit)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(INBOX.c.since)).fetchall()
        return [(row.id, json.loads(row.body)) for row in rows if self._is_mine(row)]

    def _is_mine(self, row: Any) -> bool:
        # Whoever moves the time first has it.
        ours = INBOX.update().where(INBOX.c.id == row.id, INBOX.c.at == row.at)
        return bool(self._write(ours.values(at=self._clock(), tries=row.tries + 1)))

    def _reserve(self, channel: str, spacing: float) -> float:
        now = self._clock()
        free_at = self._move(channel, lambda free_at: max(free_at, now) + spacing)
        return max(0.0, free_at - spacing - now)

    def _hold(self, channel: str, seconds: float) -> None:
        until = self._clock() + seconds
        self._move(channel, lambda free_at: max(free_at, until))

    def _move(self, channel: str, to: Callable[[float], float]) -> float:
        """Moves the time from which a channel is free; another replica may do so meanwhile."""
        while True:
            old = self._read(sa.select(_PACE.c.free_at).where(_PACE.c.channel == channel))
            new = to(old or 0.0)
            if old is None and self._insert(_PACE, channel=channel, free_at=new):
                return new
            same = _PACE.update().where(_PACE.c.channel == channel, _PACE.c.free_at == old)
            if old is not None and self._write(same.values(free_at=new)):
                return new

    def _insert(self, table: Any, **values: Any) -> bool:
        try:
            self._write(table.insert().values(**values))
        except IntegrityError:
            return False
        return True

    def _set_latest(self, person: str, conversation: str) -> None:
        if not self._insert(LATEST, person=person, conversation=conversation):
            row = LATEST.update().where(LATEST.c.person == person)
            self._write(row.values(conversation=conversation))
