"""Sending to the app, as Slack does: over HTTP or by Socket Mode, again until it is taken."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from urllib.parse import urlencode

import httpx
from aiohttp import WSMsgType, web

from tests.support.fake_slack.state import (
    BOT_USER,
    TEAM,
    Body,
    Channel,
    Delivery,
    Message,
    State,
    Workspace,
)

_ACK_SECONDS = 3


class Wire(State):
    """The way to the app."""

    _http = httpx.Client(timeout=_ACK_SECONDS)

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
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket

    @property
    def is_connected(self) -> bool:
        """Whether the app has opened a connection."""
        return bool(self._sockets)

    def hang_up(self) -> None:
        """Ends the connection."""
        closed = self._sockets.pop().close()
        asyncio.run_coroutine_threadsafe(closed, self._loop).result(10)

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
            answer = self._http.post(url, content=content, headers=headers)
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


def _encoded(body: Body, form: str | None) -> tuple[str, str]:
    if form == "payload":
        return urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded"
    if form == "command":
        return urlencode(body), "application/x-www-form-urlencoded"
    return json.dumps(body), "application/json; charset=utf-8"
