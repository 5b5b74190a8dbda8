"""From the text of a setting to its value. Each raises ValueError saying what is wanted instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SHORTEST_SECRET = 16
FORMATS = ("text", "json")
ANONYMISE = "anonymise"
RETENTION_ACTIONS = ("delete", ANONYMISE)
_LAST_PORT = 65_535
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_DATABASES = {"sqlite", "postgresql"}


def sqlite_path(database_url: str) -> Path | None:
    """Gives the file that a SQLite URL names, or None for other databases and in memory."""
    parts = urlsplit(database_url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme.partition("+")[0] != "sqlite" or name in ("", ":memory:"):
        return None
    return Path(name)


def secret(text: str) -> str | None:
    """Takes a secret; None where there is none."""
    if text and len(text) < SHORTEST_SECRET:
        raise ValueError(f"must have at least {SHORTEST_SECRET} characters")
    return text or None


def text(text: str) -> str | None:
    """Takes any text; None where there is none."""
    return text or None


def token(start: str) -> Callable[[str], str | None]:
    """Gives what takes a token that starts so; None where there is none."""

    def read(text: str) -> str | None:
        if text and not text.startswith(start):
            raise ValueError(f"must start with {start}")
        return text or None

    return read


def database(text: str) -> str:
    """Takes the URL of a database."""
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


def redis(text: str) -> str | None:
    """Takes the URL of Redis; None where there is none."""
    if text and not text.startswith(("redis://", "rediss://")):
        raise ValueError("must start with redis:// or rediss://")
    return text or None


def http(text: str) -> str | None:
    """Takes an address; None where there is none."""
    if not text:
        return None
    parts = _url(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that starts with http:// or https://")
    return text


def folder(text: str) -> str:
    """Takes an address that others are made from; it ends with a slash."""
    return f"{str(http(text)).rstrip('/')}/"


def origins(text: str) -> frozenset[str]:
    """Takes origins, separated by commas."""
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


def count(text: str) -> int:
    """Takes a whole number."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValueError(f"must be a whole number, 0 or more, and is {text!r}")
    return int(text)


def seconds(text: str) -> int:
    """Takes a number of seconds."""
    if not count(text):
        raise ValueError("must be a number of seconds, 1 or more")
    return int(text)


def level(text: str) -> str:
    """Takes the name of a level of logging."""
    if text.upper() not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}, and is {text!r}")
    return text.upper()


def log_format(text: str) -> str:
    """Takes how a line of the log looks."""
    if text.lower() not in FORMATS:
        raise ValueError(f"must be one of {', '.join(FORMATS)}, and is {text!r}")
    return text.lower()


def retention_action(text: str) -> str:
    """Takes what is to become of old conversations."""
    if text.lower() not in RETENTION_ACTIONS:
        raise ValueError(f"must be one of {', '.join(RETENTION_ACTIONS)}, and is {text!r}")
    return text.lower()


def listening(text: str) -> tuple[str, int] | None:
    """Takes an address and a port to listen on; None where there is none."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) <= _LAST_PORT:
        raise ValueError("must be an address and a port, as in 127.0.0.1:9464")
    return host.strip("[]"), int(port)
