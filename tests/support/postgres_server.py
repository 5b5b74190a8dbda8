"""An empty PostgreSQL server of one's own, for tests and measurements."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.server import free_port

_FOLDERS = "/usr/lib/postgresql/*/bin"
_USER = "postgres"


class PostgresMissing(Exception):
    """There are no programs to run a server with."""


@contextmanager
def running() -> Iterator[str]:
    """Runs a server while the context lasts, and gives its URL.

    Raises:
        PostgresMissing: when there are no programs to run one.
        RuntimeError: when it cannot be started.
    """
    programs = _programs()
    if programs is None:
        raise PostgresMissing("There are no server programs of PostgreSQL's on this machine.")
    # Outside pytest's folders, which only their owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)
    port = free_port()
    data, options = folder / "data", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    try:
        _run(programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8")
        _run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        yield f"postgresql://{_USER}@127.0.0.1:{port}/postgres"
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
        raise RuntimeError(f"{program.name} failed:\n{result.stdout}{result.stderr}")
