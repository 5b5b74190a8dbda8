"""Redis for the tests: a server of their own, which can be stopped and made to hang."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.server import free_port
from tests.support.until import until

_START_SECONDS = 20


@dataclass
class RedisServer:
    """A server that keeps nothing on disk.

    Args:
        folder: Where it writes its log.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Starts it and waits until it answers; skips the test where there is no program."""
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                [_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(lambda: self.ask("PING") == "+PONG", _START_SECONDS)

    def stop(self) -> None:
        """Ends it at once; what it held is gone."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def hang(self) -> None:
        """Lets it answer nothing any more, while connections to it stay."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Ends `hang`."""
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def ask(self, command: str) -> str:
        """Gives the first line that it answers to a command; empty when it is not there."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(command.encode() + b"\r\n")
                return connection.makefile("rb").readline().decode().strip()
        except OSError:
            return ""

    def calls(self, command: str) -> int:
        """Tells how often a command has been run."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(b"INFO commandstats\r\nQUIT\r\n")
            stats = connection.makefile("rb").read().decode()
        found = [line for line in stats.splitlines() if line.startswith(f"cmdstat_{command}:")]
        return int(found[0].split("calls=")[1].split(",")[0]) if found else 0


def _program() -> str:
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to install Redis's server.")
        pytest.skip("There is no redis-server on this machine.")
    return program
