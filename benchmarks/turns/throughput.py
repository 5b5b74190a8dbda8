"""Throughput: how many turns a second, and how long each takes, with several users at once."""

from __future__ import annotations

from typing import Any

from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.figures import rate, spread
from benchmarks.turns.sides import TITLES


def measure(bench: Bench) -> dict[str, Any]:
    """Has users talk to each side in turns.

    Returns:
        By number of users and side: `turns` taken, `p50` and `p99` in seconds, turns `per_second`,
        `client`, the share of the time that the load generator itself was at work, and `depth`, how
        many turns a user got to take; and `resident`, bytes by process of each side.

    """
    servers = {side: bench.running(side) for side in bench.sides}
    by_users = {str(users): _with(bench, users) for users in bench.plan.users}
    resident = {
        side: {child.name: child.resident() for child in server.children}
        for side, server in servers.items()
    }
    return {"users": by_users, "resident": resident}


def _with(bench: Bench, users: int) -> dict[str, Any]:
    seconds = bench.plan.alone if users == 1 else bench.plan.together
    clients = {side: bench.talking(bench.running(side).url, users) for side in bench.sides}
    answers: dict[str, list[dict[str, Any]]] = {side: [] for side in bench.sides}
    for number in range(bench.plan.slices):
        for side, client in clients.items():
            answers[side].append(client.ask({"seconds": seconds[side]}))
        last = ", ".join(
            f"{TITLES[side]} {rate(answers[side][-1]['within'] / seconds[side])}"
            for side in bench.sides
        )
        progress(f"{users} users, slice {number + 1} of {bench.plan.slices}: {last}")
    for client in clients.values():
        client.stop()
    return {side: _summary(answers[side], users, seconds[side]) for side in bench.sides}


def _summary(answers: list[dict[str, Any]], users: int, seconds: float) -> dict[str, Any]:
    taken = [one for answer in answers for one in answer["taken"]]
    return {
        **spread(taken),
        "per_second": sum(answer["within"] for answer in answers) / (len(answers) * seconds),
        "client": sum(a["busy"] for a in answers) / sum(a["wall"] for a in answers),
        "depth": round(len(taken) / users),
    }
