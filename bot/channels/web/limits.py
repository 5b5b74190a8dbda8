"""How fast one conversation or one address may go."""

from __future__ import annotations

import logging
import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from bot.channels.web.hits import Hits

_log = logging.getLogger(__name__)


class Limit:
    """At most so many hits a minute and key, in a moving window.

    Args:
        name: What is counted, to keep limits that share a store apart.
        a_minute: How many hits; 0 for no limit.
        redis_url: Where replicas count together; None to count in memory.

    """

    def __init__(self, name: str, a_minute: int, redis_url: str | None) -> None:
        self._name = name
        self._item = RateLimitItemPerMinute(a_minute) if a_minute else None
        self._hits = Hits(a_minute)
        self._limiter = (
            MovingWindowRateLimiter(storage_from_string(redis_url)) if redis_url else None
        )

    def wait(self, key: str) -> int:
        """Counts a hit.

        Args:
            key: Who hits.

        Returns:
            0 when the hit is within the limit, else the whole seconds to wait.

        """
        if self._item is None:
            return 0
        if self._limiter is None:
            return self._hits.wait(key)
        try:
            if self._limiter.hit(self._item, self._name, key):
                return 0
            stats = self._limiter.get_window_stats(self._item, self._name, key)
        except Exception as error:  # the store's own errors, which differ by store
            # Losing count for a while is better than losing the conversation.
            _log.warning("Rate limits are off: the store fails with %s.", type(error).__name__)
            return 0
        return max(1, math.ceil(stats.reset_time - time.time()))
