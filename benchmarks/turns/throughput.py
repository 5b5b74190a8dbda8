"""Throughput: how many turns a second, and how long each takes, with several users at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.figures import rate, spread
from benchmarks.turns.processes import Server


def measure(bench: Bench) -> dict[str, Any]:
    """Has users talk to each side in turns.

    Returns:
        By number of users and side: `turns` taken, `p50` and `p99` in seconds, turns `per_second`,
        `cpu`, the seconds of the processor's time that the server takes for a turn, `client`, the
        share of the time that the load generator itself was at work, and `depth`, how many turns a
        user got to take; and `resident`, bytes by process of each side.

    """
    servers = {side: bench.running(side) for side in bench.sides}
    by_users = {}
    for users in bench.plan.users:
        seconds = bench.plan.alone if users == 1 else bench.plan.together
        by_users[str(users)] = alternately(bench, servers, users, seconds)
    resident = {
        side: {child.name: child.resident() for child in server.children}
        for side, server in servers.items()
    }
    return {"users": by_users, "resident": resident}


def alternately(
    bench: Bench, servers: Mapping[str, Server], users: int, seconds: Mapping[str, float]
) -> dict[str, Any]:
    """Has users talk to servers in turns.

    Args:
        bench: The bench.
        servers: The servers, by name.
        users: How many talk at once, to each.
        seconds: How long a slice is, by name.

    Returns:
        What `measure` tells of each side, by name.

    """
    clients = {name: bench.talking(server.url, users) for name, server in servers.items()}
    answers: dict[str, list[dict[str, Any]]] = {name: [] for name in servers}
    for number in range(bench.plan.slices):
        for name, client in clients.items():
            before = servers[name].worked()
            answer = client.ask({"seconds": seconds[name]})
            answers[name].append({**answer, "worked": servers[name].worked() - before})
        last = ", ".join(
            f"{name} {rate(answers[name][-1]['within'] / seconds[name])}" for name in servers
        )
        progress(f"{users} users, slice {number + 1} of {bench.plan.slices}: {last}")
    for client in clients.values():
        client.stop()
    return {name: _summary(answers[name], users, seconds[name]) for name in servers}


def _summary(answers: list[dict[str, Any]], users: int, seconds: float) -> dict[str, Any]:
    taken = [one for answer in answers for one in answer["taken"]]
    return {
        **spread(taken),
        "per_second": sum(answer["within"] for answer in answers) / (len(answers) * seconds),
        "cpu": sum(answer["worked"] for answer in answers) / len(taken),
        "client": sum(a["busy"] for a in answers) / sum(a["wall"] for a in answers),
        "depth": round(len(taken) / users),
    }
