"""Whether this replica lives, and whether it can take turns."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.metrics import READY

if TYPE_CHECKING:
    from sanic import Sanic
    from sanic.request import Request
    from sanic.response import HTTPResponse

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 2.0
_GOOD_FOR_SECONDS = 1.0
# A network that swallows what is sent tells nothing of it.
_POSTGRESQL = {
    "connect_timeout": 2,
    "tcp_user_timeout": 3000,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}
_QUESTIONS = {"sqlite": "SELECT count(*) FROM sqlite_master", "postgresql": "SELECT 1"}


class State(str, Enum):
    """What this replica is doing."""

    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"


class Health:
    """Answers whoever asks how this replica is, such as a balancer.

    Args:
        look: Asks the database something; raises where it does not answer. It may take long, and
            runs in a thread.

    """

    def __init__(self, look: Callable[[], None]) -> None:
        self._state = State.STARTING
        self._look = look
        # One thread, so that a database that never answers costs no more than that.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._looking: asyncio.Future[bool] | None = None
        self._good_until = 0.0
        self._was_reached = True

    def add_to(self, app: Sanic) -> None:
        """Adds the two routes."""
        app.add_route(self.live, "/health/live", name="live")
        app.add_route(self.ready, "/health/ready", name="ready")

    def begin(self) -> None:
        """Says that turns can be taken from now on."""
        self._state = State.READY
        READY.set(1)

    def end(self) -> None:
        """Says that this replica stops."""
        self._state = State.STOPPING
        READY.set(0)
        self._thread.shutdown(wait=False)

    async def live(self, _: Request | None = None) -> HTTPResponse:
        """GET /health/live: 200 for as long as anything is answered at all."""
        return _json({"status": "live"})

    async def ready(self, _: Request | None = None) -> HTTPResponse:
        """GET /health/ready: 200 while turns can be taken, else 503 and why not."""
        if self._state is not State.READY:
            return _not_ready({"status": self._state.value})
        if not await self._reaches_database():
            return _not_ready({"status": "unavailable", "reason": "database"})
        return _json({"status": State.READY.value})

    async def _reaches_database(self) -> bool:
        """Asks at most once a second however often we are asked, and never waits for long."""
        if self._looking is None or (self._looking.done() and time.monotonic() > self._good_until):
            self._good_until = time.monotonic() + _GOOD_FOR_SECONDS
            loop = asyncio.get_running_loop()
            self._looking = loop.run_in_executor(self._thread, self._answers)
        looking = self._looking
        done, _ = await asyncio.wait({looking}, timeout=_LOOK_SECONDS)
        is_reached = bool(done) and looking.result()
        if is_reached != self._was_reached:
            _log.warning("The database %s.", "is back" if is_reached else "cannot be reached")
        self._was_reached = is_reached
        return is_reached

    def _answers(self) -> bool:
        try:
            self._look()
        except Exception:
            return False
        return True


def database_look(database_url: str) -> Callable[[], None]:
    """Gives what asks the database something, over a connection of its own.

    Args:
        database_url: As for `bot.conversations.open_store`.

    Returns:
        A function that raises where there is no answer.

    """
    kind = sa.engine.make_url(database_url).get_backend_name()
    limits = _POSTGRESQL if kind == "postgresql" else {}
    # A connection that was lost meanwhile is replaced rather than counted as a failure.
    engine = sa.create_engine(database_url, pool_pre_ping=True, connect_args=limits)

    def look() -> None:
        with engine.connect() as connection:
            connection.execute(sa.text(_QUESTIONS[kind]))

    return look


def _not_ready(body: dict[str, str]) -> HTTPResponse:
    return _json(body, status=503, headers={"Retry-After": "2"})


def _json(body: Any, **more: Any) -> HTTPResponse:
    from sanic.response import json

    return json(body, **more)
