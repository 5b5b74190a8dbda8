"""Who is served now and who waits, so that one visitor's crowd does not keep others waiting."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

Leave = Callable[[], None]


class Full(Exception):
    """The line is full."""


@dataclass
class _Line:
    served: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


class Crowd:
    """At most so many of one key are served at once; the others wait in a line of their own.

    Args:
        at_once: How many are served.
        in_line: How many may wait.

    """

    def __init__(self, at_once: int, in_line: int) -> None:
        self._at_once = at_once
        self._in_line = in_line
        self._lines: dict[str, _Line] = {}

    async def enter(self, key: str) -> Leave:
        """Waits until one more of this key may be served.

        Args:
            key: Whose line it is.

        Returns:
            What is to be called once, when it has been served.

        Raises:
            Full: when too many wait already.

        """
        line = self._lines.setdefault(key, _Line())
        if line.served < self._at_once:
            line.served += 1
        elif len(line.waiting) >= self._in_line:
            raise Full
        else:
            await self._wait(key, line)
        return lambda: self._leave(key, line)

    async def _wait(self, key: str, line: _Line) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._leave(key, line)
            elif turn in line.waiting:
                line.waiting.remove(turn)
            raise

    def _leave(self, key: str, line: _Line) -> None:
        while line.waiting:
            turn = line.waiting.popleft()
            if not turn.done():
                turn.set_result(None)  # the place goes on to the next
                return
        line.served -= 1
        if not line.served:
            del self._lines[key]
