"""Counting hits in memory: exactly, and without keeping those who have gone."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.hits import Hits


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5))
def test_no_minute_has_more_hits_than_allowed(pauses: list[float], most: int) -> None:
    clock = Clock()
    hits = Hits(most, clock)
    taken = []
    for pause in pauses:
        clock.now += pause
        wait = hits.wait("k")
        if not wait:
            taken.append(clock.now)
        else:
            clock.now += wait
            assert not hits.wait("k"), "who waits as long as told is let in"
            taken.append(clock.now)

    assert all(late - early >= 60 for early, late in zip(taken, taken[most:], strict=False))


def test_keys_are_counted_apart() -> None:
    hits = Hits(1)

    assert [hits.wait(key) for key in ("a", "b", "a")] == [0, 0, 60]


def test_who_has_gone_is_forgotten() -> None:
    clock = Clock()
    hits = Hits(5, clock)
    for number in range(1_000):
        hits.wait(str(number))
    clock.now += 61
    hits.wait("new")

    assert len(hits) == 1


def test_a_hit_costs_the_same_however_many_have_hit() -> None:
    def cost(others: int) -> float:
        hits = Hits(5)
        for number in range(others):
            hits.wait(str(number))
        begun = time.process_time()
        for number in range(2_000):
            hits.wait(f"new {number}")
        return time.process_time() - begun

    assert min(cost(100_000) for _ in range(3)) < 5 * max(cost(100) for _ in range(3))
