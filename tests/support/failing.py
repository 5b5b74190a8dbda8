"""A database that fails while a server runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def refusing(database: Path) -> Iterator[None]:
    """Has a SQLite database refuse to keep events; what it refuses stands in the error."""
    refuse = "CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no'); END"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(refuse)
        try:
            yield
        finally:
            connection.execute("DROP TRIGGER refuse")
