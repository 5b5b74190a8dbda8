"""The settings: what each is called, its default and what it does.

Nobody else reads the environment.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.project import PROJECT

_DATABASES = {"sqlite", "postgresql"}
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SHORTEST_SECRET = 16
_MONTH = 30 * 24 * 60 * 60


@dataclass(frozen=True)
class Setting:
    """One row of the table of settings, for parsing and for the documentation."""

    name: str
    """The environment variable; lower-cased, the field of `Settings`."""
    default: str
    """Its value when unset or empty."""
    help: str
    """What it does, in a sentence."""
    parse: Callable[[str], Any]
    """Takes the text, gives the value; raises ValueError saying what is wanted instead."""


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Make it with `from_environment`; `SETTINGS` says what each means."""

    database_url: str
    redis_url: str | None
    web_secret: str | None
    web_origins: frozenset[str]
    web_rate_limit: int
    web_session_limit: int
    web_token_ttl: int
    proxies_count: int
    action_endpoint_url: str | None
    review_secret: str | None
    log_level: str

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Settings:
        """Reads and checks every setting.

        Args:
            env: Names and values; see `environment()` for the real one. Other names are ignored.

        Returns:
            The settings, with defaults where `env` says nothing.

        Raises:
            SettingsError: naming every setting at fault, not only the first.

        """
        values: dict[str, Any] = {}
        faults: list[str] = []
        for setting in SETTINGS:
            text = env.get(setting.name, "").strip() or setting.default
            try:
                values[setting.name.lower()] = setting.parse(text)
            except ValueError as error:
                faults.append(f"{setting.name}: {error}")
        if faults:
            raise SettingsError("\n".join(faults), "Set them in the environment or in .env.")
        return cls(**values)

    def data_folder(self) -> Path:
        """Gives the folder of the SQLite database, or `.data` where there is another database."""
        path = sqlite_path(self.database_url)
        return path.parent if path else PROJECT / ".data"

    def signing_secret(self) -> str:
        """Gives what signs the web tokens: WEB_SECRET, or one made once and kept with the data.

        Raises:
            SettingsError: when the kept secret can neither be read nor written.

        """
        if self.web_secret:
            return self.web_secret
        try:
            return _kept_secret(self.data_folder() / "web_secret")
        except OSError as error:
            raise SettingsError(
                f"WEB_SECRET: unset, and none can be kept in {error.filename}: {error.strerror}",
                "Set WEB_SECRET, or make the folder writable.",
            ) from error


def environment(folder: Path = PROJECT) -> dict[str, str]:
    """Gives the process's environment over the `.env` file in `folder`, if there is one."""
    kept = {name: value or "" for name, value in dotenv_values(folder / ".env").items()}
    return {**kept, **os.environ}


