"""What all replicas see: events taken once, paces, and what a crash left undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.slack.store import Store


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def stores(tmp_path: Path, clock: Clock) -> AsyncIterator[list[Store]]:
    """Two replicas on one database."""
    found = [Store(f"sqlite:///{tmp_path}/c.db", clock) for _ in range(2)]
    for store in found:
        await store.prepare()
    yield found
    for store in found:
        await store.close()


async def test_replicas_that_start_together_make_the_tables_once(tmp_path: Path) -> None:
    found = [Store(f"sqlite:///{tmp_path}/new.db") for _ in range(4)]
    await asyncio.gather(*(store.prepare() for store in found))

    assert sorted([await store.take(["e1"]) for store in found]) == [False] * 3 + [True]
    for store in found:
        await store.close()


async def test_an_event_is_taken_once_over_all_replicas(stores: list[Store]) -> None:
    taken = await asyncio.gather(*(store.take(["e1", "m1"], {}) for store in stores * 5))

    assert sorted(taken) == [False] * 9 + [True]


async def test_any_known_id_makes_it_the_same_event(stores: list[Store]) -> None:
    assert await stores[0].take(["e1", "m1"])
    assert not await stores[1].take(["e2", "m1"])
    assert await stores[1].take(["e2", "m2"])


async def test_what_came_to_nothing_can_be_taken_again(stores: list[Store]) -> None:
    await stores[0].take(["a"])
    await stores[1].release("a")

    assert await stores[0].take(["a"])


async def test_what_is_finished_is_not_taken_over(stores: list[Store], clock: Clock) -> None:
    await stores[0].take(["e1"], {"text": "words"})
    await stores[0].finish("e1")
    clock.now += 100

    assert await stores[1].claim(10) == []


async def test_what_is_left_undone_is_taken_over_by_one(stores: list[Store], clock: Clock) -> None:
    await stores[0].take(["e1"], {"text": "words"})
    assert await stores[1].claim(10) == []
    clock.now += 11
    claims = await asyncio.gather(*(store.claim(10) for store in stores))

    assert sorted(claims, key=len) == [[], [("e1", {"text": "words"})]]


async def test_what_is_being_worked_on_is_left_alone(stores: list[Store], clock: Clock) -> None:
    await stores[0].take(["e1"], {})
    clock.now += 11
    await stores[0].renew(["e1"])

    assert await stores[1].claim(10) == []


async def test_what_has_been_tried_three_times_is_left(stores: list[Store], clock: Clock) -> None:
    await stores[0].take(["e1"], {})
    claims = []
    for _ in range(4):
        clock.now += 11
        claims.append(len(await stores[0].claim(10)))

    assert claims == [1, 1, 0, 0]


async def test_replicas_share_the_pace_of_a_channel(stores: list[Store], clock: Clock) -> None:
    waits = [await store.reserve("C1", 1.0) for store in [*stores, *stores]]
    assert waits == [0.0, 1.0, 2.0, 3.0]

    clock.now += 10
    assert await stores[0].reserve("C1", 1.0) == 0.0
    await stores[1].hold("C1", 30)
    assert await stores[0].reserve("C1", 1.0) == 30.0
    assert await stores[0].reserve("C2", 1.0) == 0.0


async def test_reservations_at_once_get_different_turns(stores: list[Store]) -> None:
    waits = await asyncio.gather(*(store.reserve("C1", 1.0) for store in stores * 4))

    assert sorted(waits) == [float(n) for n in range(8)]


async def test_the_latest_conversation_is_kept(stores: list[Store]) -> None:
    assert await stores[0].latest("T-U") is None
    await stores[0].set_latest("T-U", "one")
    await stores[1].set_latest("T-U", "two")

    assert await stores[0].latest("T-U") == "two"


async def test_old_events_are_forgotten(stores: list[Store], clock: Clock) -> None:
    await stores[0].take(["e1"], {"text": "words"})
    clock.now += 4 * 24 * 60 * 60
    await stores[0].forget_old()

    assert await stores[0].claim(10) == []
    assert await stores[0].take(["e1"])
