"""Work that goes on after Slack has its acknowledgement, and is not lost by a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from rasa.core.lock_store import LockError
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.slack.store import Body, Store
from bot.errors import without_words
from bot.metrics import SLACK_UNDER_WAY

_log = logging.getLogger(__name__)

_ABANDONED_SECONDS = 10
_LOOK_SECONDS = 2
_LOOKS_A_TIDYING = 1_800  # an hour

Again = Callable[[str, Body], Awaitable[None]]


class Inbox:
    """The work of this process, and what other processes left undone.

    Args:
        store: Where events stand until they are answered.
        again: Takes an event up again.

    """

    def __init__(self, store: Store, again: Again) -> None:
        self._store = store
        self._again = again
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._watch: asyncio.Task[None] | None = None
        SLACK_UNDER_WAY.set_function(lambda: len(self._at_work))

    def start(self, event_id: str, work: Coroutine[Any, Any, None]) -> None:
        """Starts the work on an event; when it has ended, the event leaves the inbox."""
        self._at_work[event_id] = asyncio.ensure_future(self._do(event_id, work))

    async def dismiss(self, event_id: str) -> None:
        """Lets an event leave the inbox for which no work was started."""
        if event_id not in self._at_work:
            await self._store.finish(event_id)

    def watch(self) -> None:
        """Begins to look for events that nobody works on any more."""
        self._watch = asyncio.ensure_future(self._look())

    async def finish(self, seconds: float) -> None:
        """Waits until the work under way has ended, or the time is over."""
        if self._watch:
            self._watch.cancel()
        if self._at_work:
            await asyncio.wait(set(self._at_work.values()), timeout=seconds)

    async def _do(self, event_id: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
            await self._store.finish(event_id)
        except (SQLAlchemyError, LockError, asyncio.TimeoutError) as error:
            # It stays in the inbox, and is taken up again when the store may be back.
            _log.error("Slack: an event waits for the store: %s", without_words(error))
        except Exception as error:
            _log.error("Slack: an event failed with %s", without_words(error))
            await self._store.finish(event_id)
        finally:
            self._at_work.pop(event_id, None)

    async def _look(self) -> None:
        looks = 0
        while True:
            try:
                await self._take_over()
                if looks % _LOOKS_A_TIDYING == 0:
                    await self._store.forget_old()
            except Exception as error:
                _log.warning("Slack: the inbox cannot be read: %s", type(error).__name__)
            looks += 1
            await asyncio.sleep(_LOOK_SECONDS)

    async def _take_over(self) -> None:
        if self._at_work:
            await self._store.renew(self._at_work)
        for event_id, body in await self._store.claim(_ABANDONED_SECONDS):
            if event_id not in self._at_work:
                _log.info("Slack: an event that was left undone is taken up again.")
                await self._again(event_id, body)