def sqlite_path(database_url: str) -> Path | None:
    """Gives the file that a SQLite URL names, or None for other databases and in memory."""
    parts = urlsplit(database_url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme.partition("+")[0] != "sqlite" or name in ("", ":memory:"):
        return None
    return Path(name)


def _kept_secret(path: Path) -> str:
    try:
        return _read_secret(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    # Written elsewhere and linked into place, so that two servers that start together agree and
    # neither reads half a secret. mkstemp makes files that only their owner can read.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".web_secret")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
    return _read_secret(path)


def _read_secret(path: Path) -> str:
    secret = path.read_text(encoding="utf-8").strip()
    if len(secret) < _SHORTEST_SECRET:
        raise SettingsError(f"{path} holds no secret", "Delete the file to have a new one made.")
    return secret


def _optional(text: str) -> str | None:
    return text or None


def _secret(text: str) -> str | None:
    if text and len(text) < _SHORTEST_SECRET:
        raise ValueError(f"must have at least {_SHORTEST_SECRET} characters")
    return text or None


def _database(text: str) -> str:
    # Some hosts still hand out the scheme that SQLAlchemy has dropped.
    if text.startswith("postgres://"):
        text = "postgresql://" + text.removeprefix("postgres://")
    parts = _url(text)
    if parts.scheme.partition("+")[0] not in _DATABASES:
        raise ValueError("must start with sqlite:/// or postgresql://")
    if parts.scheme.startswith("postgresql") and not parts.hostname:
        raise ValueError("must name a host, as in postgresql://user:password@host/database")
    if parts.scheme.startswith("sqlite") and not text.partition(":")[2].startswith("///"):
        raise ValueError("must have three slashes before the file, as in sqlite:///file.db")
    if parts.scheme.startswith("sqlite") and not sqlite_path(text):
        raise ValueError("must name a file: what is kept in memory is lost with each connection")
    return text


def _redis(text: str) -> str | None:
    if text and not text.startswith(("redis://", "rediss://")):
        raise ValueError("must start with redis:// or rediss://")
    return text or None


def _http(text: str) -> str | None:
    if not text:
        return None
    parts = _url(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that starts with http:// or https://")
    return text


def _origins(text: str) -> frozenset[str]:
    return frozenset(_origin(part.strip()) for part in text.split(",") if part.strip())


def _origin(text: str) -> str:
    parts = _url(text)
    bare = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"{text!r} is no origin; write each as https://www.example.com")
    if text.rstrip("/").lower() != bare.lower() or "*" in text:
        raise ValueError(f"{text!r} must be one origin without path or wildcard")
    return bare.lower()


def _url(text: str) -> Any:
    parts = urlsplit(text)
    try:
        parts.port  # noqa: B018 (reading it is what checks it)
    except ValueError:
        raise ValueError("has a port that is no number up to 65535") from None
    return parts


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValueError(f"must be a whole number, 0 or more, and is {text!r}")
    return int(text)


def _seconds(text: str) -> int:
    if not _count(text):
        raise ValueError("must be a number of seconds, 1 or more")
    return int(text)


def _level(text: str) -> str:
    if text.upper() not in _LEVELS:
        raise ValueError(f"must be one of {', '.join(_LEVELS)}, and is {text!r}")
    return text.upper()


def _default_database() -> str:
    return f"sqlite:///{PROJECT / '.data' / 'conversations.db'}"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL",
        "",
        "Where conversations are kept: sqlite:///file or postgresql://user:password@host/name. "
        "Unset: the SQLite file .data/conversations.db.",
        lambda text: _database(text) if text else _default_database(),
    ),
    Setting(
        "REDIS_URL",
        "",
        "Redis for locks and rate limits that several replicas share. Unset: in memory.",
        _redis,
    ),
    Setting(
        "WEB_SECRET",
        "",
        "Signs the tokens of web visitors; 16 characters or more, the same for all replicas. "
        "Unset: one is made and kept in web_secret beside the database.",
        _secret,
    ),
    Setting(
        "WEB_ORIGINS",
        "",
        "Sites that may embed the widget, separated by commas, as in https://www.example.com. "
        "Unset: only this server's own pages.",
        _origins,
    ),
    Setting(
        "WEB_RATE_LIMIT",
        "120",
        "How many messages a minute one web conversation may send; 0 for no limit.",
        _count,
    ),
    Setting(
        "WEB_SESSION_LIMIT",
        "600",
        "How many web conversations a minute one address may start; 0 for no limit.",
        _count,
    ),
    Setting(
        "WEB_TOKEN_TTL",
        str(_MONTH),
        "How many seconds a web visitor can go on with a conversation.",
        _seconds,
    ),
    Setting(
        "PROXIES_COUNT",
        "0",
        "How many reverse proxies stand in front, so that X-Forwarded-For tells the visitor's "
        "address; 0 where people reach the server directly.",
        _count,
    ),
    Setting(
        "ACTION_ENDPOINT_URL",
        "",
        "Address of a stock action server, as in http://localhost:5055/webhook. "
        "Unset: actions run in process.",
        _http,
    ),
    Setting(
        "REVIEW_SECRET",
        "",
        "Signs in to the review page at /review; 16 characters or more. Unset: there is no page.",
        _secret,
    ),
    Setting("LOG_LEVEL", "INFO", f"How much is logged: {', '.join(_LEVELS)}.", _level),
)
