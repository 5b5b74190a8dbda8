"""Understanding alone: the same sentences in process, through each side's pipeline."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.figures import milliseconds, spread
from benchmarks.turns.messages import CONVERSATION
from benchmarks.turns.processes import Worker
from benchmarks.turns.sides import SERVICE, STARTER, TITLES, own_model


def measure(bench: Bench) -> dict[str, Any]:
    """Has each side understand all sentences, alternately.

    Returns:
        By side: `turns` understood, `p50` and `p99` in seconds.

    """
    models = {SERVICE: own_model(), **({STARTER: bench.model} if bench.model else {})}
    workers = {
        side: Worker(["-m", "benchmarks.turns.nlu", str(model)]) for side, model in models.items()
    }
    taken: dict[str, list[float]] = {side: [] for side in workers}
    try:
        for number in range(-1, bench.plan.passes):  # one to warm up
            for side, worker in workers.items():
                found = worker.ask({})["taken"]
                taken[side] += found if number >= 0 else []
    finally:
        for worker in workers.values():
            worker.stop()
    figures = {side: spread(one) for side, one in taken.items()}
    for side, one in figures.items():
        progress(f"{TITLES[side]}: a sentence is understood in {milliseconds(one['p50'])}")
    return figures


def main(model: Path) -> None:
    """Understands all sentences whenever a line comes in, and gives the seconds of each."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as parent:
        os.dup2(2, 1)  # whatever else is printed goes with the errors
        from bot.logs import prepare_rasa

        prepare_rasa("ERROR")
        from rasa.core.agent import Agent

        agent = Agent.load(model)
        loop = asyncio.new_event_loop()
        for _ in sys.stdin:
            taken = []
            for sentence in CONVERSATION:
                started = time.perf_counter()
                loop.run_until_complete(agent.parse_message(sentence))
                taken.append(time.perf_counter() - started)
            print(json.dumps({"taken": taken}), file=parent, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
