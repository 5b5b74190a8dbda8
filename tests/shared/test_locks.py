"""Turns wait for one another in order, whatever becomes of Redis or of a replica."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.channels.turns import Said, Turns
from bot.channels.web.output import WebOutput
from bot.locks import Locks, one_at_a_time
from tests.support.redis import RedisServer

_LEASE = 0.6


class Room:
    """Where only one may be at a time; keeps who was in it."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.most = 0
        self._inside = 0

    async def visit(self, locks: LockStore, who: str, key: str = "conversation") -> None:
        """Goes in under the lock, stays for a moment and leaves."""
        async with locks.lock(key):
            self._inside += 1
            self.most = max(self.most, self._inside)
            self.order.append(who)
            await asyncio.sleep(0.001)
            self._inside -= 1


@asynccontextmanager
async def kept(locks: Locks, key: str = "conversation") -> AsyncIterator[None]:
    """Holds a lock in a task of its own, as another turn does."""
    has, over = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with locks.lock(key):
            has.set()
            await over.wait()

    task = asyncio.ensure_future(hold())
    await has.wait()
    try:
        yield
    finally:
        over.set()
        await task


@pytest.fixture
def replicas(redis: RedisServer) -> Callable[[int], list[Locks]]:
    """Makes the locks of so many replicas."""
    return lambda count: [Locks(redis.url) for _ in range(count)]


async def test_within_a_process_turns_come_in_the_order_in_which_they_asked() -> None:
    locks, room = Locks(), Room()
    await asyncio.gather(*(room.visit(locks, str(n)) for n in range(50)))
    assert (room.order, room.most) == ([str(n) for n in range(50)], 1)


async def test_conversations_do_not_wait_for_each_other() -> None:
    locks, room = Locks(), Room()
    async with kept(locks, "another"):
        await room.visit(locks, "one")
    assert room.order == ["one"]


async def test_replicas_take_turns_and_none_is_passed_over(
    replicas: Callable[[int], list[Locks]],
) -> None:
    room = Room()
    visits = [(n, locks) for n, locks in enumerate(replicas(3) * 20)]
    await asyncio.gather(*(room.visit(locks, str(n)) for n, locks in visits))
    assert sorted(room.order, key=int) == [str(n) for n in range(60)]
    assert room.most == 1


async def test_who_holds_the_lock_takes_it_again_at_no_cost(
    redis: RedisServer, replicas: Callable[[int], list[Locks]]
) -> None:
    (locks,) = replicas(1)
    await Room().visit(locks, "first")  # the scripts are known from here on
    before = redis.calls("evalsha")
    async with one_at_a_time(locks, "conversation"), locks.lock("conversation"):
        pass
    assert redis.calls("evalsha") - before == 2


async def test_what_was_begun_under_a_lock_does_not_hold_it_afterwards() -> None:
    locks, room, late = Locks(), Room(), asyncio.Event()

    async def afterwards() -> None:
        await late.wait()
        await room.visit(locks, "late")

    async with locks.lock("conversation"):
        task = asyncio.ensure_future(afterwards())
    async with kept(locks):
        late.set()
        await asyncio.sleep(0)
        assert room.order == []
    await task
    assert room.order == ["late"]


async def test_who_gives_up_while_waiting_leaves_the_way_free(
    replicas: Callable[[int], list[Locks]],
) -> None:
    room = Room()
    for locks in (Locks(), *replicas(1)):
        async with kept(locks):
            waiting = asyncio.ensure_future(room.visit(locks, "gone"))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await asyncio.wait_for(room.visit(locks, "next"), 5)
    assert room.order == ["next", "next"]


async def test_giving_up_while_redis_is_asked_is_never_lost(
    replicas: Callable[[int], list[Locks]],
) -> None:
    mine, others = replicas(2)
    async with kept(others):
        for moment in range(60):
            waiting = asyncio.ensure_future(Room().visit(mine, "gone"))
            await asyncio.sleep(moment * 0.0003)
            waiting.cancel()
            done, _ = await asyncio.wait({waiting}, timeout=2)
            assert done


async def test_nobody_waits_for_ever(redis: RedisServer) -> None:
    for mine, others in ((locks := Locks(patience=0.1), locks), shared_pair(redis.url)):
        async with kept(others):
            with pytest.raises(LockError):
                await Room().visit(mine, "impatient")
        await asyncio.wait_for(Room().visit(mine, "later"), 5)


async def test_a_turn_that_waits_too_long_is_told_so_and_does_not_run() -> None:
    async def handle(_: object) -> None:
        pytest.fail("It ran without its lock.")

    locks = Locks(patience=0.1)
    agent = SimpleNamespace(lock_store=locks, tracker_store=None)
    async with kept(locks):
        lines = Turns(WebOutput, handle).start(agent, "conversation", Said("id", "hello", None))
        apology, end = [await asyncio.wait_for(lines.get(), 5) for _ in range(2)]
    assert isinstance(apology, dict)
    assert isinstance(end, dict)
    assert "try again" in apology["text"]
    assert end["error"]["reference"] in apology["text"]


