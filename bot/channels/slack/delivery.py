"""Delivers to Slack: a queue for each channel, in order, at Slack's pace, and never in a turn."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.outgoing import Outgoing
from bot.channels.slack.store import Store
from bot.metrics import SLACK_GIVEN_UP

_log = logging.getLogger(__name__)

_TRIES = 6
_FIRST_PAUSE = 1.0
_LONGEST_WAIT = 15 * 60
# Slack tells of trouble of its own also with status 200.
_PASSING = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}

Sleep = Callable[[float], Awaitable[None]]


@dataclass
class _Waiting:
    """Something in a queue, and who waits for it."""

    what: Outgoing
    ends: list[asyncio.Future[Any]]


class Delivery:
    """The queues of this process.

    Args:
        store: Where all replicas see how soon a channel takes another post.
        sleep: Waits; for tests.

    """

    def __init__(self, store: Store, sleep: Sleep = asyncio.sleep) -> None:
        self._store = store
        self._sleep = sleep
        self._queues: dict[str, deque[_Waiting]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self.dead = 0

    def submit(self, what: Outgoing) -> asyncio.Future[Any]:
        """Queues something and returns at once.

        Args:
            what: What is to be sent.

        Returns:
            A future, which ends with what Slack answered, or with None when it was given up; it
            never raises.

        """
        end: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        queue = self._queues.get(what.channel)
        if queue is None:
            queue = self._queues[what.channel] = deque()
            worker = asyncio.ensure_future(self._work(what.channel, queue))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        queue.append(_Waiting(what, [end]))
        return end

    async def drain(self, seconds: float) -> None:
        """Waits until all is sent, or the time is over."""
        if self._workers:
            await asyncio.wait(set(self._workers), timeout=seconds)
        left = sum(len(queue) for queue in self._queues.values())
        if left:
            _log.warning("Slack: %d messages are not sent yet; they will be after a start.", left)

    async def _work(self, channel: str, queue: deque[_Waiting]) -> None:
        while queue:
            # It stays in the queue while it is sent, so that what is left can be counted.
            answer = await self._deliver(queue)
            for end in queue.popleft().ends:
                if not end.done():
                    end.set_result(answer)
        del self._queues[channel]

    async def _deliver(self, queue: deque[_Waiting]) -> Any:
        tries, waited = 0, 0.0
        while True:
            waited += await self._wait_for_turn(queue[0].what)
            _join(queue)
            what = queue[0].what
            try:
                return await what.send()
            except Exception as error:
                refusal = refusal_of(error)
            if refusal.retry_after is not None and waited < _LONGEST_WAIT:
                waited += await self._hold(what, refusal.retry_after)
                continue
            if refusal.is_final:
                other = what.instead(refusal.code)
                if other is None:
                    return self._give_up(what, refusal.code)
                queue[0].what = other
                continue
            tries += 1
            if tries == _TRIES:
                return self._give_up(what, refusal.code)
            waited += await self._pause(_FIRST_PAUSE * 2 ** (tries - 1))

    async def _wait_for_turn(self, what: Outgoing) -> float:
        if not what.spacing:
            return 0
        try:
            seconds = await self._store.reserve(what.channel, what.spacing)
        except Exception as error:
            # Slack itself says so when it is too fast; that is better than not to answer.
            _log.warning("Slack: no pace is kept, the store fails: %s", type(error).__name__)
            return 0
        return await self._pause(seconds)

    async def _hold(self, what: Outgoing, seconds: float) -> float:
        """Keeps all replicas from posting there; what is not paced waits by itself."""
        try:
            await self._store.hold(what.channel, seconds)
        except Exception:
            return await self._pause(seconds)
        return 0 if what.spacing else await self._pause(seconds)

    async def _pause(self, seconds: float) -> float:
        if seconds:
            await self._sleep(seconds)
        return seconds

    def _give_up(self, what: Outgoing, problem: str) -> None:
        self.dead += 1
        SLACK_GIVEN_UP.inc()
        kind = type(what).__name__.lower()
        _log.error(
            "Slack: a message (%s) to %s was given up: %s (%d so far)",
            kind,
            what.channel,
            problem,
            self.dead,
        )


def _join(queue: deque[_Waiting]) -> None:
    """Makes one message of those at the head of a queue that go to the same place."""
    while len(queue) > 1:
        joined = queue[0].what.joined(queue[1].what)
        if joined is None:
            return
        first = queue.popleft()
        queue[0] = _Waiting(joined, [*first.ends, *queue[0].ends])


@dataclass(frozen=True)
class Refusal:
    """Why something was not sent.

    Args:
        code: Slack's code, or the kind of the error.
        is_final: Whether the same would be refused again.
        retry_after: How many seconds Slack wants us to wait; None when it says nothing of that.

    """

    code: str
    is_final: bool
    retry_after: float | None = None


def refusal_of(error: Exception) -> Refusal:
    """Reads an error of Slack's client, or of the connection to it."""
    response = getattr(error, "response", None)
    if response is None:
        return Refusal(type(error).__name__, is_final=False)
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    data = getattr(response, "data", None)
    code = str(data.get("error")) if isinstance(data, dict) else f"http_{status}"
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Refusal(code, False, _seconds(getattr(response, "headers", None) or {}))
    return Refusal(code, is_final=status < 500 and code not in _PASSING)


def _seconds(headers: Mapping[str, str]) -> float:
    told = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return float(told) if told.isdigit() else 1.0
