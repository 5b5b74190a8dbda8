"""At half of the load it can carry: messages arrive at their own pace, answered or not."""

from __future__ import annotations

from typing import Any

from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.figures import milliseconds, spread
from benchmarks.turns.sides import FLOOR, TITLES

_USERS = 64
_FULL_LOAD_USERS = 16


def measure(bench: Bench) -> dict[str, Any]:
    """Finds each side's throughput, and has messages arrive at half of it.

    Returns:
        By side and spacing: the arrivals' `rate` a second, `turns`, `p50` and `p99` in seconds.

    """
    figures: dict[str, Any] = {}
    for side in bench.sides:
        if side == FLOOR:
            continue
        url = bench.running(side).url
        full = bench.talking(url, _FULL_LOAD_USERS)
        answer = full.ask({"seconds": bench.plan.together[side]})
        rate = len(answer["taken"]) / answer["wall"] / 2
        full.stop()
        figures[side] = {}
        for spacing in ("even", "random"):
            client = bench.talking(url, _USERS)
            order = {"rate": rate, "seconds": bench.plan.half[side], "spacing": spacing}
            found = {"rate": rate, **spread(client.ask(order)["taken"])}
            client.stop()
            figures[side][spacing] = found
            progress(
                f"{TITLES[side]}, {rate:.1f} messages a second, {spacing}ly spaced: "
                f"median {milliseconds(found['p50'])}, p99 {milliseconds(found['p99'])}"
            )
    return figures
