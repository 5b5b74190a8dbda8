"""An empty PostgreSQL server of one's own, for tests and measurements."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.server import free_port

_FOLDERS = "/usr/lib/postgresql/*/bin"
_USER = "postgres"


class PostgresMissing(Exception):
    """There are no programs to run a server with."""


@dataclass
class PostgresServer:
    """A server that can be stopped and started again; what was committed stays.

    Args:
        programs: The folder of PostgreSQL's server programs.
    """

    programs: Path
    # Outside pytest's folders, which only their owner may enter.
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="postgres-")))
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """Its address."""
        return url_of(self.port)

    @property
    def pid(self) -> int:
        """Its first process."""
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def make(self) -> None:
        """Makes an empty server and starts it."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, _USER)
        self._run("initdb", "-U", _USER, "-A", "trust", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        """Stops it as a crash would."""
        self._run("pg_ctl", "-m", "immediate", "stop", check=False)

    def remove(self) -> None:
        """Stops it and deletes what it kept."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object, check: bool = True) -> None:
        _run(self.programs / program, "-D", self.folder / "data", *arguments, check=check)


def url_of(port: int) -> str:
    """Gives the address of the server, or of what stands before it, at a port."""
    return f"postgresql://{_USER}@127.0.0.1:{port}/postgres"


@contextmanager
def running() -> Iterator[PostgresServer]:
    """Runs an empty server while the context lasts.

    Raises:
        PostgresMissing: when there are no programs to run one.
        RuntimeError: when it cannot be started.
    """
    server = PostgresServer(programs())
    try:
        server.make()
        yield server
    finally:
        server.remove()


def programs() -> Path:
    """Gives the folder of the server programs; raises PostgresMissing without them."""
    on_path = shutil.which("pg_ctl")
    folders = [Path(on_path).resolve().parent] if on_path else sorted(Path("/").glob(_FOLDERS[1:]))
    for folder in reversed(folders):
        if (folder / "initdb").exists():
            return folder
    raise PostgresMissing("There are no server programs of PostgreSQL's on this machine.")


def _run(program: Path, *arguments: object, check: bool = True) -> None:
    as_root = os.geteuid() == 0  # it refuses to run as root
    result = subprocess.run(
        [str(program), *map(str, arguments)],
        user=_USER if as_root else None,
        group=pwd.getpwnam(_USER).pw_gid if as_root else None,
        cwd="/",
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if check and result.returncode:
        raise RuntimeError(f"{program.name} failed:\n{result.stdout}{result.stderr}")
