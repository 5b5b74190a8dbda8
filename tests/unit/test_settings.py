"""The settings: defaults, what is refused and how, and the secret that is made."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.setting_values import sqlite_path
from bot.settings import SETTINGS, Settings, environment


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_environment({})

    path = sqlite_path(settings.database_url)
    assert path is not None
    assert path.parts[-2:] == (".data", "conversations.db")
    assert settings.redis_url is None
    assert settings.web_origins == frozenset()
    assert (settings.web_rate_limit, settings.web_session_limit) == (120, 600)
    assert settings.web_token_ttl == 30 * 24 * 60 * 60
    assert settings.action_endpoint_url is None
    assert settings.log_level == "INFO"


def test_an_empty_value_counts_as_unset() -> None:
    assert Settings.from_environment({"WEB_RATE_LIMIT": " "}) == Settings.from_environment({})


def test_every_field_has_a_row_and_every_row_a_field() -> None:
    fields = [field.name for field in dataclasses.fields(Settings)]

    assert [setting.name.lower() for setting in SETTINGS] == fields
    assert all(setting.help.endswith(".") for setting in SETTINGS)


def test_origins_are_a_list() -> None:
    settings = Settings.from_environment({"WEB_ORIGINS": "https://A.example, http://b:8080/,"})

    assert settings.web_origins == {"https://a.example", "http://b:8080"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("metrics.internal:80", ("metrics.internal", 80)),
    ],
)
def test_metrics_have_an_address_of_their_own(text: str, address: tuple[str, int]) -> None:
    settings = Settings.from_environment({"METRICS_ADDRESS": text})

    assert settings.metrics_address == address


def test_the_scheme_that_sqlalchemy_dropped_is_mended() -> None:
    settings = Settings.from_environment({"DATABASE_URL": "postgres://u:p@db/name"})

    assert settings.database_url == "postgresql://u:p@db/name"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u@db/name"),
        ("DATABASE_URL", "sqlite://file.db"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql:///name"),
        ("DATABASE_URL", "postgresql://db:port/name"),
        ("REDIS_URL", "localhost:6379"),
        ("WEB_SECRET", "short"),
        ("REVIEW_SECRET", "fifteen letters"),
        ("WEB_ORIGINS", "*"),
        ("WEB_ORIGINS", "https://*.example.com"),
        ("WEB_ORIGINS", "https://example.com/page"),
        ("WEB_ORIGINS", "example.com"),
        ("WEB_RATE_LIMIT", "-1"),
        ("WEB_RATE_LIMIT", "many"),
        ("WEB_SESSION_LIMIT", "1.5"),
        ("WEB_TOKEN_TTL", "0"),
        ("ACTION_ENDPOINT_URL", "actions:5055"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_ADDRESS", "9464"),
        ("METRICS_ADDRESS", ":9464"),
        ("METRICS_ADDRESS", "127.0.0.1:0"),
        ("METRICS_ADDRESS", "127.0.0.1:65536"),
        ("METRICS_ADDRESS", "http://127.0.0.1:x"),
        ("RETENTION_DAYS", "-1"),
        ("RETENTION_DAYS", "a month"),
        ("RETENTION_ACTION", "hide"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: value})


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"WEB_RATE_LIMIT": "x", "LOG_LEVEL": "y", "REDIS_URL": "z"})

    assert [line.partition(":")[0] for line in caught.value.what.splitlines()] == [
        "REDIS_URL",
        "WEB_RATE_LIMIT",
        "LOG_LEVEL",
    ]


def test_a_fault_does_not_tell_a_secret() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"WEB_SECRET": "hush", "DATABASE_URL": "mysql://u:hush@db/n"})

    assert "hush" not in str(caught.value)


def test_a_secret_is_made_once_beside_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/c.db"

    first = Settings.from_environment({"DATABASE_URL": url}).signing_secret()
    second = Settings.from_environment({"DATABASE_URL": url}).signing_secret()

    kept = tmp_path / "new" / "web_secret"
    assert first == second == kept.read_text(encoding="ascii")
    assert len(first) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["web_secret"]


def test_a_secret_that_is_set_is_taken(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}/c.db", "WEB_SECRET": "s" * 16}

    assert Settings.from_environment(env).signing_secret() == "s" * 16
    assert not list(tmp_path.iterdir())


def test_a_secret_that_cannot_be_kept_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings.from_environment({"DATABASE_URL": f"sqlite:///{tmp_path}/file/c.db"})

    with pytest.raises(SettingsError, match="WEB_SECRET"):
        settings.signing_secret()


def test_the_environment_comes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("WEB_RATE_LIMIT=7\nLOG_LEVEL=ERROR\n")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.delenv("WEB_RATE_LIMIT", raising=False)

    settings = Settings.from_environment(environment(tmp_path))

    assert (settings.web_rate_limit, settings.log_level) == (7, "DEBUG")


SIGNING, BOT = "s" * 16, "xoxb-1"
OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c" * 16}


@pytest.mark.parametrize(
    "env",
    [
        {"SLACK_SIGNING_SECRET": SIGNING, "SLACK_BOT_TOKEN": BOT},
        {"SLACK_APP_TOKEN": "xapp-1", "SLACK_BOT_TOKEN": BOT},
        {"SLACK_SIGNING_SECRET": SIGNING, **OAUTH},
        {"SLACK_APP_TOKEN": "xapp-1", **OAUTH},
    ],
    ids=" ".join,
)
def test_slack_is_set_up_in_four_ways(env: dict[str, str]) -> None:
    assert Settings.from_environment(env).slack_api_url == "https://slack.com/api/"


@pytest.mark.parametrize(
    ("env", "missing"),
    [
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_APP_TOKEN: needed"),
        ({"SLACK_SIGNING_SECRET": SIGNING}, "SLACK_BOT_TOKEN: needed"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN: needed"),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_CLIENT_ID": "1.2"}, "set both"),
        (OAUTH, "SLACK_APP_TOKEN: needed"),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_BOT_TOKEN": BOT, **OAUTH}, "leave it out"),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_BOT_TOKEN": "xoxp-1"}, "must start with xoxb-"),
        ({"SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL"),
    ],
)
def test_half_a_slack_is_refused(env: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        Settings.from_environment(env)
