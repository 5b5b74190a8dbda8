"""Start-up: how long until a server is ready, and until it has answered for the first time."""

from __future__ import annotations

import statistics
from typing import Any

import httpx

from benchmarks.turns.bench import Bench, progress, until
from benchmarks.turns.processes import Server, ended_seconds
from benchmarks.turns.sides import FLOOR, STARTER, own_model


def measure(bench: Bench) -> dict[str, Any]:
    """Starts each side some times, alternately.

    Returns:
        By side: medians in seconds, to `ready` (where it can be asked), to `answered`, and of the
        processor's time that a start, an answer and the stop took (`cpu`), of so many `starts`; and
        the bytes of its `model`.

    """
    compared = [side for side in bench.sides if side != FLOOR]
    starts: dict[str, list[dict[str, float]]] = {side: [] for side in compared}
    for number in range(max(bench.plan.starts.values())):
        for side in compared:
            if number < bench.plan.starts[side]:
                starts[side].append(_start(bench, bench.make(side)))
    models = {side: bench.model if side == STARTER else own_model() for side in compared}
    return {
        side: {
            **{key: statistics.median(one[key] for one in found) for key in found[0]},
            "starts": len(found),
            "model": models[side].stat().st_size,  # type: ignore[union-attr]
        }
        for side, found in starts.items()
    }


def _start(bench: Bench, server: Server) -> dict[str, float]:
    client = bench.talking(server.url, 1)
    found = {}
    try:
        started = server.start()
        if server.has_health:
            ready = f"{server.url}/health/ready"
            moment = until(server, lambda: httpx.get(ready, trust_env=False).is_success)
            found["ready"] = moment - started
        found["answered"] = until(server, lambda: bool(client.ask({"count": 1}))) - started
    finally:
        client.stop()
        before = ended_seconds()
        server.stop()
    found["cpu"] = ended_seconds() - before
    progress(f"{server.name}: first answer {found['answered']:.1f} s after its start")
    return found
