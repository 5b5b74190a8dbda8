"""The bare echo and the load generator, each in its own process, as they are measured with."""

from __future__ import annotations

from pathlib import Path

from benchmarks.turns.bench import QUICK, Bench, answered
from benchmarks.turns.sides import floor


def test_the_load_generator_is_answered_by_the_bare_echo(tmp_path: Path) -> None:
    server, bench = floor(tmp_path), Bench(QUICK, tmp_path, model=None)
    try:
        server.start()
        answered(server)
        figures = bench.talking(server.url, users=4).ask({"count": 50})
        assert all(child.resident() > 0 for child in server.children)
        assert server.worked() > 0
    finally:
        bench.stop()
        server.stop()

    assert figures["within"] == len(figures["taken"]) == 200
    assert 0 < figures["busy"] <= figures["wall"]
