"""Counts hits in memory."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

_MINUTE = 60.0


class Hits:
    """At most so many hits in any minute for each key.

    The library that counts in Redis can count in memory too, but looks through all keys, again and
    again, for those that have expired: the more people talk, the longer all of them wait.

    Args:
        most: How many hits.
        clock: Gives the time in seconds; for tests.

    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        # The key that was hit last stands at the end.
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        """Gives how many keys are kept: those that were hit in the last minute."""
        return len(self._hits)

    def wait(self, key: str) -> int:
        """Counts a hit.

        Args:
            key: Who hits.

        Returns:
            0 when the hit is within the limit, else the whole seconds to wait.

        """
        now = self._clock()
        over = now - _MINUTE
        while self._hits and next(iter(self._hits.values()))[-1] <= over:
            self._hits.popitem(last=False)
        hits = self._hits.get(key)
        if hits is None:
            hits = self._hits[key] = deque()
        while hits and hits[0] <= over:
            hits.popleft()
        if len(hits) >= self._most:
            return max(1, math.ceil(hits[0] - over))
        hits.append(now)
        self._hits.move_to_end(key)
        return 0
