"""Puts the channel together: the app, its way to Slack, its routes, its start and its end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.channels.slack.app import again, make_app
from bot.channels.slack.delivery import Delivery
from bot.channels.slack.desk import Desk
from bot.channels.slack.gate import Gate, TurnedAway
from bot.channels.slack.http import bolt_request, refused, sanic_response
from bot.channels.slack.inbox import Inbox
from bot.channels.slack.listeners.work import Work
from bot.channels.slack.output import SlackOutput
from bot.channels.slack.socket_mode import make_handler
from bot.channels.slack.store import Body, Store
from bot.channels.slack.workspaces import (
    INSTALL_PATH,
    REDIRECT_PATH,
    make_client,
    workspaces,
)
from bot.channels.turns import Turns
from bot.errors import BotError, without_words
from bot.settings import Settings

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.1

Handle = Callable[[Any], Awaitable[Any]]


class Service:
    """Slack, served.

    Args:
        settings: The secrets, by which it is served.
        handle: Runs a turn of Rasa's.

    """

    def __init__(self, settings: Settings, handle: Handle) -> None:
        self._settings = settings
        self._server: Sanic | None = None
        self._is_open = False
        self._opening: asyncio.Task[None] | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._store = Store(settings.database_url)
        self._turns = Turns(SlackOutput, handle)
        self._delivery = Delivery(self._store)
        self._inbox = Inbox(self._store, self._again)
        self._gate = Gate(settings.slack_signing_secret) if settings.slack_signing_secret else None
        self._workspaces = workspaces(settings, self._store.engine)
        desk = Desk(self._turns, self._delivery, self._store, self._agent)
        work = Work(desk, self._inbox)
        self._app = make_app(make_client(settings, None), self._workspaces, self._store, work)

    @property
    def how(self) -> str:
        """How Slack is served, in words for the log."""
        ways = ["Socket Mode"] if self._settings.slack_app_token else []
        ways += ["HTTP at /webhooks/slack/events"] if self._gate else []
        return f"{' and '.join(ways)}, {self._workspaces.how}"

    def add_to(self, routes: Blueprint) -> None:
        """Adds the routes, and what is done when the server starts."""
        routes.listener("after_server_start")(self._begin)
        # Sanic marks a handler as a blueprint's, which cannot be done to a method.
        if self._gate:
            routes.add_route(partial(self.events), "/events", methods=["POST"], name="events")
        if self._workspaces.oauth:
            routes.add_route(partial(self.install), INSTALL_PATH, methods=["GET"], name="install")
            routes.add_route(
                partial(self.redirect), REDIRECT_PATH, methods=["GET"], name="redirect"
            )

    async def events(self, request: Request) -> HTTPResponse:
        """POST /events: everything that Slack sends."""
        assert self._gate is not None
        try:
            body = self._gate.check(request.headers, request.body)
            made = bolt_request(request, body)
            if not self._is_open and made.body.get("type") != "url_verification":
                # Slack sends it again.
                raise TurnedAway(503, "starting", "The assistant is starting or stopping.")
        except TurnedAway as refusal:
            return refused(refusal)
        return sanic_response(await self._app.async_dispatch(made))

    async def install(self, request: Request) -> HTTPResponse:
        """GET /install: leads to Slack, where somebody allows the app into their workspace."""
        assert self._workspaces.oauth is not None
        made = bolt_request(request, "")
        return sanic_response(await self._workspaces.oauth.handle_installation(made))

    async def redirect(self, request: Request) -> HTTPResponse:
        """GET /oauth_redirect: where Slack leads back to."""
        assert self._workspaces.oauth is not None
        made = bolt_request(request, "")
        return sanic_response(await self._workspaces.oauth.handle_callback(made))

    async def close(self, seconds: float) -> None:
        """Takes no more, and waits that long for what is under way."""
        self._is_open = False
        end = time.monotonic() + seconds
        if self._opening:
            self._opening.cancel()
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        await self._inbox.finish(max(0.0, end - time.monotonic()))
        await self._turns.finish(max(0.0, end - time.monotonic()))
        await self._delivery.drain(max(0.0, end - time.monotonic()))
        await self._store.close()

    async def _begin(self, server: Sanic, _: Any) -> None:
        self._server = server
        self._opening = asyncio.ensure_future(self._open())

    async def _open(self) -> None:
        try:
            await self._store.prepare()
            await self._workspaces.prepare()
            while not self._is_loaded():
                await asyncio.sleep(_LOOK_SECONDS)
            self._is_open = True
            self._inbox.watch()
            await self._connect()
        except BotError as error:
            _log.error("Slack does not work: %s.", error)
        except Exception as error:
            _log.error("Slack does not work. Start the server anew. %s", without_words(error))

    async def _connect(self) -> None:
        token = self._settings.slack_app_token
        if not token:
            return
        self._socket = make_handler(self._app, token, make_client(self._settings, None))
        await self._socket.connect_async()  # type: ignore[no-untyped-call]
        _log.info("Slack: connected by Socket Mode.")

    def _is_loaded(self) -> bool:
        agent = self._agent()
        return agent is not None and bool(agent.is_ready())

    def _agent(self) -> Any:
        return getattr(self._server.ctx, "agent", None) if self._server else None

    async def _again(self, inbox_id: str, body: Body) -> None:
        await self._app.async_dispatch(again(body, inbox_id))
