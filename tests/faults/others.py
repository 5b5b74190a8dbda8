"""The two faults that need more than a cluster: a new model, and a disk that is full."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.running import Result, under
from tests.support.project import copy_that_runs
from tests.support.server import Server
from tests.support.until import until_later

_THANKS, NEW_THANKS = "You are welcome.", "My pleasure."
_DISK = "8m"
_LIMIT_SECONDS = 5.0


def new_model(folder: Path) -> Path:
    """Trains a model that answers thanks with other words, and gives its file."""
    project = copy_that_runs(folder)
    project.replace("domain.yml", _THANKS, NEW_THANKS)
    subprocess.run(
        [sys.executable, "-m", "bot", "train"], cwd=folder, check=True, capture_output=True
    )
    return max((folder / "models").glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)


def full_disk(folder: Path, visitors: int, seconds: float) -> Result:
    """Fills the disk that SQLite writes to while visitors talk, and makes room again.

    Args:
        folder: Where the server writes its log.
        visitors: How many talk at once.
        seconds: For how long there is no room.

    """
    with small_disk() as disk:
        settings = {
            "DATABASE_URL": f"sqlite:///{disk}/conversations.db",
            "WEB_RATE_LIMIT": "0",
            "WEB_SESSION_LIMIT": "0",
            "ADDRESS_RATE_LIMIT": "0",
        }
        server = Server(folder, settings)
        server.start()
        try:
            record, since = under(server.url, lambda: _fill(disk, seconds), visitors)
        finally:
            server.stop()
    whole = max((bad - since for bad in record.bad), default=0.0)
    return Result("The disk is full (SQLite)", visitors, record, max(0.0, whole), _LIMIT_SECONDS)


def _fill(disk: Path, seconds: float) -> float:
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    until_later(seconds)
    filler.unlink()
    return time.monotonic()


@contextmanager
def small_disk() -> Iterator[Path]:
    """Gives a file system of a few megabytes; skips the test where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("A small disk can only be mounted by root.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()
