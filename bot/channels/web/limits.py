"""How fast one conversation or one address may go."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.metrics import RATE_LIMITED
from bot.shared_redis import RedisAwayError, SharedRedis

# Of the keys seen last; an attacker with more addresses than that makes others count anew.
_MOST_KEYS = 50_000

# The same as `_Window.hit`, by the clock of Redis, so that those of the replicas do not matter.
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

    Counted by the minute that began with a key's first hit; of the minute before, as much counts
    as would still be in the last sixty seconds had its hits come evenly. So a hit costs the same
    however many there were, in time and in memory.

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
        self._here = _Windows(clock, minute)
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
        seconds = await self._hit(key, self._most)
        if seconds:
            RATE_LIMITED.labels(self._name).inc()
        return seconds

    async def _hit(self, key: str, most: int) -> int:
        if self._redis is None:
            return self._here.hit(key, most)
        try:
            name = f"limit:{self._name}:{key}"
            return int(await self._redis.run(self._script, [name], most, self._minute))
        except RedisAwayError:
            return self._here.hit(key, most)


def _shared(url: str | None) -> SharedRedis | None:
    return SharedRedis(url, "limits", "each replica counts alone") if url else None


@dataclass
class _Window:
    """The minute of one key, and the minute before it."""

    start: float
    length: float
    before: int = 0
    count: int = 0

    def hit(self, now: float, most: int) -> int:
        """Counts a hit; gives the whole seconds to wait, or 0."""
        self._move_to(now)
        past = now - self.start
        if self.count + math.floor(self.before * (1 - past / self.length)) < most:
            self.count += 1
            return 0
        free = self.length
        if self.count < most:
            free = self.length * (1 - (most - self.count) / self.before)
        return max(1, math.ceil(free - past))

    def _move_to(self, now: float) -> None:
        if now - self.start >= 2 * self.length:
            self.start, self.before, self.count = now, 0, 0
        elif now - self.start >= self.length:
            self.start, self.before, self.count = self.start + self.length, self.count, 0


class _Windows:
    """The minutes of all keys that hit of late, counted in memory."""

    def __init__(self, clock: Callable[[], float], length: float) -> None:
        self._clock = clock
        self._length = length
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def hit(self, key: str, most: int) -> int:
        """Counts a hit; gives the whole seconds to wait, or 0."""
        now = self._clock()
        window = self._windows.setdefault(key, _Window(now, self._length))
        self._windows.move_to_end(key)
        if len(self._windows) > _MOST_KEYS:
            self._windows.popitem(last=False)
        return window.hit(now, most)
