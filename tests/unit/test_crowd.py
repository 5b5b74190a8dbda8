"""Who is served and who waits."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.web.crowd import Crowd, Full


async def started(crowd: Crowd, key: str = "k") -> asyncio.Task[object]:
    """Gives somebody who has tried to enter."""
    task: asyncio.Task[object] = asyncio.ensure_future(crowd.enter(key))
    await asyncio.sleep(0)
    return task


async def test_more_than_may_be_served_wait_and_follow_in_their_order() -> None:
    crowd = Crowd(1, 2)
    leave = await crowd.enter("k")
    first, second = await started(crowd), await started(crowd)

    leave()
    await asyncio.sleep(0)
    assert (first.done(), second.done()) == (True, False)

    first.result()()  # type: ignore[operator]
    await asyncio.sleep(0)
    assert second.done()


async def test_a_full_line_takes_nobody() -> None:
    crowd = Crowd(1, 1)
    await crowd.enter("k")
    await started(crowd)

    with pytest.raises(Full):
        await crowd.enter("k")


async def test_others_have_a_line_of_their_own() -> None:
    crowd = Crowd(1, 0)
    await crowd.enter("k")

    await asyncio.wait_for(crowd.enter("other"), 1)


async def test_who_gives_up_waiting_keeps_nobody_back() -> None:
    crowd = Crowd(1, 2)
    leave = await crowd.enter("k")
    gone, stays = await started(crowd), await started(crowd)
    gone.cancel()
    await asyncio.sleep(0)

    leave()
    await asyncio.sleep(0)
    assert stays.done()


async def test_who_gives_up_when_the_turn_has_come_hands_it_on() -> None:
    crowd = Crowd(1, 2)
    leave = await crowd.enter("k")
    gone, stays = await started(crowd), await started(crowd)

    leave()
    gone.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert gone.cancelled()
    assert stays.done()


async def test_nothing_is_kept_of_who_has_gone() -> None:
    crowd = Crowd(2, 2)
    for leave in [await crowd.enter("a"), await crowd.enter("b")]:
        leave()

    assert crowd._lines == {}
