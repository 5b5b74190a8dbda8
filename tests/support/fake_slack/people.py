"""What people do in Slack: each gives what Slack sends to the app."""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from typing import Any

from tests.support.fake_slack.api import Api
from tests.support.fake_slack.state import TEAM, Body, Channel, Message, Refused


class FakeSlack(Api):
    """Slack, with people in it."""

    def say(
        self, channel: Channel, user: str, text: str, thread: str | None = None, **more: Any
    ) -> list[Body]:
        """Has a person write a message, and gives the events that tell of it, unsent."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        bot = next(w.bot_user for w in self.workspaces.values() if w.id == channel.team)
        marked = re.sub(r"(?<!<)@(U\w+)", r"<@\1>", escaped.replace("@advisor", f"<@{bot}>"))
        message = self._keep(channel, user, {"text": marked, "thread_ts": thread}, **more)
        if thread:
            with contextlib.suppress(Refused):
                message["parent_user_id"] = channel.message(thread)["user"]
        event = {**message, "channel": channel.id, "channel_type": channel.kind}
        events = [self.event(event, channel.team)]
        if "@advisor" in text and channel.kind != "im":
            mention = {k: v for k, v in event.items() if k != "channel_type"}
            events.append(self.event({**mention, "type": "app_mention"}, channel.team))
        return events

    def write(
        self, channel: Channel, user: str, text: str, thread: str | None = None, **more: Any
    ) -> Message:
        """Has a person write a message, sends its events, and gives the message."""
        for event in self.say(channel, user, text, thread, **more):
            self.send(event)
        return channel.messages_of(user)[-1]

    def press(self, user: str, message: Message, title: str, moment: str | None = None) -> Body:
        """Gives the press of a button, unsent."""
        found = [
            (block, element)
            for block in message["blocks"]
            if block["type"] == "actions"
            for element in block["elements"]
            if element["text"]["text"] == title
        ]
        assert found, f"no button “{title}” in {titles(message)}"
        block, element = found[-1]
        channel = message.get("channel") or self._channel_of(message)
        is_ephemeral = message in self.ephemeral
        action = {**element, "block_id": block["block_id"], "action_ts": moment or self.now()}
        action.pop("style", None)
        container = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel,
            "is_ephemeral": is_ephemeral,
        }
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        ts = message["ts"] if is_ephemeral else None
        body = {
            "type": "block_actions",
            "user": {"id": user, "team_id": self.channels[channel].team},
            "team": {"id": self.channels[channel].team, "domain": "example"},
            "channel": {"id": channel, "name": channel},
            "container": container,
            "trigger_id": f"{next(self._counter)}.{uuid.uuid4().hex}",
            "api_app_id": "A0APP",
            "response_url": self._url(channel, user, ts),
            "actions": [action],
        }
        # Slack does not tell what an ephemeral message says.
        return body if is_ephemeral else {**body, "message": json.loads(json.dumps(message))}

    def _channel_of(self, message: Message) -> str:
        return next(c.id for c in self.channels.values() if message in c.messages)

    def command(self, user: str, channel: Channel, text: str) -> Body:
        """Gives the use of the command, unsent."""
        return {
            "command": "/outsource",
            "text": text,
            "team_id": channel.team,
            "channel_id": channel.id,
            "channel_name": channel.id,
            "user_id": user,
            "user_name": user,
            "api_app_id": "A0APP",
            "response_url": self._url(channel.id, user),
            "trigger_id": f"{next(self._counter)}.{uuid.uuid4().hex}",
        }

    def shortcut(self, user: str, channel: Channel, message: Message) -> Body:
        """Gives the use of the shortcut on a message, unsent."""
        return {
            "type": "message_action",
            "callback_id": "should_outsource",
            "trigger_id": f"{next(self._counter)}.{uuid.uuid4().hex}",
            "action_ts": self.now(),
            "team": {"id": channel.team, "domain": "example"},
            "user": {"id": user, "team_id": channel.team},
            "channel": {"id": channel.id, "name": channel.id},
            "message_ts": message["ts"],
            "message": message,
            "response_url": self._url(channel.id, user),
        }

    def opened(self, user: str, tab: str) -> Body:
        """Gives the event that a person opens the app, unsent."""
        return self.event(
            {
                "type": "app_home_opened",
                "user": user,
                "channel": self.direct(user).id,
                "tab": tab,
                "event_ts": self.now(),
            }
        )

    def start_press(self, user: str, number: int) -> Body:
        """Gives the press of a way to start in the App Home, unsent."""
        view = self.homes[user]
        buttons = [e for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]]
        return {
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "example"},
            "container": {"type": "view", "view_id": "V1"},
            "view": {"id": "V1", "type": "home"},
            "trigger_id": f"{next(self._counter)}.{uuid.uuid4().hex}",
            "api_app_id": "A0APP",
            "actions": [{**buttons[number], "block_id": "b", "action_ts": self.now()}],
        }


def titles(message: Message) -> list[str]:
    """Gives what can be pressed in a message."""
    blocks = message.get("blocks") or ()
    return [e["text"]["text"] for b in blocks if b["type"] == "actions" for e in b["elements"]]
