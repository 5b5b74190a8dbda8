"""On or off, said in one line; nothing of Slack's is loaded where it is off."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.channels.slack import SlackChannel
from bot.settings import Settings
from tests.unit.cli.command import run_python

SOCKET = {"SLACK_APP_TOKEN": "xapp-1", "SLACK_BOT_TOKEN": "xoxb-1"}
HTTP = {"SLACK_SIGNING_SECRET": "s" * 16, "SLACK_BOT_TOKEN": "xoxb-1"}
OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c" * 16}


async def _run(_: object) -> None:
    raise AssertionError


def routes(env: dict[str, str], folder: Path) -> list[str]:
    """Gives the routes of a channel with such settings."""
    settings = Settings.from_environment({"DATABASE_URL": f"sqlite:///{folder}/c.db", **env})
    blueprint = SlackChannel(settings).blueprint(_run)
    return sorted(route.uri for route in blueprint._future_routes)


@pytest.mark.parametrize(
    ("env", "line", "expected"),
    [
        ({}, "Slack is off: no secret of it is set.", []),
        (SOCKET, "Slack is on: Socket Mode, one workspace.", []),
        (HTTP, "Slack is on: HTTP at /webhooks/slack/events, one workspace.", ["/events"]),
        (
            {"SLACK_SIGNING_SECRET": "s" * 16, **OAUTH},
            "Slack is on: HTTP at /webhooks/slack/events, workspaces that install it at "
            "/webhooks/slack/install.",
            ["/events", "/install", "/oauth_redirect"],
        ),
    ],
)
async def test_one_line_says_whether_slack_is_on(
    env: dict[str, str],
    line: str,
    expected: list[str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="bot"):
        assert routes(env, tmp_path) == expected

    assert caplog.messages == [line]


def test_bolt_is_not_loaded_where_slack_is_off() -> None:
    code = (
        "import sys; from bot.channels.slack import SlackChannel; "
        "from bot.settings import Settings; "
        "SlackChannel(Settings.from_environment({})).blueprint(print); "
        "sys.exit('slack_bolt' in sys.modules)"
    )

    assert run_python(code).returncode == 0


def test_credentials_name_the_channel_and_hold_no_secret() -> None:
    from bot.project import PROJECT

    text = (PROJECT / "credentials.yml").read_text(encoding="utf-8")
    assert "bot.channels.slack.SlackChannel:" in text
    assert "xox" not in text
