"""What a turn costs as a conversation grows, on SQLite and on PostgreSQL."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.messages import CYCLE
from benchmarks.turns.sides import SERVICE, STARTER, this_service
from tests.support.postgres_server import PostgresMissing, running

_ROUNDS = 8
AROUND = _ROUNDS * len(CYCLE)
"""Of so many turns around a place the median is taken."""


def measure(bench: Bench) -> dict[str, Any]:
    """Talks on and on, in a conversation for each place and database.

    Returns:
        By `service/sqlite`, `service/postgresql` and `starter/sqlite`, and by the number of the
        turn: the median seconds of the turns around it.

    """
    plan = bench.plan
    figures = {"service/sqlite": _talk(bench, bench.running(SERVICE).url, plan.depths)}
    try:
        with running() as postgres:
            server = this_service(bench.folder, "postgresql", {"DATABASE_URL": postgres.url})
            bench.run(server)
            figures["service/postgresql"] = _talk(bench, server.url, plan.depths)
            server.stop()
    except PostgresMissing as error:
        progress(f"left out: {error}")
    if STARTER in bench.sides:
        depths = tuple(depth for depth in plan.depths if depth <= plan.starter_depth)
        figures["starter/sqlite"] = _talk(bench, bench.running(STARTER).url, depths)
    return figures


def _talk(bench: Bench, url: str, depths: tuple[int, ...]) -> dict[str, float]:
    """Gives the median seconds of a turn by its place.

    There is a conversation for each place, and they take turns, so that noise hits all alike.
    """
    first, *others = depths
    deep = {depth: bench.talking(url, 1, "CYCLE") for depth in others}
    for depth, client in deep.items():
        client.ask({"count": depth - AROUND // 2})
        progress(f"a conversation is near turn {depth}")
    taken: dict[int, list[float]] = {depth: [] for depth in depths}
    for _ in range(_ROUNDS):
        # Around an early place one conversation has too few turns: each time there is another.
        early = bench.talking(url, 1, "CYCLE")
        early.ask({"count": first - 1 - len(CYCLE) // 2})
        for depth, client in {first: early, **deep}.items():
            taken[depth] += client.ask({"count": len(CYCLE)})["taken"]
        early.stop()
    for client in deep.values():
        client.stop()
    return {str(depth): statistics.median(found) for depth, found in taken.items()}
