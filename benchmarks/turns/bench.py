"""What all parts measure with: how much is measured, and the servers, started when wanted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.turns import sides, starter
from benchmarks.turns.processes import BenchmarkError, Server, Worker

_START_SECONDS = 300
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Args:
        starts: Starts, by side.
        users: Numbers of users who talk at once.
        slices: How often the sides take turns.
        alone: Seconds of a slice with one user, by side.
        together: The same with several.
        half: Seconds of messages arriving at half of the throughput, by side.
        depths: Turns of one conversation around which the cost of a turn is measured.
        starter_depth: The last of them for the starter set-up.
        passes: How often the sentences are understood.
        profiled: Turns of each user that are looked at.

    """

    starts: dict[str, int]
    users: tuple[int, ...]
    slices: int
    alone: dict[str, float]
    together: dict[str, float]
    half: dict[str, float]
    depths: tuple[int, ...]
    starter_depth: int
    passes: int
    profiled: int


WHOLE = Plan(
    starts={sides.SERVICE: 3, sides.STARTER: 1},  # one takes a minute
    users=(1, 16, 64),
    slices=4,
    alone={sides.SERVICE: 5, sides.STARTER: 8, sides.FLOOR: 2},
    together={sides.SERVICE: 10, sides.STARTER: 25, sides.FLOOR: 3},
    half={sides.SERVICE: 30, sides.STARTER: 60, sides.FLOOR: 10},
    depths=(5, 50, 400, 2000),
    starter_depth=400,
    passes=10,
    profiled=40,
)
QUICK = Plan(
    starts={sides.SERVICE: 1, sides.STARTER: 1},
    users=(1, 16),
    slices=1,
    alone={sides.SERVICE: 1, sides.STARTER: 2, sides.FLOOR: 1},
    together={sides.SERVICE: 2, sides.STARTER: 5, sides.FLOOR: 1},
    half={sides.SERVICE: 3, sides.STARTER: 5, sides.FLOOR: 1},
    depths=(5, 50),
    starter_depth=50,
    passes=1,
    profiled=2,
)


@dataclass
class Bench:
    """One run.

    Args:
        plan: How much is measured.
        folder: Where the servers keep what is theirs.
        model: The starter set-up's model; None to leave it out.

    """

    plan: Plan
    folder: Path
    model: Path | None
    _stack: ExitStack = field(default_factory=ExitStack)
    _running: dict[str, Server] = field(default_factory=dict)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that are measured."""
        return (sides.SERVICE, *([sides.STARTER] if self.model else []), sides.FLOOR)

    def make(self, side: str) -> Server:
        """Gives a side that is not started yet."""
        if side == sides.STARTER:
            assert self.model is not None
            return sides.starter(self.folder, self.model)
        return sides.floor(self.folder) if side == sides.FLOOR else sides.this_service(self.folder)

    def running(self, side: str) -> Server:
        """Gives a side that runs and answers, the same one to all parts."""
        if side not in self._running:
            self._running[side] = self.run(self.make(side))
        return self._running[side]

    def run(self, server: Server) -> Server:
        """Starts a server that goes on to the end of the measurement, and waits for it."""
        self._stack.callback(server.stop)
        progress(f"starting: {server.name}")
        server.start()
        answered(server)
        return server

    def talking(self, url: str, users: int, messages: str = "CONVERSATION") -> Worker:
        """Gives a load generator for a server, as many users who say what `messages` names."""
        worker = Worker(["-m", "benchmarks.turns.load", url, str(users), messages])
        self._stack.callback(worker.stop)
        return worker

    def stop(self) -> None:
        """Ends all that has been started."""
        self._stack.close()

    def log(self) -> str:
        """Gives the end of what the servers have printed."""
        return "\n".join(server.log() for server in self._running.values())


@contextmanager
def benched(plan: Plan, model: Path | None) -> Iterator[Bench]:
    """Gives a bench and ends all that it has started afterwards."""
    starter.KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="run-", dir=starter.KEPT) as folder:
        bench = Bench(plan, Path(folder), model)
        try:
            yield bench
        finally:
            bench.stop()


def answered(server: Server) -> None:
    """Waits until a server answers a message."""
    worker = Worker(["-m", "benchmarks.turns.load", server.url, "1", "CONVERSATION"])
    if server.has_health:
        until(server, lambda: httpx.get(f"{server.url}/health/ready", trust_env=False).is_success)
    try:
        until(server, lambda: bool(worker.ask({"count": 1})))
    finally:
        worker.stop()


def until(server: Server, is_so: Callable[[], bool]) -> float:
    """Waits for something of a server that is starting.

    Args:
        server: It is checked that it goes on running.
        is_so: Whether it is so; that it cannot be asked counts as not yet.

    Returns:
        The moment by `time.perf_counter`.

    """
    deadline = time.perf_counter() + _START_SECONDS
    while True:
        try:
            if is_so():
                return time.perf_counter()
        except (httpx.HTTPError, BenchmarkError) as error:
            last = str(error)
        else:
            last = "not ready"
        server.check()
        if time.perf_counter() > deadline:
            raise BenchmarkError(f"{server.name} gave no answer in {_START_SECONDS} s: {last}")
        time.sleep(_POLL_SECONDS)


def progress(text: str) -> None:
    """Tells what is being done."""
    print(f"  {time.strftime('%H:%M:%S')} {text} …", file=sys.stderr, flush=True)
