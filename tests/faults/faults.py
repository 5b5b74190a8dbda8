"""What can go wrong around the replicas. Each fault is over, and all is as before, at its end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.cluster import Cluster
from tests.support.until import until_later

_LAG_SECONDS = 0.1
_SKEW = "+600s"
# Long enough that conversations begin at the replica with the other clock.
_SESSIONS_SECONDS = 10.0
_LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong while visitors talk.

    Args:
        name: What it is, in a few words.
        strike: Lets it happen for so many seconds, and gives the moment, by `time.monotonic()`,
            from which the service should be whole again.
        limit: After how many seconds it has to be.
    """

    name: str
    strike: Callable[[Cluster, float], float]
    limit: float


def kill(cluster: Cluster, _: float) -> float:
    """A replica dies at once, and is started again."""
    cluster.replicas[0].stop(signal.SIGKILL)
    since = time.monotonic()
    cluster.replicas[0].start()
    return since


def stop_database(cluster: Cluster, seconds: float) -> float:
    """PostgreSQL ends as in a crash, and is started again."""
    cluster.postgres.stop()
    until_later(seconds)
    cluster.postgres.start()
    return time.monotonic()


def hang_database(cluster: Cluster, seconds: float) -> float:
    """PostgreSQL answers nothing, while connections to it stay."""
    first = cluster.postgres.pid
    stopped = [first, *children(first)]
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    until_later(seconds)
    for process in stopped:
        os.kill(process, signal.SIGCONT)
    return time.monotonic()


def slow_database(cluster: Cluster, seconds: float) -> float:
    """Everything that goes to PostgreSQL or comes from it takes a tenth of a second longer."""
    cluster.lag.seconds = _LAG_SECONDS
    until_later(seconds)
    cluster.lag.seconds = 0.0
    return time.monotonic()


def stop_redis(cluster: Cluster, seconds: float) -> float:
    """Redis ends, and is started again with nothing in it."""
    cluster.redis.stop()
    since = time.monotonic()
    until_later(seconds)
    cluster.redis.start()
    return since


def hang_redis(cluster: Cluster, seconds: float) -> float:
    """Redis answers nothing, while connections to it stay."""
    cluster.redis.hang()
    since = time.monotonic()
    until_later(seconds)
    cluster.redis.go_on()
    return since


def skew_clock(cluster: Cluster, seconds: float) -> float:
    """The clock of one replica is ten minutes ahead of the others'."""
    library = faketime()
    settings = cluster.replicas[0].settings
    ahead = {
        "LD_PRELOAD": str(library),
        "FAKETIME": _SKEW,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    settings.update(ahead)
    try:
        cluster.replicas[0].restart()
        since = time.monotonic()
        cluster.nginx.reload()
        until_later(max(seconds, _SESSIONS_SECONDS))
    finally:
        for name in ahead:
            del settings[name]
    cluster.replicas[0].restart()
    return since


def roll(cluster: Cluster, _: float) -> float:
    """All replicas are stopped and started anew, one after the other."""
    since = time.monotonic()
    cluster.roll()
    return since


def roll_to(model: Path) -> Callable[[Cluster, float], float]:
    """All replicas are started anew, one after the other, with this model."""

    def strike(cluster: Cluster, _: float) -> float:
        since = time.monotonic()
        cluster.roll(arguments=("--model", str(model)))
        return since

    return strike


FAULTS = (
    Fault("A replica is killed", kill, 3),
    Fault("All replicas are rolled", roll, 60),
    Fault("PostgreSQL crashes", stop_database, 10),
    Fault("PostgreSQL hangs", hang_database, 20),
    Fault("PostgreSQL is slow", slow_database, 10),
    Fault("Redis ends", stop_redis, 5),
    Fault("Redis hangs", hang_redis, 5),
    Fault("A clock is 10 minutes ahead", skew_clock, 5),
)
"""All but the new model, which has to be trained first."""


def children(process: int) -> Iterator[int]:
    """Gives the processes that a process has started."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return map(int, text.split())


def faketime() -> Path:
    """Gives the library that shifts clocks; skips the test without it, which fails in CI."""
    found = [file for pattern in _LIBRARIES for file in Path("/").glob(pattern[1:])]
    if found:
        return found[0]
    if os.environ.get("CI"):
        pytest.fail("CI has to install faketime.")
    pytest.skip("There is no libfaketime on this machine.")
