"""Somebody who is too fast is told for how long to wait, over all replicas and without Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.channels.web.limits import Limit
from tests.support.redis import RedisServer


@dataclass
class Clock:
    """A clock that is put forward by hand."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "redis"])
def make(request: pytest.FixtureRequest) -> Callable[[int], Limit]:
    """Makes limits that count in one place."""
    url = request.getfixturevalue("redis").url if request.param == "redis" else None
    return lambda a_minute: Limit("messages", a_minute, url)


async def test_so_many_a_minute_are_let_through_and_no_more(make: Callable[[int], Limit]) -> None:
    limit = make(5)
    assert [await limit.wait("one") for _ in range(5)] == [0] * 5
    assert 55 < await limit.wait("one") <= 60
    assert await limit.wait("another") == 0


async def test_no_limit_is_no_limit(make: Callable[[int], Limit]) -> None:
    limit = make(0)
    assert {await limit.wait("one") for _ in range(500)} == {0}


async def test_who_waits_as_told_is_let_through(clock: Clock) -> None:
    limit = Limit("messages", 5, None, clock)
    for _ in range(40):
        while wait := await limit.wait("one"):
            clock.now += wait
    assert clock.now > 1_000 + 6 * 60


async def test_in_no_minute_are_there_many_more_than_allowed(clock: Clock) -> None:
    limit, let_through = Limit("messages", 60, None, clock), []
    for _ in range(6_000):
        clock.now += 0.1
        if not await limit.wait("one"):
            let_through.append(clock.now)
    assert 60 <= most_within(60, let_through) <= 61
    assert len(let_through) > 9 * 60


async def test_redis_counts_from_minute_to_minute_too(redis: RedisServer) -> None:
    limit, let_through = Limit("messages", 10, redis.url, minute=0.3), 0
    start = time.monotonic()
    while time.monotonic() - start < 1.5:
        let_through += not await limit.wait("one")
        await asyncio.sleep(0.002)
    assert 20 < let_through <= 10 * ((time.monotonic() - start) / 0.3 + 1)


def most_within(seconds: float, hits: list[float]) -> int:
    """Gives how many there were in the fullest stretch of time."""
    return max(sum(hit <= other < hit + seconds for other in hits) for hit in hits)


async def test_who_was_slow_before_is_not_held_to_it(clock: Clock) -> None:
    limit = Limit("messages", 5, None, clock)
    for _ in range(5):
        await limit.wait("one")
    clock.now += 120
    assert [await limit.wait("one") for _ in range(5)] == [0] * 5


async def test_replicas_count_together(redis: RedisServer) -> None:
    replicas = [Limit("messages", 6, redis.url) for _ in range(3)]
    waits = await asyncio.gather(*(limit.wait("one") for limit in replicas * 4))
    assert sum(wait == 0 for wait in waits) == 6


async def test_what_is_counted_apart_stays_apart(redis: RedisServer) -> None:
    limits = [Limit(name, 1, redis.url) for name in ("messages", "sessions")]
    assert [await limit.wait("one") for limit in limits] == [0, 0]


async def test_nothing_is_kept_in_redis_of_who_has_gone(redis: RedisServer) -> None:
    await Limit("messages", 6, redis.url).wait("one")
    left = int(redis.ask("PTTL limit:messages:one").removeprefix(":"))
    assert 0 < left <= 120_000


@pytest.mark.parametrize("fault", ["stop", "hang"])
async def test_without_redis_each_replica_counts_alone_and_keeps_nobody_waiting(
    redis: RedisServer, fault: str
) -> None:
    limit = Limit("messages", 5, redis.url)
    await limit.wait("one")
    getattr(redis, fault)()
    await limit.wait("one")
    start = time.monotonic()
    assert [await limit.wait("one") for _ in range(4)] == [0] * 4
    assert await limit.wait("one") > 0
    assert time.monotonic() - start < 0.5


async def test_memory_is_bounded_and_a_hit_costs_the_same_for_many_keys(clock: Clock) -> None:
    limit = Limit("sessions", 5, None, clock)
    few = await seconds_of_hits(limit, 1_000, 0)
    await seconds_of_hits(limit, 60_000, 1_000)
    many = await seconds_of_hits(limit, 1_000, 61_000)
    assert len(limit._here._windows) == 50_000
    assert many < 10 * few


async def seconds_of_hits(limit: Limit, count: int, first: int) -> float:
    """Gives the CPU time of one hit by each of so many."""
    start = time.process_time()
    for number in range(first, first + count):
        await limit.wait(str(number))
    return time.process_time() - start
