"""The manifest: true to what the code listens to and calls, and within Slack's limits."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from bot.channels.slack import listeners
from bot.channels.slack.manifest import COMMAND, EVENTS, SCOPES, SHORTCUT, manifest
from bot.cli.main import main
from bot.project import PROJECT
from tests.support.fake_slack import SCOPELESS, SCOPES_OF

SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "tokens_revoked": None,
}
"""Slack's reference of events: what an app must be allowed, to be sent them."""


class Listening:
    """Stands for the app and notes what is listened to."""

    def __init__(self) -> None:
        self.found: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Any:
        def note(what: Any) -> Any:
            self.found.setdefault(kind, []).append(what)
            return lambda function: function

        return note


@pytest.fixture
def listened() -> dict[str, list[Any]]:
    app: Any = Listening()
    work: Any = SimpleNamespace()
    listeners.register(app, work)
    return app.found


def methods_called() -> set[str]:
    """Gives the methods of Slack's API that the code calls."""
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (PROJECT / "bot" / "channels" / "slack").rglob("*.py")
    )
    calls = re.findall(r"client\.([a-z]+(?:_[A-Za-z]+)+)\(", code)
    return {call.replace("_", ".") for call in calls}


def test_every_event_that_is_listened_to_is_subscribed(listened: dict[str, list[Any]]) -> None:
    named = {event for event in listened["event"] if isinstance(event, str)}

    assert named == {event.partition(".")[0] for event in EVENTS} - {
        "app_uninstalled",  # Bolt's own listeners, where several workspaces install the app
        "tokens_revoked",
    }


def test_every_event_is_allowed_by_a_scope() -> None:
    needed = {SCOPE_OF_EVENT[event] for event in EVENTS} - {None}

    assert needed <= set(SCOPES)


def test_every_method_that_is_called_is_allowed_by_a_scope() -> None:
    called = methods_called()

    assert {"chat.postMessage", "chat.update", "views.publish", "reactions.add"} <= called
    assert called <= set(SCOPES_OF) | SCOPELESS
    assert {SCOPES_OF[method] for method in called - SCOPELESS} <= set(SCOPES)


def test_no_scope_is_asked_for_in_vain() -> None:
    by_event = {SCOPE_OF_EVENT[event] for event in EVENTS}
    by_method = {SCOPES_OF[method] for method in methods_called() - SCOPELESS}

    assert set(SCOPES) == (by_event - {None}) | by_method | {"commands"}


def test_command_and_shortcut_are_listened_to(listened: dict[str, list[Any]]) -> None:
    features = manifest(None)["features"]

    assert COMMAND in listened["command"]
    assert [c["command"] for c in features["slash_commands"]] == [COMMAND]
    assert {"type": "message_action", "callback_id": SHORTCUT} in listened["shortcut"]
    assert [s["callback_id"] for s in features["shortcuts"]] == [SHORTCUT]


def test_the_manifest_stays_within_slacks_limits() -> None:
    made = manifest("https://bot.example")
    about, features = made["display_information"], made["features"]

    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    assert all(len(shortcut["name"]) <= 24 for shortcut in features["shortcuts"])
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4


def test_with_an_address_everything_goes_there() -> None:
    made = manifest("https://bot.example/")
    events = "https://bot.example/webhooks/slack/events"

    assert made["settings"]["event_subscriptions"]["request_url"] == events
    assert made["settings"]["interactivity"]["request_url"] == events
    assert made["features"]["slash_commands"][0]["url"] == events
    assert made["oauth_config"]["redirect_urls"] == [
        "https://bot.example/webhooks/slack/oauth_redirect"
    ]
    assert not made["settings"]["socket_mode_enabled"]


def test_without_an_address_it_is_socket_mode() -> None:
    made = manifest(None)

    assert made["settings"]["socket_mode_enabled"]
    assert "request_url" not in str(made)
    assert "url" not in made["features"]["slash_commands"][0]


def test_the_file_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "manifest"]) == 0
    printed = capsys.readouterr().out

    assert printed == (PROJECT / "deploy/slack/manifest.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(printed) == manifest(None)


@pytest.mark.parametrize("url", ["http://bot.example", "bot.example", "https://", "https://b/?a=1"])
def test_an_address_that_slack_cannot_reach_is_refused(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["slack", "manifest", "--url", url]) == 1
    assert "https://bot.example" in capsys.readouterr().err
