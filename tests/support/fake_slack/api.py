"""The API: tokens, scopes, membership, limits and Block Kit are checked as Slack does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time

from aiohttp import web

from tests.support import block_kit
from tests.support.fake_slack.state import (
    APP_TOKEN,
    Body,
    Call,
    Channel,
    Message,
    Refused,
    Workspace,
)
from tests.support.fake_slack.wire import Wire

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


class Api(Wire):
    """The methods of the API that the app calls, and where responses and files go."""

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
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._loop.run_until_complete(self._runner.setup())
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        self._loop.run_until_complete(site.start())
        self.port = self._runner.addresses[0][1]
        started.set()
        self._loop.run_forever()

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
            if not request.headers.get("Authorization", "").startswith("Basic "):
                raise Refused("bad_client_secret")
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
        if workspace is None:
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
