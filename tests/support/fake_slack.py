"""A Slack on this machine, as faithful as the channel needs: its API, its events and its people.

It keeps channels, threads and messages, checks tokens, scopes, membership and Block Kit, lets a
channel take one post a second, and sends events as Slack does: signed, again when they are not
acknowledged within three seconds, in pairs for a mention, and an echo of what the bot posts.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from aiohttp import WSMsgType, web
from slack_sdk.signature import SignatureVerifier

from tests.support import block_kit

SIGNING_SECRET = "the signing secret of tests"
BOT_TOKEN = "xoxb-1-of-tests"
APP_TOKEN = "xapp-1-of-tests"
TEAM = "T0TEAM"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"

_ACK_SECONDS = 3
_USES = 5
_LONGEST_POST = 40_000
_LONGEST_UPDATE = 4_000

SCOPES_OF = {
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
}
SCOPELESS = {"auth.test", "views.publish", "oauth.v2.access", "apps.connections.open"}

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


class FakeSlack:
    """Slack.

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

    # --- running

    def start(self) -> None:
        """Serves the API in a thread, on a port that is free."""
        started = threading.Event()
        threading.Thread(target=self._serve, args=(started,), daemon=True).start()
        assert started.wait(10)

    def stop(self) -> None:
        """Stops serving."""
        self._threads.shutdown(wait=True)
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/respond/{use}", self._respond)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, access_log=None)
        self._loop.run_until_complete(self._runner.setup())
        site = web.TCPSite(self._runner, "127.0.0.1", 0, shutdown_timeout=0.1)
        self._loop.run_until_complete(site.start())
        self.port = self._runner.addresses[0][1]
        started.set()
        self._loop.run_forever()

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

    def direct(self, user: str, team: str = TEAM) -> Channel:
        """Gives the direct messages between a person and the bot."""
        return self.channel(f"D{team[1:]}{user}", user, kind="im", team=team)

    # --- the API

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await _body(request)
        fault = next(iter(self.faults.get(method, ())), None)
        if fault:
            self.faults[method].pop(0)
            await asyncio.sleep(fault.seconds)
            if fault.status == 0:
                self._note(method, body, "dropped")
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            if fault.status != 200 or fault.error:
                self._note(method, body, fault.error or str(fault.status))
                return _answer(fault.error, fault.status, fault.retry_after)
        try:
            answer = self._handle(method, request, body)
        except Refused as refused:
            self._note(method, body, str(refused))
            seconds = int(body.get("_retry_after", 1))
            limited = str(refused) == "ratelimited"
            return _answer(str(refused), 429 if limited else 200, seconds if limited else None)
        self._note(method, body, None)
        return web.json_response({"ok": True, **answer})

    def _note(self, method: str, body: Body, error: str | None) -> None:
        self.calls.append(Call(method, body, error, time.monotonic()))

    def _handle(self, method: str, request: web.Request, body: Body) -> Body:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = token or str(body.get("token", ""))
        if method == "apps.connections.open":
            if token != APP_TOKEN:
                raise Refused("invalid_auth")
            return {"url": f"ws://127.0.0.1:{self.port}/socket"}
        if method == "oauth.v2.access":
            return self._access(body)
        workspace = self._workspace(method, token)
        handle = getattr(self, f"_{method.replace('.', '_')}", None)
        if handle is None:
            raise Refused("unknown_method")
        answer: Body = handle(workspace, body)
        return answer

    def _workspace(self, method: str, token: str) -> Workspace:
        workspace = self.workspaces.get(token)
        if workspace is None:
            raise Refused("invalid_auth")
        if workspace.is_revoked:
            raise Refused("token_revoked")
        needed = SCOPES_OF.get(method)
        if needed and needed not in workspace.scopes:
            raise Refused("missing_scope")
        return workspace

    def _access(self, body: Body) -> Body:
        workspace = self.codes.pop(str(body.get("code")), None)
        if workspace is None or not body.get("client_id"):
            raise Refused("invalid_code")
        self.install(workspace)
        return {
            "access_token": workspace.token,
            "token_type": "bot",
            "scope": ",".join(sorted(workspace.scopes)),
            "bot_user_id": workspace.bot_user,
            "app_id": "A0APP",
            "team": {"id": workspace.id, "name": workspace.id},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": "U0ADMIN"},
        }

    def _auth_test(self, workspace: Workspace, _: Body) -> Body:
        return {
            "url": "https://example.slack.example/",
            "team": "Example",
            "user": "advisor",
            "team_id": workspace.id,
            "user_id": workspace.bot_user,
            "bot_id": workspace.bot_id,
        }

    def _where(self, workspace: Workspace, body: Body) -> Channel:
        channel = self.channels.get(str(body.get("channel") or body.get("channel_id")))
        if channel is None or channel.team != workspace.id:
            raise Refused("channel_not_found")
        if workspace.bot_user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _chat_postMessage(self, workspace: Workspace, body: Body) -> Body:
        channel = self._where(workspace, body)
        self._check(body, _LONGEST_POST)
        now = time.monotonic()
        if now < channel.next_post:
            body["_retry_after"] = max(1, int(channel.next_post - now + 0.999))
            raise Refused("ratelimited")
        channel.next_post = now + 1
        if body.get("thread_ts"):
            with contextlib.suppress(Refused):
                channel.message(str(body["thread_ts"]))["thread_ts"] = body["thread_ts"]
        message = self._keep(channel, workspace.bot_user, body, bot_id=workspace.bot_id)
        self._later(self._echo, channel, workspace, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _chat_update(self, workspace: Workspace, body: Body) -> Body:
        channel = self._where(workspace, body)
        self._check(body, _LONGEST_UPDATE)
        message = channel.message(str(body["ts"]))
        if message.get("bot_id") != workspace.bot_id:
            raise Refused("cant_update_message")
        message |= {"text": body["text"], "blocks": body.get("blocks") or []}
        message["edited"] = message.get("edited", 0) + 1
        self._later(self._echo_change, channel, workspace, message)
        return {"channel": channel.id, "ts": message["ts"]}

    def _chat_postEphemeral(self, workspace: Workspace, body: Body) -> Body:
        channel = self._where(workspace, body)
        self._check(body, _LONGEST_POST)
        if body["user"] not in channel.members:
            raise Refused("user_not_in_channel")
        return {"message_ts": self._whisper(channel.id, body["user"], body)["ts"]}

    def _check(self, body: Body, longest: int) -> None:
        if not body.get("text") and not body.get("blocks"):
            raise Refused("no_text")
        if len(str(body.get("text") or "")) > longest:
            raise Refused("msg_too_long")
        found = block_kit.faults(body.get("blocks") or [])
        if found:
            body["_faults"] = found
            raise Refused("invalid_blocks")

    def _conversations_open(self, workspace: Workspace, body: Body) -> Body:
        users = body.get("users")
        user = users[0] if isinstance(users, list) else str(users)
        return {"channel": {"id": self.direct(user, workspace.id).id}}

    def _views_publish(self, _: Workspace, body: Body) -> Body:
        view = body["view"]
        if block_kit.faults(view["blocks"], "home"):
            raise Refused("invalid_arguments")
        self.homes[body["user_id"]] = view
        return {"view": view}

    def _reactions_add(self, workspace: Workspace, body: Body) -> Body:
        self._where(workspace, body).message(str(body["timestamp"]))
        self.reactions.append((body["channel"], str(body["timestamp"]), body["name"]))
        return {}

    def _reactions_remove(self, _: Workspace, body: Body) -> Body:
        self.reactions.remove((body["channel"], str(body["timestamp"]), body["name"]))
        return {}

    def _assistant_threads_setSuggestedPrompts(self, workspace: Workspace, body: Body) -> Body:
        if not 1 <= len(body["prompts"]) <= 4:
            raise Refused("invalid_arguments")
        self.prompts[self._where(workspace, body).id] = body
        return {}

    def _files_getUploadURLExternal(self, _: Workspace, body: Body) -> Body:
        file = f"F{next(self._counter)}"
        self.files[file] = {"name": body["filename"], "length": int(body["length"])}
        return {"upload_url": f"http://127.0.0.1:{self.port}/upload/{file}", "file_id": file}

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file = self.files[request.match_info["file"]]
        file["content"] = await request.read()
        assert len(file["content"]) == file["length"]
        return web.Response(text=f"OK - {file['length']}")

    def _files_completeUploadExternal(self, workspace: Workspace, body: Body) -> Body:
        channel = self._where(workspace, body)
        for file in body["files"]:
            kept = self.files[file["id"]]
            assert "content" in kept
            kept |= {"channel": channel.id, "thread_ts": body.get("thread_ts")}
        return {"files": body["files"]}

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        use = self._uses.get(request.match_info["use"])
        body = await request.json()
        self._note("response_url", body, None)
        if use is None or use["left"] == 0:
            return web.Response(status=404, text="used_url")
        use["left"] -= 1
        if block_kit.faults(body.get("blocks") or []) or not (
            body.get("text") or body.get("blocks")
        ):
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=400)
        if body.get("replace_original") and use.get("ts"):
            old = next(m for m in self.ephemeral if m["ts"] == use["ts"])
            old |= {"text": body["text"], "blocks": body.get("blocks") or []}
        else:
            self._whisper(use["channel"], use["user"], body)
        return web.json_response({"ok": True})

    def _whisper(self, channel: str, user: str, body: Body) -> Message:
        message = {
            "ts": self.now(),
            "channel": channel,
            "user": user,
            "text": body.get("text"),
            "blocks": body.get("blocks") or [],
        }
        self.ephemeral.append(message)
        return message

    # --- Socket Mode

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                answer = json.loads(frame.data)
                ack = self._acks.pop(answer.get("envelope_id", ""), None)
                if ack:
                    ack.set_result(answer)
        self._sockets.remove(socket)
        return socket

    @property
    def is_connected(self) -> bool:
        """Whether the app has opened a connection."""
        return bool(self._sockets)

    async def _by_socket(self, kind: str, body: Body, attempt: int) -> bool:
        envelope = str(uuid.uuid4())
        self._acks[envelope] = asyncio.get_running_loop().create_future()
        ack = self._acks[envelope]
        await self._sockets[-1].send_json(
            {
                "envelope_id": envelope,
                "type": kind,
                "payload": body,
                "accepts_response_payload": kind != "events_api",
                "retry_attempt": attempt,
                "retry_reason": "timeout" if attempt else "",
            }
        )
        try:
            await asyncio.wait_for(ack, _ACK_SECONDS)
        except asyncio.TimeoutError:
            return False
        return True

    # --- sending to the app

    def send(self, body: Body, form: str | None = None, port: int | None = None) -> Delivery:
        """Sends something as Slack does, again until it is acknowledged.

        Args:
            body: What to send.
            form: The kind of thing where it is sent as a form: "payload" or "command".
            port: The port of another worker than the first.
        """
        started = time.monotonic()
        statuses = []
        for attempt in range(4):
            if self.is_connected:
                kind = {None: "events_api", "payload": "interactive", "command": "slash_commands"}
                sent = self._by_socket(kind[form], body, attempt)
                taken = asyncio.run_coroutine_threadsafe(sent, self._loop).result(30)
                statuses.append(200 if taken else 0)
            else:
                statuses.append(self.post(body, form, attempt, port))
            # Only events are sent again; a person sees that a press or a command failed.
            if 200 <= statuses[-1] < 300 or form:
                break
        delivery = Delivery(body, tuple(statuses), time.monotonic() - started)
        self.deliveries.append(delivery)
        return delivery

    def post(
        self, body: Body, form: str | None = None, attempt: int = 0, port: int | None = None
    ) -> int:
        """Sends something over HTTP once and gives the status; 0 where none came in time."""
        content, kind = _encoded(body, form)
        headers = {**self.signed(content), "Content-Type": kind}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        url = f"http://127.0.0.1:{port or self.app_port}/webhooks/slack/events"
        try:
            answer = httpx.post(url, content=content, headers=headers, timeout=_ACK_SECONDS)
        except httpx.HTTPError:
            return 0
        return answer.status_code

    def signed(self, content: str, at: float | None = None) -> dict[str, str]:
        """Gives the headers that prove that something comes from Slack."""
        timestamp = str(int(time.time() if at is None else at))
        signature = self._verifier.generate_signature(timestamp=timestamp, body=content)
        assert signature is not None
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}

    def event(self, event: Body, team: str = TEAM) -> Body:
        """Gives an event as it is sent, with an id of its own."""
        return {
            "token": "old",
            "team_id": team,
            "api_app_id": "A0APP",
            "type": "event_callback",
            "event": event,
            "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": team, "user_id": BOT_USER, "is_bot": True}],
        }

    def _later(self, work: Callable[..., Any], *arguments: Any) -> None:
        self._sent.append(self._threads.submit(work, *arguments))

    def _echo(self, channel: Channel, workspace: Workspace, message: Message) -> None:
        event = {"type": "message", "channel": channel.id, "channel_type": channel.kind}
        self.send(self.event({**message, **event}, workspace.id))

    def _echo_change(self, channel: Channel, workspace: Workspace, message: Message) -> None:
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "channel": channel.id,
            "channel_type": channel.kind,
            "ts": self.now(),
            "message": message,
        }
        self.send(self.event(event, workspace.id))

    def settle(self) -> None:
        """Waits until all that Slack sends by itself has been taken."""
        while self._sent:
            self._sent.pop().result(60)

    # --- what people do

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

    def say(
        self, channel: Channel, user: str, text: str, thread: str | None = None, **more: Any
    ) -> list[Body]:
        """Has a person write a message, and gives the events that tell of it, unsent."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        bot = next(w.bot_user for w in self.workspaces.values() if w.id == channel.team)
        marked = escaped.replace("@advisor", f"<@{bot}>")
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

    def _url(self, channel: str, user: str, ts: str | None = None) -> str:
        use = uuid.uuid4().hex
        self._uses[use] = {"left": _USES, "channel": channel, "user": user, "ts": ts}
        return f"http://127.0.0.1:{self.port}/respond/{use}"

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


async def _body(request: web.Request) -> Body:
    body: Body = dict(request.query)
    if request.content_type == "application/json":
        body |= await request.json()
    elif request.can_read_body:
        body |= dict(await request.post())
    for key in ("blocks", "files", "view", "prompts"):
        if isinstance(body.get(key), str):
            body[key] = json.loads(body[key])
    return body


def _answer(error: str | None, status: int, retry_after: int | None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if status >= 500:
        return web.Response(status=status, text="<html>upstream</html>", content_type="text/html")
    return web.json_response(
        {"ok": False, "error": error or "ratelimited"}, status=status, headers=headers
    )


def _encoded(body: Body, form: str | None) -> tuple[str, str]:
    if form == "payload":
        return urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded"
    if form == "command":
        return urlencode(body), "application/x-www-form-urlencoded"
    return json.dumps(body), "application/json; charset=utf-8"
