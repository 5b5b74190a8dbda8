"""PostgreSQL for the tests: a server of their own, where its programs are on the machine."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.server import free_port

_FOLDERS = "/usr/lib/postgresql/*/bin"
_USER = "postgres"


@dataclass(frozen=True)
class Postgres:
    """A server that can be stopped and started.

    Args:
        url: Its address, for SQLAlchemy.
        programs: The folder of its programs.
    """

    url: str
    programs: Path
    folder: Path
    options: str

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self._control("-w", "-l", self.folder / "log", "-o", self.options, "start")

    def stop(self) -> None:
        """Stops it as a crash would, and waits until it is gone."""
        self._control("-w", "-m", "immediate", "stop")

    def _control(self, *arguments: object) -> None:
        _run(self.programs / "pg_ctl", "-D", self.folder / "data", *arguments)


@contextmanager
def postgres() -> Iterator[str]:
    """Runs an empty server while the context lasts, and gives its URL.

    Skips the test where there are no programs to run one, which fails in CI.
    """
    with stoppable_postgres() as server:
        yield server.url


@contextmanager
def stoppable_postgres() -> Iterator[Postgres]:
    """Runs an empty server while the context lasts; skips and fails as `postgres` does."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to install PostgreSQL's server.")
        pytest.skip("There are no server programs of PostgreSQL's on this machine.")
    # Outside pytest's folders, which only their owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)
    port = free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    url = f"postgresql://{_USER}@127.0.0.1:{port}/postgres"
    data = folder / "data"
    try:
        _run(programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8")
        server = Postgres(url, programs, folder, options)
        server.start()
        yield server
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    on_path = shutil.which("pg_ctl")
    folders = [Path(on_path).resolve().parent] if on_path else sorted(Path("/").glob(_FOLDERS[1:]))
    return next((f for f in reversed(folders) if (f / "initdb").exists()), None)


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
        pytest.fail(f"{program.name} failed:\n{result.stdout}{result.stderr}")
