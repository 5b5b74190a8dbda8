"""Where the time of a turn goes: this service under load, looked at every few milliseconds."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.processes import BenchmarkError
from benchmarks.turns.sides import this_service
from benchmarks.turns.stages import summarise
from bot.project import PROJECT

USERS = 16
_WARM_UP_TURNS = 3
_WRITE_SECONDS = 20


def measure(bench: Bench) -> dict[str, Any]:
    """Looks at a server of its own while users talk to it.

    Returns:
        `turns` taken in `seconds` with so many seconds of the processor's time (`cpu`), and the
        `stages` of `benchmarks.turns.stages`.

    """
    found = bench.folder / "stacks.json"
    server = this_service(bench.folder, "profiled", before=("benchmarks.turns.sampled", str(found)))
    bench.run(server)
    bench.talking(server.url, USERS).ask({"count": _WARM_UP_TURNS})
    client = bench.talking(server.url, USERS)
    (child,) = server.children
    child.send(signal.SIGUSR1)
    answer = client.ask({"count": bench.plan.profiled})
    child.send(signal.SIGUSR2)
    looked = _read(found)
    client.stop()
    server.stop()
    turns, cpu = len(answer["taken"]), looked["cpu"]
    stages = summarise(looked["stacks"], cpu / turns, str(PROJECT))
    progress(f"profile: {1000 * cpu / turns:.1f} ms a turn, most in {stages[0]['stage']}")
    return {"turns": turns, "seconds": answer["wall"], "cpu": cpu, "stages": stages}


def _read(file: Path) -> Any:
    deadline = time.perf_counter() + _WRITE_SECONDS
    while not file.exists():
        if time.perf_counter() > deadline:
            raise BenchmarkError("The profile was not written.")
        time.sleep(0.05)
    return json.loads(file.read_text(encoding="utf-8"))
