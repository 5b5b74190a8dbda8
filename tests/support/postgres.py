"""PostgreSQL for the tests: a server of their own, where its programs are on the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.postgres_server import PostgresMissing, PostgresServer, programs, running


def postgres_programs() -> Path:
    """Gives the folder of the server programs; skips the test without them, which fails in CI."""
    try:
        return programs()
    except PostgresMissing as error:
        if os.environ.get("CI"):
            pytest.fail("CI has to install PostgreSQL's server.")
        pytest.skip(str(error))


@contextmanager
def stoppable_postgres() -> Iterator[PostgresServer]:
    """Runs an empty server while the context lasts; skips and fails as `postgres_programs` does."""
    postgres_programs()
    with running() as server:
        yield server


@contextmanager
def postgres() -> Iterator[str]:
    """Runs an empty server while the context lasts, and gives its URL."""
    with stoppable_postgres() as server:
        yield server.url
