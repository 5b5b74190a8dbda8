"""Counts hits in memory."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

# Of the keys seen last; an attacker with more addresses than that makes others count anew.
_MOST_KEYS = 50_000


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


class Hits:
    """At most so many hits a minute for each key.

    Counted by the minute that began with a key's first hit; of the minute before, as much counts
    as would still be in the last sixty seconds had its hits come evenly. So a hit costs the same
    however many there were, in time and in memory.

    Args:
        most: How many hits.
        clock: Gives the time in seconds.
        minute: How many seconds a minute has.

    """

    def __init__(
        self, most: int, clock: Callable[[], float] = time.monotonic, minute: float = 60.0
    ) -> None:
        self._most = most
        self._clock = clock
        self._minute = minute
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def wait(self, key: str) -> int:
        """Counts a hit.

        Args:
            key: Who hits.

        Returns:
            0 when the hit is within the limit, else the whole seconds to wait.

        """
        now = self._clock()
        window = self._windows.setdefault(key, _Window(now, self._minute))
        self._windows.move_to_end(key)
        if len(self._windows) > _MOST_KEYS:
            self._windows.popitem(last=False)
        return window.hit(now, self._most)
