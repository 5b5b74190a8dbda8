"""How fast one conversation or one address may go."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.channels.web.hits import Hits
from bot.metrics import RATE_LIMITED
from bot.shared_redis import RedisAwayError, SharedRedis

# The same as `Hits.wait`, by the clock of Redis, so that those of the replicas do not matter.
_HIT = """
local most, length = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'start', 'before', 'count')
local start, before, count = tonumber(kept[1]), tonumber(kept[2]), tonumber(kept[3])
if not start or now - start >= 2 * length or now < start then
  start, before, count = now, 0, 0
elseif now - start >= length then
  start, before, count = start + length, count, 0
end
local past = now - start
if count + math.floor(before * (1 - past / length)) >= most then
  local free = length
  if count < most then
    free = length * (1 - (most - count) / before)
  end
  return math.max(1, math.ceil(free - past))
end
redis.call('HSET', KEYS[1], 'start', string.format('%.6f', start), 'before', before,
  'count', count + 1)
redis.call('PEXPIRE', KEYS[1], math.ceil(2000 * length))
return 0
"""


class Limit:
    """At most so many hits a minute and key.

    Counted as `Hits` counts, in Redis where replicas count together.

    Args:
        name: What is counted, to keep limits that share Redis apart.
        a_minute: How many hits; 0 for no limit.
        redis_url: Where replicas count together; None to count in memory.
        clock: Gives the time in seconds, for what is counted in memory.
        minute: How many seconds a minute has.

    """

    def __init__(
        self,
        name: str,
        a_minute: int,
        redis_url: str | None,
        clock: Callable[[], float] = time.monotonic,
        minute: float = 60.0,
    ) -> None:
        self._name = name
        self._most = a_minute
        self._minute = minute
        self._here = Hits(a_minute, clock, minute)
        self._redis = (
            SharedRedis(redis_url, "limits", "each replica counts alone") if redis_url else None
        )
        self._script = self._redis.script(_HIT) if self._redis else None

    async def wait(self, key: str) -> int:
        """Counts a hit.

        Args:
            key: Who hits.

        Returns:
            0 when the hit is within the limit, else the whole seconds to wait.

        """
        if not self._most:
            return 0
        seconds = await self._hit(key)
        if seconds:
            RATE_LIMITED.labels(self._name).inc()
        return seconds

    async def _hit(self, key: str) -> int:
        if self._redis is None:
            return self._here.wait(key)
        try:
            name = f"limit:{self._name}:{key}"
            return int(await self._redis.run(self._script, [name], self._most, self._minute))
        except RedisAwayError:
            return self._here.wait(key)
