"""What a turn costs as a conversation grows, on SQLite and on PostgreSQL."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.figures import milliseconds
from benchmarks.turns.messages import CYCLE
from benchmarks.turns.sides import SERVICE, STARTER, this_service
from tests.support.postgres_server import PostgresMissing, running

_AROUND = 20


def measure(bench: Bench) -> dict[str, Any]:
    """Talks on and on, in one conversation for each database.

    Returns:
        By `service/sqlite`, `service/postgresql` and `starter/sqlite`, and by the number of the
        turn: the median seconds of 20 turns around it.

    """
    plan = bench.plan
    figures = {"service/sqlite": _talk(bench, bench.running(SERVICE).url, plan.depths)}
    try:
        with running() as url:
            server = this_service(bench.folder, "postgresql", {"DATABASE_URL": url})
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
    first, *others = depths
    medians = {str(first): statistics.median(_early(bench, url, first))}
    client = bench.talking(url, 1, "CYCLE")
    turns = 0
    for depth in others:
        client.ask({"count": depth - _AROUND // 2 - turns})
        medians[str(depth)] = statistics.median(client.ask({"count": _AROUND})["taken"])
        turns = depth + _AROUND // 2
        progress(f"turn {depth}: {milliseconds(medians[str(depth)])}")
    client.stop()
    return medians


def _early(bench: Bench, url: str, place: int) -> list[float]:
    """Gives the seconds of turns around an early one, which one conversation has too few of."""
    taken: list[float] = []
    for _ in range(_AROUND // len(CYCLE)):
        client = bench.talking(url, 1, "CYCLE")
        client.ask({"count": place - 1 - len(CYCLE) // 2})
        taken += client.ask({"count": len(CYCLE)})["taken"]
        client.stop()
    return taken
