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

from dotenv import dotenv_values

from bot import setting_values as parse
from bot.errors import SettingsError
from bot.project import PROJECT
from bot.setting_values import sqlite_path

SIGNING_FILE = "web_secret"
"""The file beside the database in which a secret is kept where WEB_SECRET is unset."""
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
    address_rate_limit: int
    web_token_ttl: int
    proxies_count: int
    slack_signing_secret: str | None
    slack_bot_token: str | None
    slack_app_token: str | None
    slack_client_id: str | None
    slack_client_secret: str | None
    slack_api_url: str
    action_endpoint_url: str | None
    review_secret: str | None
    retention_days: int
    retention_action: str
    log_level: str
    log_format: str
    metrics_address: tuple[str, int] | None

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
        faults += slack_faults(values) if not faults else []
        if faults:
            raise SettingsError("\n".join(faults), "Set them in the environment or in .env.")
        return cls(**values)

    def data_folder(self) -> Path:
        """Gives the folder of the SQLite database, or `.data` where there is another database."""
        path = sqlite_path(self.database_url)
        return path.parent if path else PROJECT / ".data"

    @property
    def slack_is_on(self) -> bool:
        """Whether Slack is set up; `from_environment` has seen to it that nothing is missing."""
        return bool(self.slack_app_token or self.slack_signing_secret)

    def signing_secret(self) -> str:
        """Gives what signs the web tokens: WEB_SECRET, or one made once and kept with the data.

        Raises:
            SettingsError: when the kept secret can neither be read nor written.

        """
        if self.web_secret:
            return self.web_secret
        try:
            return _kept_secret(self.data_folder() / SIGNING_FILE)
        except OSError as error:
            raise SettingsError(
                f"WEB_SECRET: unset, and none can be kept in {error.filename}: {error.strerror}",
                "Set WEB_SECRET, or make the folder writable.",
            ) from error


def environment(folder: Path = PROJECT) -> dict[str, str]:
    """Gives the process's environment over the `.env` file in `folder`, if there is one."""
    kept = {name: value or "" for name, value in dotenv_values(folder / ".env").items()}
    return {**kept, **os.environ}


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
    if len(secret) < parse.SHORTEST_SECRET:
        raise SettingsError(f"{path} holds no secret", "Delete the file to have a new one made.")
    return secret


def slack_faults(values: Mapping[str, Any]) -> list[str]:
    """Tells what is missing beside the Slack secrets that are set; nothing where none is."""
    socket, signing, bot = (
        values[f"slack_{name}"] for name in ("app_token", "signing_secret", "bot_token")
    )
    oauth = (values["slack_client_id"], values["slack_client_secret"])
    if not any((socket, signing, bot, *oauth)):
        return []
    faults = []
    if not (socket or signing):
        faults.append("SLACK_APP_TOKEN: needed for Socket Mode; or SLACK_SIGNING_SECRET for HTTP")
    if any(oauth) and not all(oauth):
        faults.append("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: set both, or neither")
    elif not (bot or all(oauth)):
        faults.append("SLACK_BOT_TOKEN: needed; or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET")
    elif bot and all(oauth):
        faults.append("SLACK_BOT_TOKEN: leave it out where SLACK_CLIENT_ID is set, or else that")
    return faults


def _default_database() -> str:
    return f"sqlite:///{PROJECT / '.data' / 'conversations.db'}"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL",
        "",
        "Where conversations are kept: sqlite:///file or postgresql://user:password@host/name. "
        "Unset: the SQLite file .data/conversations.db.",
        lambda text: parse.database(text) if text else _default_database(),
    ),
    Setting(
        "REDIS_URL",
        "",
        "Redis for locks and rate limits that several replicas share. Unset: in memory.",
        parse.redis,
    ),
    Setting(
        "WEB_SECRET",
        "",
        "Signs the tokens of web visitors; 16 characters or more, the same for all replicas. "
        "Unset: one is made and kept in web_secret beside the database.",
        parse.secret,
    ),
    Setting(
        "WEB_ORIGINS",
        "",
        "Sites that may embed the widget, separated by commas, as in https://www.example.com. "
        "Unset: only this server's own pages.",
        parse.origins,
    ),
    Setting(
        "WEB_RATE_LIMIT",
        "120",
        "How many messages a minute one web conversation may send; 0 for no limit.",
        parse.count,
    ),
    Setting(
        "WEB_SESSION_LIMIT",
        "600",
        "How many web conversations a minute one address may start; 0 for no limit.",
        parse.count,
    ),
    Setting(
        "ADDRESS_RATE_LIMIT",
        "1200",
        "How many requests of any kind a minute one address may make, and two turns of it run at "
        "once; 0 for no limit on either.",
        parse.count,
    ),
    Setting(
        "WEB_TOKEN_TTL",
        str(_MONTH),
        "How many seconds a web visitor can go on with a conversation.",
        parse.seconds,
    ),
    Setting(
        "PROXIES_COUNT",
        "0",
        "How many reverse proxies stand in front, so that X-Forwarded-For tells the visitor's "
        "address; 0 where people reach the server directly.",
        parse.count,
    ),
    Setting(
        "SLACK_SIGNING_SECRET",
        "",
        "Proves that a request comes from Slack; with it Slack is served over HTTP.",
        parse.secret,
    ),
    Setting(
        "SLACK_BOT_TOKEN",
        "",
        "The bot's token in the one workspace that it is installed in (xoxb-…).",
        parse.token("xoxb-"),
    ),
    Setting(
        "SLACK_APP_TOKEN",
        "",
        "The app's token (xapp-…); with it Slack is served by Socket Mode, without an address "
        "of one's own.",
        parse.token("xapp-"),
    ),
    Setting(
        "SLACK_CLIENT_ID",
        "",
        "The app's client id, for several workspaces: each installs the app by OAuth, in the "
        "place of SLACK_BOT_TOKEN.",
        parse.text,
    ),
    Setting("SLACK_CLIENT_SECRET", "", "The secret that goes with it.", parse.secret),
    Setting(
        "SLACK_API_URL",
        "https://slack.com/api/",
        "Where Slack's API is; another for GovSlack or for a test.",
        parse.folder,
    ),
    Setting(
        "ACTION_ENDPOINT_URL",
        "",
        "Address of a stock action server, as in http://localhost:5055/webhook. "
        "Unset: actions run in process.",
        parse.http,
    ),
    Setting(
        "REVIEW_SECRET",
        "",
        "Signs in to the review page at /review; 16 characters or more. Unset: there is no page.",
        parse.secret,
    ),
    Setting(
        "RETENTION_DAYS",
        "0",
        "After how many days without a message a conversation is retired; 0 to keep all.",
        parse.count,
    ),
    Setting(
        "RETENTION_ACTION",
        "delete",
        "What becomes of it then: delete, or anonymise, which keeps intents, outcomes and times "
        "for the figures of the review, without words and ids.",
        parse.retention_action,
    ),
    Setting("LOG_LEVEL", "INFO", f"How much is logged: {', '.join(parse.LEVELS)}.", parse.level),
    Setting(
        "LOG_FORMAT",
        "text",
        "How a line of the log looks: text for people, json for programs.",
        parse.log_format,
    ),
    Setting(
        "METRICS_ADDRESS",
        "",
        "Address and port that metrics for Prometheus are served at, as in 127.0.0.1:9464; not for "
        "the world to reach. Unset: they are not served.",
        parse.listening,
    ),
)
