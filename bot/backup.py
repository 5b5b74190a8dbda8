"""Copies a SQLite database while it is in use, with the secret that signs the visitors' tokens."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import BotError
from bot.setting_values import sqlite_path
from bot.settings import SIGNING_FILE, Settings

_POSTGRESQL = "use `pg_dump --format=custom`, see docs/operating.md"


def backup(settings: Settings, folder: Path) -> list[Path]:
    """Copies all that a server needs to go on with the same conversations.

    Args:
        settings: Where the database is.
        folder: Where to; it must not exist, or be empty.

    Returns:
        The files, which only their owner can read: the database as it was at one moment, and the
        kept secret where WEB_SECRET is unset.

    Raises:
        BotError: when the database is another than SQLite, is not there, or the folder is no good.

    """
    database = sqlite_path(settings.database_url)
    if database is None:
        raise BotError("the database is PostgreSQL", _POSTGRESQL)
    if not database.is_file():
        raise BotError(f"there is no database {database}", "check DATABASE_URL")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise BotError(f"{folder} is not empty", "choose a new folder")
        files = [_copied(database, folder / database.name)]
        if settings.web_secret is None:
            secret = settings.data_folder() / SIGNING_FILE
            files.append(Path(shutil.copy(secret, folder / SIGNING_FILE)))
    except OSError as error:
        raise BotError(
            f"cannot back up to {folder}: {error.strerror}", "choose another folder"
        ) from error
    except sqlite3.Error as error:
        raise BotError(f"cannot copy {database}: {error}", "try again") from error
    return files


def _copied(database: Path, to: Path) -> Path:
    to.touch(mode=0o600)
    # In one piece: a writer never waits for it, and what is written meanwhile is not in it.
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return to
