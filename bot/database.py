"""Opening the database of the conversations, SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from bot.setting_values import sqlite_path

THREADS = 8
"""How many threads, each with a connection, work on the database at once."""
WAIT_SECONDS = 10
"""How long a connection, or a statement, may keep somebody waiting."""

_NOW = sa.text("SELECT extract(epoch FROM clock_timestamp())")
_PRAGMAS = (
    "journal_mode=WAL",
    # Safe against a crash of the process; only a power cut can take the very last turns.
    "synchronous=NORMAL",
    f"busy_timeout={WAIT_SECONDS * 1000}",
    "secure_delete=ON",
)
# Each time, another replica may have been first with one table.
_TABLES = 8
_AGAIN_SECONDS = 0.02


def open_engine(database_url: str) -> Any:
    """Opens the database, and makes the folder of a SQLite file where it is missing.

    Args:
        database_url: A URL of SQLAlchemy's, for SQLite or PostgreSQL; "sqlite://" is in memory.

    Returns:
        An engine of SQLAlchemy's. SQLite is set up so that readers and a writer do not lock each
        other out and what is deleted is overwritten; PostgreSQL so that no statement waits for
        ever.

    """
    file = sqlite_path(database_url)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        # What people said is for nobody else on the machine; SQLite's other files follow this one.
        file.touch(mode=0o600)
    is_sqlite = database_url.startswith("sqlite")
    # What is in memory goes with its connection.
    connections = 1 if is_sqlite and not file else 2 * THREADS
    engine = sa.create_engine(
        database_url,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        # A connection that the database has closed meanwhile is replaced rather than failing.
        pool_pre_ping=not is_sqlite,
        connect_args=_sqlite_arguments() if is_sqlite else _postgresql_arguments(),
    )
    if is_sqlite:
        sa.event.listen(engine, "connect", _set_up_sqlite)
    return engine


def clock_of(engine: Any) -> Callable[[], float]:
    """Gives the clock that all who share a database go by, whatever their own clocks say.

    Args:
        engine: The database. With SQLite all are on this machine, and its clock will do.

    Returns:
        What gives the time in seconds since 1970; with PostgreSQL it takes a round trip.

    """
    if engine.dialect.name == "sqlite":
        return time.time

    def now() -> float:
        with engine.connect() as connection:
            return float(connection.execute(_NOW).scalar())

    return now


def make_tables(make: Callable[[], None]) -> None:
    """Makes tables where they are missing, also when another replica does so at the same time."""
    for _ in range(_TABLES):
        try:
            return make()
        except DBAPIError:
            continue
    return make()


def overwrite(connection: Any) -> bool:
    """Has what was deleted overwritten too where it still stands in SQLite's log.

    Takes a connection with nothing to commit.

    Returns:
        Whether it is: not while somebody still reads from before.

    """
    if connection.dialect.name != "sqlite":
        return True
    is_busy, *_ = connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not is_busy


def _sqlite_arguments() -> dict[str, Any]:
    # The pool hands a connection to one thread at a time.
    return {"check_same_thread": False, "timeout": WAIT_SECONDS}


def _postgresql_arguments() -> dict[str, Any]:
    return {
        "connect_timeout": WAIT_SECONDS // 2,
        "tcp_user_timeout": WAIT_SECONDS * 1000,
        # Nobody says so when a connection is forgotten on the way, as in a failover.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "options": f"-c statement_timeout={WAIT_SECONDS}s -c lock_timeout={WAIT_SECONDS}s",
    }


def _set_up_sqlite(connection: Any, _: Any) -> None:
    end = time.monotonic() + WAIT_SECONDS
    for pragma in _PRAGMAS:
        while not _is_set(connection, pragma):
            if time.monotonic() > end:
                raise TimeoutError(f"SQLite is busy, and does not take {pragma}")
            time.sleep(_AGAIN_SECONDS)


def _is_set(connection: Any, pragma: str) -> bool:
    try:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.OperationalError as error:
        # SQLite itself does not wait while another connection makes a new file a WAL one.
        if "locked" not in str(error):
            raise
        return False
    return True
