"""Lets a fault happen while visitors talk, and tells what became of what they said."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.faults import Fault
from tests.faults.visitors import Crowd, Record
from tests.support.cluster import Cluster
from tests.support.until import until

_CALM_SECONDS = 3.0
_PATIENCE_SECONDS = 120.0
# What Rasa says when it goes on in memory, without the database.
_IN_MEMORY = ("FailSafeTrackerStore", "InMemoryTrackerStore", "fallback tracker store")


@dataclass(frozen=True)
class Result:
    """What became of what the visitors said.

    Args:
        name: The fault.
        visitors: How many talked at once.
        record: What they saw.
        seconds: How long it took until every message was answered at once again; 0 when none was
            held up after the service should have been whole.
        limit: How long it may take.
        in_memory: Whether Rasa went on in memory.
    """

    name: str
    visitors: int
    record: Record
    seconds: float
    limit: float
    in_memory: bool = False

    @property
    def faults(self) -> list[str]:
        """What must not be, in words; empty when all is well."""
        found = [f"{count} {kind}" for kind, count in self.record.found.items() if count]
        found += self.record.wrong[:5]
        if self.record.silent:
            found.append(f"{self.record.silent} times there was no sign of life")
        if self.seconds > self.limit:
            found.append(f"whole after {self.seconds:.1f} s, not within {self.limit:g}")
        if self.in_memory:
            found.append("Rasa went on in memory")
        return found


def run(cluster: Cluster, fault: Fault, visitors: int, seconds: float) -> Result:
    """Lets a fault happen in a cluster.

    Args:
        cluster: Replicas and what they stand on, running.
        fault: What happens.
        visitors: How many talk at once.
        seconds: How long what is away stays away.

    Returns:
        What became of what they said, once all histories have been read.

    """
    before = len(cluster.log)
    record, since = under(cluster.url, lambda: fault.strike(cluster, seconds), visitors)
    whole = max((bad - since for bad in record.bad), default=0.0)
    written = cluster.log[before:]
    in_memory = any(words in written for words in _IN_MEMORY)
    return Result(fault.name, visitors, record, max(0.0, whole), fault.limit, in_memory)


def under(url: str, strike: Callable[[], float], visitors: int) -> tuple[Record, float]:
    """Lets something happen while visitors talk to a server.

    Args:
        url: The server's address.
        strike: What happens; gives the moment from which all should be well.
        visitors: How many talk at once.

    Returns:
        What they saw, and that moment.

    """
    crowd = Crowd(url, visitors)
    loop, over = asyncio.new_event_loop(), asyncio.Event()
    failures: list[BaseException] = []

    def talk() -> None:
        try:
            loop.run_until_complete(crowd.talk(over))
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        _go_on(crowd.record, 2 * visitors)
        since = strike()
        _go_on(crowd.record, 2 * visitors)
        _be_calm(crowd.record)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(_PATIENCE_SECONDS)
    for failure in failures:
        raise failure
    assert not thread.is_alive(), "The visitors did not come to an end."
    return crowd.record, since


def _go_on(record: Record, more: int) -> None:
    enough = record.messages + more
    until(lambda: record.messages >= enough, _PATIENCE_SECONDS)


def _be_calm(record: Record) -> None:
    until(
        lambda: time.monotonic() - max(record.bad, default=0.0) > _CALM_SECONDS, _PATIENCE_SECONDS
    )
