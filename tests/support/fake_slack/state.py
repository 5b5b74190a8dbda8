"""What the fake Slack knows: workspaces, channels, messages, and what was called and sent."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

SIGNING_SECRET = "the signing secret of tests"
BOT_TOKEN = "xoxb-1-of-tests"
APP_TOKEN = "xapp-1-of-tests"
TEAM = "T0TEAM"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"

_USES = 5

Message = dict[str, Any]
Body = dict[str, Any]


class Refused(Exception):
    """Slack answers with an error."""


@dataclass
class Workspace:
    """A workspace that the app is installed in."""

    id: str
    token: str
    bot_user: str
    bot_id: str
    scopes: set[str]
    is_revoked: bool = False


@dataclass
class Channel:
    """A channel, a group or a direct message."""

    id: str
    team: str
    members: set[str]
    kind: str
    messages: list[Message] = field(default_factory=list)
    next_post: float = 0.0

    def messages_of(self, user: str) -> list[Message]:
        """Gives what somebody has written here, oldest first."""
        return [message for message in self.messages if message["user"] == user]

    def message(self, ts: str) -> Message:
        """Gives the message of that time."""
        for message in self.messages:
            if message["ts"] == ts:
                return message
        raise Refused("message_not_found")


@dataclass(frozen=True)
class Call:
    """A call of the API, as it came and what came of it."""

    method: str
    body: Body
    error: str | None
    at: float


@dataclass(frozen=True)
class Delivery:
    """An event as it was sent, and how it was taken."""

    body: Body
    statuses: tuple[int, ...]
    seconds: float


@dataclass
class Fault:
    """What goes wrong with a call.

    Args:
        status: The HTTP status; 0 to drop the connection.
        error: Slack's error code, with status 200.
        seconds: How long Slack takes before it goes on; with status 200 and no error it works.
        retry_after: What Retry-After says.
    """

    status: int = 200
    error: str | None = None
    seconds: float = 0
    retry_after: int | None = None


class State:
    """What Slack knows.

    Args:
        scopes: What the app may do, where it is installed.
    """

    def __init__(self, scopes: set[str]) -> None:
        self.scopes = scopes
        self.workspaces: dict[str, Workspace] = {}
        self.channels: dict[str, Channel] = {}
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.ephemeral: list[Message] = []
        self.homes: dict[str, Body] = {}
        self.prompts: dict[str, Body] = {}
        self.files: dict[str, Message] = {}
        self.reactions: list[tuple[str, str, str]] = []
        self.faults: dict[str, list[Fault]] = {}
        self.codes: dict[str, Workspace] = {}
        self.app = ""
        self.app_port = 0
        self._uses: dict[str, Message] = {}
        self._counter = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._threads = ThreadPoolExecutor(16)
        self._sent: list[Future[Any]] = []
        self._sockets: list[web.WebSocketResponse] = []
        self._acks: dict[str, asyncio.Future[Any]] = {}
        self._verifier = SignatureVerifier(SIGNING_SECRET)
        self.install(Workspace(TEAM, BOT_TOKEN, BOT_USER, BOT_ID, scopes))

    @property
    def url(self) -> str:
        """The API's address."""
        return f"http://127.0.0.1:{self.port}/api/"

    def install(self, workspace: Workspace) -> None:
        """Puts the app into a workspace."""
        self.workspaces[workspace.token] = workspace

    def channel(self, id: str, *members: str, kind: str = "channel", team: str = TEAM) -> Channel:
        """Gives a channel; it is made where it is missing, with the bot in it."""
        if id not in self.channels:
            bots = {w.bot_user for w in self.workspaces.values() if w.id == team}
            self.channels[id] = Channel(id, team, {*members, *bots}, kind)
        return self.channels[id]

    def file_in(self, channel: Channel) -> Message | None:
        """Gives the file that was put into a channel last, if one was."""
        files = [file for file in self.files.values() if file.get("channel") == channel.id]
        return files[-1] if files else None

    def direct(self, user: str, team: str = TEAM) -> Channel:
        """Gives the direct messages between a person and the bot."""
        return self.channel(f"D{team[1:]}{user}", user, kind="im", team=team)

    def now(self) -> str:
        """Gives a time that no other message has."""
        return f"{int(time.time())}.{next(self._counter):06d}"

    def _keep(self, channel: Channel, user: str, body: Body, **more: Any) -> Message:
        message = {"type": "message", "user": user, "ts": self.now(), "text": body["text"], **more}
        if body.get("thread_ts"):
            message["thread_ts"] = str(body["thread_ts"])
        if body.get("blocks"):
            message["blocks"] = [
                {"block_id": f"slack{next(self._counter)}", **b} for b in body["blocks"]
            ]
        channel.messages.append(message)
        return message

    def _url(self, channel: str, user: str, ts: str | None = None) -> str:
        use = uuid.uuid4().hex
        self._uses[use] = {"left": _USES, "channel": channel, "user": user, "ts": ts}
        return f"http://127.0.0.1:{self.port}/respond/{use}"

    def _later(self, work: Callable[..., Any], *arguments: Any) -> None:
        self._sent.append(self._threads.submit(work, *arguments))

    def settle(self) -> None:
        """Waits until all that Slack sends by itself has been taken."""
        while self._sent:
            self._sent.pop().result(60)
