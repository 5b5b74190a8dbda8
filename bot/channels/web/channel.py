"""The web channel's routes, as a channel of Rasa's."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as json_response

from bot.channels.transcript import history, replies_to
from bot.channels.turns import NotOffered, Turns
from bot.channels.web import assets
from bot.channels.web.crowd import Crowd, Full, Leave
from bot.channels.web.http import Door, Refusal, address, bearer, read_message, read_rating
from bot.channels.web.limits import Limit
from bot.channels.web.output import WebOutput
from bot.channels.web.tokens import TokenError, Tokens
from bot.conversations import Conversations
from bot.locks import one_at_a_time
from bot.settings import Settings, environment

# Several people may share an address; nobody says several things at once.
_AT_ONCE_OF_ADDRESS = 2
_WAITING_OF_ADDRESS = 100
_WAITING_IN_CONVERSATION = 7


class WebChannel(InputChannel):
    """Visitors of a website, each in a conversation of their own.

    Args:
        settings: The secret, the origins and the limits.

    """

    page = staticmethod(assets.serve_page)
    """The server's home page."""

    def __init__(self, settings: Settings) -> None:
        self._tokens = Tokens(settings.signing_secret(), settings.web_token_ttl)
        self._door = Door(settings.web_origins)
        self._messages = Limit("messages", settings.web_rate_limit, settings.redis_url)
        self._sessions = Limit("sessions", settings.web_session_limit, settings.redis_url)
        self._reads = Limit("reads", settings.web_rate_limit, settings.redis_url)
        self._in_conversation = Crowd(1, _WAITING_IN_CONVERSATION)
        at_once = _AT_ONCE_OF_ADDRESS if settings.address_rate_limit else sys.maxsize
        self._of_address = Crowd(at_once, _WAITING_OF_ADDRESS)
        self._turns = Turns(WebOutput, _not_connected)
        self._is_closing = False
        assets.script()  # packed before anybody waits for it

    @classmethod
    def from_credentials(cls, _: dict[str, Any] | None) -> WebChannel:
        """Makes the channel from the environment: `credentials.yml` holds no secrets.

        Raises:
            SettingsError: when the environment holds settings that cannot be used.

        """
        return cls(Settings.from_environment(environment()))

    @classmethod
    def name(cls) -> str:
        """Gives the channel's name, which is also its place under /webhooks."""
        return "web"

    async def close(self, seconds: float) -> None:
        """Takes no more messages, and waits that long for the turns under way to end."""
        self._is_closing = True
        await self._turns.finish(seconds)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the routes.

        Args:
            on_new_message: Runs a turn of Rasa's.

        """
        self._turns = Turns(WebOutput, on_new_message)
        routes = Blueprint("web")
        routes.add_route(self.page, "/", methods=["GET"])
        for path, name in (("/widget.js", "widget"), ("/widget/<version>/widget.js", "versioned")):
            routes.add_route(assets.serve_script, path, methods=["GET", "HEAD"], name=name)
        for path, method, handler in (
            ("/session", "POST", self.start),
            ("/session", "DELETE", self.forget),
            ("/messages", "POST", self.message),
            ("/rating", "PUT", self.rate),
            ("/history", "GET", self.history),
        ):
            routes.add_route(self._door.guard(handler), path, methods=[method])
        preflight = self._door.guard(self._door.preflight)
        for path in ("/session", "/messages", "/rating", "/history"):
            name = f"preflight_{path.strip('/')}"
            routes.add_route(preflight, path, methods=["OPTIONS"], name=name)
        return routes

    async def start(self, request: Request) -> HTTPResponse:
        """POST /session: starts a conversation and gives the token for it."""
        _refuse_when_fast(await self._sessions.wait(address(request)))
        body = {"token": self._tokens.issue(), "expires_in": self._tokens.lifetime}
        return json_response(body, status=201)

    async def message(self, request: Request) -> HTTPResponse | None:
        """POST /messages: runs a turn and sends each reply as soon as it is ready."""
        conversation = self._conversation(request)
        _refuse_when_fast(await self._messages.wait(conversation))
        said = read_message(request.body)
        agent = _agent(request)
        leave = await self._enter(request, conversation)
        if self._is_closing:
            leave()
            raise Refusal(503, "stopping", "Please try again.", {"Retry-After": "1"})
        lines = self._turns.start(agent, conversation, said, leave)
        line = await lines.get()
        if isinstance(line, NotOffered):
            raise Refusal(400, "payload_not_offered", "This choice is not on offer.")
        response = await request.respond(
            content_type="application/x-ndjson", headers=self._door.headers(request)
        )
        while not isinstance(line, NotOffered):
            text = json.dumps(line, ensure_ascii=False)
            await response.send(f"{text}\n".encode("utf-8", "replace"), bool(line.get("done")))
            if line.get("done"):
                break
            line = await lines.get()
        return None

    async def rate(self, request: Request) -> HTTPResponse:
        """PUT /rating: keeps what the visitor thinks of the answer to a message."""
        conversation = self._conversation(request)
        _refuse_when_fast(await self._messages.wait(conversation))
        rated = read_rating(request.body)
        agent = _agent(request)
        conversations = Conversations(agent.tracker_store)
        async with (
            self._place(request, conversation),
            one_at_a_time(agent.lock_store, conversation),
        ):
            if not replies_to(rated.id, await conversations.turn(conversation, rated.id)):
                raise Refusal(400, "unknown_message", "There is no answer to rate.")
            await conversations.rate(conversation, rated.id, rated.rating)
        return empty(status=204)

    async def history(self, request: Request) -> HTTPResponse:
        """GET /history: gives the conversation so far."""
        conversation = self._conversation(request)
        _refuse_when_fast(await self._reads.wait(conversation))
        conversations = Conversations(_agent(request).tracker_store)
        async with self._place(request, conversation):
            ratings = await conversations.ratings(conversation)
            said = await conversations.said(conversation)
            # Beside the loop: it takes as long as the conversation is.
            body = await asyncio.to_thread(lambda: json.dumps({"messages": history(said, ratings)}))
        return HTTPResponse(body, content_type="application/json")

    async def forget(self, request: Request) -> HTTPResponse:
        """DELETE /session: deletes the conversation; its token then names an empty one."""
        conversation = self._conversation(request)
        _refuse_when_fast(await self._reads.wait(conversation))
        agent = _agent(request)
        async with (
            self._place(request, conversation),
            one_at_a_time(agent.lock_store, conversation),
        ):
            await Conversations(agent.tracker_store).forget(conversation)
        return empty(status=204)

    @asynccontextmanager
    async def _place(self, request: Request, conversation: str) -> AsyncIterator[None]:
        leave = await self._enter(request, conversation)
        try:
            yield
        finally:
            leave()

    async def _enter(self, request: Request, conversation: str) -> Leave:
        """Waits for a place: first in the conversation, so that one alone fills no address."""
        try:
            left = await self._in_conversation.enter(conversation)
        except Full:
            raise _too_fast(1) from None
        try:
            leave = await self._of_address.enter(address(request))
        except Full:
            left()
            raise _too_fast(1) from None
        except asyncio.CancelledError:
            left()
            raise

        def leave_both() -> None:
            leave()
            left()

        return leave_both

    def _conversation(self, request: Request) -> str:
        try:
            return self._tokens.conversation(bearer(request))
        except TokenError:
            raise Refusal(
                401,
                "bad_token",
                "Start a new conversation.",
                {"WWW-Authenticate": "Bearer"},
            ) from None


async def _not_connected(_: UserMessage) -> None:
    raise RuntimeError("The channel's routes have not been made yet.")


def _agent(request: Request) -> Any:
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise Refusal(503, "starting", "The assistant is starting.", {"Retry-After": "2"})
    return agent


def _refuse_when_fast(seconds: int) -> None:
    if seconds:
        raise _too_fast(seconds)


def _too_fast(seconds: int) -> Refusal:
    return Refusal(429, "too_fast", "That was a lot at once.", {"Retry-After": str(seconds)})
