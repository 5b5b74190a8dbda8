"""Locks: one turn at a time in a conversation, in the order in which they were asked for.

They make turns wait for one another; that no two turns spoil each other is the database's work. So
while Redis is away the replicas go on, each with the locks in its own memory.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from rasa.core.lock_store import LockError, LockStore

from bot.shared_redis import RedisAwayError, SharedRedis

_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.02
_LEASE_SECONDS = 6.0
_MOST_LEFT = 1_000

# By the clock of Redis, so that those of the replicas do not matter.
_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
_QUEUE = (
    _NOW
    + """
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('ZREM', KEYS[2], gone)
end
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
  redis.call('ZADD', KEYS[1], (last[2] or 0) + 1, ARGV[1])
end
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], 2 * ARGV[2])
redis.call('PEXPIRE', KEYS[2], 2 * ARGV[2])
return redis.call('ZRANK', KEYS[1], ARGV[1])
"""
)
_RENEW = (
    _NOW
    + """
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return 0
end
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], 2 * ARGV[2])
redis.call('PEXPIRE', KEYS[2], 2 * ARGV[2])
return 1
"""
)
_LEAVE = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
"""


class Locks(LockStore):
    """Rasa's lock store, which never holds up the loop.

    A lock is waited for in this process first, and then, where Redis is set, in Redis: so each
    replica stands there once for a conversation, however many wait in it. Whoever holds a lock may
    take it again: the channel locks the turn, and Rasa locks it once more inside.

    Args:
        url: Address of Redis; None for locks in memory.
        endpoint_config: Rasa's way to say the same, from `lock_store` in `endpoints.yml`.
        lease: After how many seconds a replica that is not heard of counts as dead.
        patience: How many seconds somebody waits for a lock before giving up.

    """

    def __init__(
        self,
        url: str | None = None,
        endpoint_config: Any = None,
        lease: float = _LEASE_SECONDS,
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        url = url or getattr(endpoint_config, "url", None)
        self._patience = patience
        self._here = _QueuesHere()
        self._shared = _SharedQueues(url, lease) if url else None

    @asynccontextmanager
    async def lock(self, conversation_id: str, **_: Any) -> AsyncIterator[None]:
        """Gives the lock as an async context manager; Rasa's times for it are not needed.

        Args:
            conversation_id: What is locked.

        Raises:
            LockError: when others have held it for too long.

        """
        held = _HELD.get()
        if any(one.is_of(self, conversation_id) for one in held):
            yield
            return
        end = asyncio.get_running_loop().time() + self._patience
        async with (
            self._here.turn(conversation_id, end),
            _everywhere(self._shared, conversation_id, end),
        ):
            mine = _Hold(self, conversation_id)
            _HELD.set((*held, mine))
            try:
                yield
            finally:
                mine.is_over = True
                _HELD.set(held)


@dataclass
class _Hold:
    """A lock that is held, as seen by what is done under it."""

    locks: Locks
    key: str
    is_over: bool = False

    def is_of(self, locks: Locks, key: str) -> bool:
        # What was begun under the lock may outlive it.
        return not self.is_over and self.locks is locks and self.key == key


_HELD: ContextVar[tuple[_Hold, ...]] = ContextVar("held", default=())


class _QueuesHere:
    """Who waits for what in this process. A key is known only while it is locked."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, key: str, end: float) -> AsyncIterator[None]:
        """Holds the lock of a key; waits for it until `end`, by the loop's clock."""
        await self._join(key, end)
        try:
            yield
        finally:
            self._pass_on(key)

    async def _join(self, key: str, end: float) -> None:
        if key not in self._waiting:
            self._waiting[key] = deque()
            return
        loop = asyncio.get_running_loop()
        mine = loop.create_future()
        timer = loop.call_at(end, _give_up, mine)
        self._waiting[key].append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # it was given the lock in the same moment
                self._pass_on(key)
            raise
        finally:
            timer.cancel()

    def _pass_on(self, key: str) -> None:
        queue = self._waiting[key]
        while queue:
            following = queue.popleft()
            if not following.done():
                following.set_result(None)
                return
        del self._waiting[key]


def _give_up(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_exception(_too_long())


def _too_long() -> LockError:
    return LockError("The conversation was busy for too long.")


class _SharedQueues:
    """Which replica waits for what, in Redis: the first in a key's queue holds the lock."""

    def __init__(self, url: str, lease: float) -> None:
        self._lease = lease
        self._left: deque[tuple[list[str], str]] = deque(maxlen=_MOST_LEFT)
        self._redis = SharedRedis(
            url, "locks", "locks are kept in each replica alone", self._leave_all
        )
        self._queue, self._renew, self._leave = map(self._redis.script, (_QUEUE, _RENEW, _LEAVE))

    @asynccontextmanager
    async def turn(self, key: str, end: float) -> AsyncIterator[None]:
        """Holds the lock of a key; waits for it until `end`, by the loop's clock."""
        token = secrets.token_hex(8)
        # In braces, so that a cluster of Redis keeps both in one place.
        keys = [f"lock:{{{key}}}:order", f"lock:{{{key}}}:heard"]
        renewal: asyncio.Task[None] | None = None
        try:
            with suppress(RedisAwayError):
                await self._reach_front(keys, token, end)
                renewal = asyncio.ensure_future(self._keep(keys, token))
            yield
        finally:
            if renewal:
                renewal.cancel()
            await self._leave_queue(keys, token)

    async def _reach_front(self, keys: list[str], token: str, end: float) -> None:
        clock = asyncio.get_running_loop().time
        while await self._redis.run(self._queue, keys, token, self._lease * 1000):
            if clock() > end:
                raise _too_long()
            await asyncio.sleep(_POLL_SECONDS)

    async def _leave_queue(self, keys: list[str], token: str) -> None:
        try:
            await self._redis.run(self._leave, keys, token)
        except RedisAwayError:
            self._left.append((keys, token))

    async def _leave_all(self) -> None:
        # A Redis that hung does late what it was asked for, and nobody would stand in its queues.
        for _ in range(len(self._left)):
            await self._leave_queue(*self._left.popleft())

    async def _keep(self, keys: list[str], token: str) -> None:
        # It never joins anew: one that comes late must not stand in the queue for ever.
        is_known = 1
        while is_known:
            await asyncio.sleep(self._lease / 3)
            with suppress(RedisAwayError):
                is_known = await self._redis.run(self._renew, keys, token, self._lease * 1000)


@asynccontextmanager
async def _everywhere(shared: _SharedQueues | None, key: str, end: float) -> AsyncIterator[None]:
    if shared is None:
        yield
        return
    async with shared.turn(key, end):
        yield


@asynccontextmanager
async def one_at_a_time(locks: LockStore, conversation: str) -> AsyncIterator[None]:
    """Holds the lock of a conversation, for a turn or other work on it.

    Args:
        locks: Where the locks are kept.
        conversation: Its id.

    """
    # Rasa's own stores do not know who holds a lock, and Rasa's lock inside would wait for ours.
    key = conversation if isinstance(locks, Locks) else f"turn:{conversation}"
    async with locks.lock(key):
        yield
