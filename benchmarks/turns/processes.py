"""The processes that are compared.

They get an environment made for them, so that neither `.env` nor the shell changes a figure.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.project import PROJECT
from bot.settings import SETTINGS

HOST = "127.0.0.1"

_STOP_SECONDS = 20
_LOG_LINES = 30
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class BenchmarkError(Exception):
    """The measurement cannot be made; the message says why."""


@dataclass
class Child:
    """A process in a group of its own.

    Args:
        name: What it is called in what is reported.
        command: The program's arguments.
        log: The file of all that it prints.
        env: What its environment sets beside what all have in common.
        folder: Where it is run.
        program: What is run; by default this Python.

    """

    name: str
    command: list[str]
    log: Path
    env: dict[str, str] = field(default_factory=dict)
    folder: Path = PROJECT
    program: str = sys.executable
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.program, *self.command],
                cwd=self.folder,
                env={**environment(), **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_tie_to_parent,  # noqa: PLW1509 (there are no threads here)
            )

    def wait(self, seconds: float) -> int:
        """Waits for its end and gives its exit status; raises `TimeoutExpired` when late."""
        assert self._process is not None
        return self._process.wait(timeout=seconds)

    def check(self) -> None:
        """Raises a BenchmarkError when it has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise BenchmarkError(f"{self.name} has ended:\n{self.tail()}")

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        """Ends it and whatever it has started; nothing happens when there is nothing to end."""
        process, self._process = self._process, None
        if process is None:
            return
        for kill in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, kill)
                process.wait(timeout=_STOP_SECONDS)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        process.poll()

    def resident(self) -> int:
        """Gives the bytes of memory that it and whatever it has started hold."""
        assert self._process is not None
        return sum(size for group, size in _resident() if group == self._process.pid)

    def worked(self) -> float:
        """Gives the seconds of the processor's time that it has taken; 0 where /proc is missing."""
        assert self._process is not None
        return sum(seconds for group, seconds in _worked() if group == self._process.pid)

    def tail(self) -> str:
        """Gives the end of what it has printed."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-_LOG_LINES:])


@dataclass
class Server:
    """One side of the comparison.

    Args:
        name: What it is called in what is reported.
        url: Its address.
        children: Its processes.
        has_health: Whether it tells at /health/ready that it is ready.

    """

    name: str
    url: str
    children: list[Child]
    has_health: bool

    def start(self) -> float:
        """Starts all its processes at once; gives the moment by `time.perf_counter`."""
        started = time.perf_counter()
        for child in self.children:
            child.start()
        return started

    def stop(self) -> None:
        """Ends all its processes."""
        with ExitStack() as stack:
            for child in self.children:
                stack.callback(child.stop)

    def check(self) -> None:
        """Raises a BenchmarkError when one of its processes has ended by itself."""
        for child in self.children:
            child.check()

    def worked(self) -> float:
        """Gives the seconds of the processor's time that all its processes have taken."""
        return sum(child.worked() for child in self.children)

    def log(self) -> str:
        """Gives the end of what its processes have printed."""
        return "\n".join(f"--- {child.name}\n{child.tail()}" for child in self.children)


@dataclass
class Worker:
    """A process that takes an order a line and answers each with a line, both JSON.

    Args:
        command: What it runs, with this Python.

    """

    command: list[str]
    _process: subprocess.Popen[str] | None = None

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Gives an order and waits for the answer; starts the process before the first.

        Raises:
            BenchmarkError: when it could not do it, or has ended.

        """
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=PROJECT,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                preexec_fn=_tie_to_parent,  # noqa: PLW1509 (there are no threads here)
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
        if not answer or "failed" in answer:
            name = " ".join(self.command[:2])
            raise BenchmarkError(f"{name}: {answer.get('failed', 'has ended')}")
        return answer

    def stop(self) -> None:
        """Ends it; nothing happens when it has not been started."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def environment() -> dict[str, str]:
    """Gives what the environment of every process holds."""
    # An empty setting is as good as none, and goes before what .env may say.
    unset = {setting.name: "" for setting in SETTINGS}
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {
        **inherited,
        **unset,
        "WEB_SECRET": "only for the benchmark, and long enough",
        "WEB_RATE_LIMIT": "0",
        "WEB_SESSION_LIMIT": "0",
        "ADDRESS_RATE_LIMIT": "0",
        "LOG_LEVEL": "INFO",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def ended_seconds() -> float:
    """Gives the processor's time that all processes took that have been started and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def free_ports(count: int) -> list[int]:
    """Gives ports that nothing listens on."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server((HOST, 0))) for _ in range(count)]
        return [int(one.getsockname()[1]) for one in taken]


def _tie_to_parent() -> None:
    # Also when this process is killed in a way that lets it do nothing more.
    if _LIBC is not None:
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _resident() -> list[tuple[int, int]]:
    """Gives group and resident bytes of each process."""
    if not Path("/proc/self/statm").exists():
        table = subprocess.run(
            ["ps", "-A", "-o", "pgid=,rss="], check=True, capture_output=True, text=True
        ).stdout
        rows = (line.split() for line in table.splitlines())
        return [(int(group), int(size) * 1024) for group, size in rows]
    page = os.sysconf("SC_PAGE_SIZE")
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            group = os.getpgid(int(folder.name))
            found.append((group, int((folder / "statm").read_text().split()[1]) * page))
        except (OSError, ValueError):
            continue  # it has ended meanwhile
    return found


def _worked() -> Iterator[tuple[int, float]]:
    """Gives group and seconds of the processor's time of each process."""
    tick = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            group = os.getpgid(int(folder.name))
            # After the name, which may hold anything and ends with the last bracket.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        yield group, (int(fields[11]) + int(fields[12])) / tick
