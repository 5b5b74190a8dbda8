"""A visible sign that the assistant is at work, where that takes long enough to wonder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

_AFTER_SECONDS = 1.0

Step = Callable[[], Awaitable[None]]


@asynccontextmanager
async def sign(show: Step, hide: Step, after: float = _AFTER_SECONDS) -> AsyncIterator[None]:
    """Shows a sign while something takes longer than so many seconds.

    Args:
        show: Shows it; must not raise.
        hide: Takes it away again; must not raise.
        after: The seconds.

    """
    is_shown = asyncio.Event()

    async def wait() -> None:
        await asyncio.sleep(after)
        is_shown.set()
        await show()

    waiting = asyncio.ensure_future(wait())
    try:
        yield
    finally:
        if is_shown.is_set():
            await waiting
            await hide()
        else:
            waiting.cancel()