def shared_pair(url: str) -> tuple[Locks, Locks]:
    """Gives the locks of two replicas, of which the first is impatient."""
    return Locks(url, patience=0.1), Locks(url)


async def test_a_lock_is_free_again_soon_after_its_replica_has_died(redis: RedisServer) -> None:
    dying, other = Locks(redis.url, lease=_LEASE), Locks(redis.url, lease=_LEASE)
    held = dying.lock("conversation")
    # In a loop that then stands still.
    dead = asyncio.new_event_loop()
    await asyncio.to_thread(dead.run_until_complete, held.__aenter__())
    start = time.monotonic()
    await asyncio.wait_for(Room().visit(other, "other"), 10 * _LEASE)
    assert time.monotonic() - start > _LEASE / 2
    await asyncio.to_thread(dead.run_until_complete, held.__aexit__(None, None, None))
    dead.close()


async def test_a_long_turn_keeps_its_lock(redis: RedisServer) -> None:
    one, other = Locks(redis.url, lease=_LEASE), Locks(redis.url, lease=_LEASE)
    async with kept(one):
        waiting = asyncio.ensure_future(Room().visit(other, "other"))
        done, _ = await asyncio.wait({waiting}, timeout=3 * _LEASE)
        assert not done
    await asyncio.wait_for(waiting, 5)


async def test_without_redis_each_process_goes_on_and_says_so_once(
    redis: RedisServer,
    replicas: Callable[[int], list[Locks]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    (locks,) = replicas(1)
    room = Room()
    await room.visit(locks, "before")
    redis.stop()
    with caplog.at_level(logging.WARNING):
        await asyncio.gather(*(room.visit(locks, str(n)) for n in range(20)))
    assert (len(room.order), room.most) == (21, 1)
    assert [r.getMessage().partition(" (")[0] for r in caplog.records] == ["Redis is away"]


async def test_a_redis_that_hangs_holds_up_one_turn_and_nobody_else(
    redis: RedisServer, replicas: Callable[[int], list[Locks]]
) -> None:
    (locks,) = replicas(1)
    room = Room()
    await room.visit(locks, "before")
    redis.hang()
    try:
        waiting = asyncio.ensure_future(room.visit(locks, "first"))
        beats = await heartbeats_during(waiting)
        assert beats > 20  # the loop went on all the while
        start = time.monotonic()
        for n in range(20):
            await room.visit(locks, str(n))
        assert time.monotonic() - start < 1
    finally:
        redis.go_on()


async def heartbeats_during(task: asyncio.Future[None]) -> int:
    """Counts how often the loop came to something else until a task was done."""
    beats = 0
    while not task.done():
        await asyncio.sleep(0.01)
        beats += 1
    return beats


async def test_locks_are_shared_again_within_seconds_after_redis_is_back(
    redis: RedisServer, replicas: Callable[[int], list[Locks]]
) -> None:
    one, other = replicas(2)
    redis.stop()
    await asyncio.gather(Room().visit(one, "one"), Room().visit(other, "other"))
    redis.start()
    await asyncio.wait_for(until_shared(one, other), 5)


async def until_shared(one: Locks, other: Locks) -> None:
    """Waits until a lock that one replica holds keeps the other out."""
    while True:
        async with kept(one):
            waiting = asyncio.ensure_future(Room().visit(other, "other"))
            done, _ = await asyncio.wait({waiting}, timeout=0.2)
        await waiting
        if not done:
            return


async def test_redis_may_go_while_a_turn_is_under_way(
    redis: RedisServer, replicas: Callable[[int], list[Locks]]
) -> None:
    (locks,) = replicas(1)
    room = Room()
    async with kept(locks):
        redis.stop()
        waiting = asyncio.ensure_future(room.visit(locks, "next"))
        await asyncio.sleep(0)
        assert room.order == []
    await asyncio.wait_for(waiting, 5)


async def test_rasa_finds_it_by_its_path(redis: RedisServer) -> None:
    endpoint = EndpointConfig(url=redis.url, type="bot.locks.Locks")
    locks = LockStore.create(endpoint)
    await Room().visit(locks, "one")
    assert isinstance(locks, Locks)
    assert redis.calls("evalsha")


async def test_rasas_own_locks_do_not_wait_for_themselves() -> None:
    async def turn(locks: LockStore) -> None:
        async with one_at_a_time(locks, "conversation"), locks.lock("conversation"):
            pass

    await asyncio.wait_for(turn(LockStore.create(None)), 5)
