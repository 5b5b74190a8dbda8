"""The load generator: `python -m benchmarks.turns.load URL VISITORS MESSAGES`.

Takes an order a line on standard input, and gives what was measured a line on standard output, both
JSON. Conversations go on from one order to the next.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

import uvloop

from benchmarks.turns import messages
from benchmarks.turns.wire import AnswerError, Visitor

_SEED = 7
Figures = dict[str, Any]


async def closed(visitors: list[Visitor], seconds: float) -> Figures:
    """Has all visitors talk, each saying the next thing as soon as the answer is there.

    Returns:
        The seconds of all turns, and how many of them ended within the time.

    """
    await asyncio.gather(*(visitor.prepare() for visitor in visitors))
    taken: list[float] = []
    ended: list[float] = []
    deadline = time.perf_counter() + seconds

    async def talk(visitor: Visitor) -> None:
        while time.perf_counter() < deadline:
            taken.append(await visitor.say())
            ended.append(time.perf_counter())

    await asyncio.gather(*map(talk, visitors))
    return {"taken": taken, "within": sum(end <= deadline for end in ended)}


async def arriving(visitors: list[Visitor], due: Iterable[float]) -> Figures:
    """Has messages arrive at given times, whether or not those before are answered.

    Args:
        visitors: Who says them; whoever has been silent longest is next.
        due: When they arrive, in seconds from now.

    Returns:
        The seconds from when each was due to its answer.

    """
    await asyncio.gather(*(visitor.prepare() for visitor in visitors))
    silent: asyncio.Queue[Visitor] = asyncio.Queue()
    for visitor in visitors:
        silent.put_nowait(visitor)
    taken: list[float] = []
    started = time.perf_counter()

    async def say(moment: float) -> None:
        visitor = await silent.get()
        await visitor.say()
        taken.append(time.perf_counter() - started - moment)
        silent.put_nowait(visitor)

    tasks = []
    for moment in due:
        await asyncio.sleep(max(0, moment - (time.perf_counter() - started)))
        tasks.append(asyncio.ensure_future(say(moment)))
    await asyncio.gather(*tasks)
    return {"taken": taken, "within": len(taken)}


async def counted(visitors: list[Visitor], count: int) -> Figures:
    """Has all visitors talk until each has said so many things."""
    taken: list[float] = []

    async def talk(visitor: Visitor) -> None:
        for _ in range(count):
            taken.append(await visitor.say())

    await asyncio.gather(*map(talk, visitors))
    return {"taken": taken, "within": len(taken)}


def moments(rate: float, seconds: float, spacing: str) -> Iterator[float]:
    """Gives when messages arrive, in seconds.

    Args:
        rate: How many a second.
        seconds: How long.
        spacing: "even", or "random": independent of each other, the same in each run.

    """
    chance = random.Random(_SEED)
    moment = 0.0
    while moment < seconds:
        yield moment
        moment += 1 / rate if spacing == "even" else chance.expovariate(rate)


async def _obey(visitors: list[Visitor], order: dict[str, Any]) -> Figures:
    started, busy = time.perf_counter(), time.process_time()
    if "count" in order:
        figures = await counted(visitors, order["count"])
    elif "rate" in order:
        due = moments(order["rate"], order["seconds"], order["spacing"])
        figures = await arriving(visitors, due)
    else:
        figures = await closed(visitors, order["seconds"])
    wall = time.perf_counter() - started
    for visitor in visitors:
        visitor.leave()
    return {**figures, "wall": wall, "busy": time.process_time() - busy}


def main(url: str, count: int, name: str) -> None:
    """Obeys until there are no more orders."""
    uvloop.install()
    loop = asyncio.new_event_loop()
    said = getattr(messages, name)
    is_endless = name == "CYCLE"
    visitors = [Visitor(url, said, is_endless, number) for number in range(count)]
    for line in sys.stdin:
        try:
            figures = loop.run_until_complete(_obey(visitors, json.loads(line)))
        except (AnswerError, OSError, EOFError, ValueError) as error:
            figures = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
