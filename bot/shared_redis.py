"""Redis as something that may be away: quick to notice, never in the way, and noticed when back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from bot.metrics import REDIS_AWAY, store_failed

_log = logging.getLogger(__name__)

_CONNECTIONS = 20
_ANSWER_SECONDS = 1.0
_LOOK_SECONDS = 1.0
_FAILURES = (RedisError, OSError, asyncio.TimeoutError)


class RedisAwayError(Exception):
    """Redis cannot be asked now; whoever asks goes on without it."""


class SharedRedis:
    """Runs scripts in Redis, and asks nothing of it while it is away.

    The first call that fails is what somebody waits for, a second at most. From then on each call
    fails at once, while Redis is looked for beside them.

    Args:
        url: Address of Redis.
        store: What is kept there, for the metrics.
        meanwhile: What happens while it is away, for the log.
        when_back: What is to be done once it is back.

    """

    def __init__(
        self,
        url: str,
        store: str,
        meanwhile: str,
        when_back: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_ANSWER_SECONDS,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
        )
        self._client: Redis[bytes] = Redis(connection_pool=pool)
        self._store = store
        self._meanwhile = meanwhile
        self._when_back = when_back
        self._looking: asyncio.Task[None] | None = None

    @property
    def is_away(self) -> bool:
        """Whether Redis could not be asked the last time."""
        return self._looking is not None

    def script(self, text: str) -> AsyncScript:
        """Gives a script in Lua, for `run`."""
        return self._client.register_script(text)

    async def run(self, script: AsyncScript, keys: list[str], *arguments: str | float) -> Any:
        """Runs a script.

        Args:
            script: From `script`.
            keys: The keys that it works on.
            arguments: What else it gets.

        Returns:
            What it gives.

        Raises:
            RedisAwayError: when Redis does not answer, or not in time.

        """
        if self.is_away:
            raise RedisAwayError
        try:
            # To its end even if whoever asked is cancelled, which redis-py would lose.
            return await asyncio.shield(script(keys=keys, args=arguments))
        except _FAILURES as error:
            self._begin_to_look(error)
            raise RedisAwayError from error

    def _begin_to_look(self, error: Exception) -> None:
        store_failed(self._store, error)
        if self._looking is None:
            _log.warning("Redis is away (%s): %s.", type(error).__name__, self._meanwhile)
            REDIS_AWAY.labels(self._store).set(1)
            self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        # No connection from before is used again: each might fail once more.
        with suppress(Exception):
            await self._client.connection_pool.disconnect()
        while not await self._answers():
            await asyncio.sleep(_LOOK_SECONDS)
        self._looking = None
        REDIS_AWAY.labels(self._store).set(0)
        _log.warning("Redis is back.")
        if self._when_back:
            await self._when_back()

    async def _answers(self) -> bool:
        try:
            # A write: one that is still loading, or may only be read, is of no use.
            await self._client.set("sourcing-advisor:look", "1", px=1000)
        except Exception:  # whatever redis-py makes of a connection that is gone
            return False
        return True
