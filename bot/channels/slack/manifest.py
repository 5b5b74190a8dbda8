"""The app's manifest: what Slack is told of it. Pure."""

from __future__ import annotations

from typing import Any

from bot.channels.slack.prompts import ABOUT, PROMPTS

COMMAND = "/outsource"
SHORTCUT = "should_outsource"
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "tokens_revoked",
)
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
    "mpim:history",
    "reactions:write",
)
"""What the bot may do; each is needed by an event or a method, see docs/slack.md."""


def manifest(url: str | None) -> dict[str, Any]:
    """Gives the manifest.

    Args:
        url: The address that Slack reaches this server by; None for Socket Mode, which needs none.

    """
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": "Should we outsource it, to BPO or KPO?",
        "usage_hint": "[public] payroll",
        "should_escape": False,
    }
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if url is not None:
        base = f"{url.rstrip('/')}/webhooks/slack"
        request_url = {"request_url": f"{base}/events"}
        events = {**request_url, **events}
        interactivity |= request_url
        command |= {"url": f"{base}/events"}
        oauth = {"redirect_urls": [f"{base}/oauth_redirect"], **oauth}
    return {
        "display_information": {
            "name": "Sourcing Advisor",
            "description": "Works out whether to outsource a process, and to whom.",
            "background_color": "#1f3a4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": ABOUT,
                "suggested_prompts": [
                    {"title": prompt.title, "message": prompt.message} for prompt in PROMPTS
                ],
            },
            "bot_user": {"display_name": "Sourcing Advisor", "always_online": True},
            "shortcuts": [
                {
                    "name": "Should we outsource this",
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": "Asks Sourcing Advisor about this message",
                }
            ],
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
