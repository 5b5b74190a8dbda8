"""The Bolt app: who the assistant is in a workspace, what is taken once, and the listeners."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.slack import listeners
from bot.channels.slack.events import ids_of, needs_answer
from bot.channels.slack.hearing import heard
from bot.channels.slack.inbox import Inbox
from bot.channels.slack.listeners.work import Work
from bot.channels.slack.store import Body, Store
from bot.channels.slack.workspaces import Workspaces, bolt_log
from bot.errors import without_words

_log = logging.getLogger(__name__)

Next = Callable[[], Awaitable[Any]]


def make_app(client: AsyncWebClient, workspaces: Workspaces, store: Store, work: Work) -> AsyncApp:
    """Gives the app.

    Args:
        client: Slack's API, without a token.
        workspaces: Tells who the assistant is in a workspace.
        store: Where events are taken once.
        work: What the listeners work with.

    """
    app = _App(
        name="sourcing-advisor",
        logger=bolt_log,
        client=client,
        # None stands for a workspace that the app is not installed in, as in Bolt's own.
        authorize=_Authorize(workspaces),  # type: ignore[arg-type]
        oauth_flow=workspaces.oauth,
        signing_secret="checked before",  # noqa: S106 (the gate has checked it)
        request_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.inbox = work.inbox
    app.error(_failed)
    app.listener_runner.listener_completion_handler = _Completed(work.inbox)
    app.middleware(_Once(store))
    if workspaces.oauth is not None:
        app.enable_token_revocation_listeners()
    listeners.register(app, work)
    return app


class _App(AsyncApp):
    """Bolt's app, which also takes what it has no listener for, or cannot read."""

    inbox: Inbox

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Gives the answer to a request; only what could not be taken is not acknowledged."""
        try:
            response = await super().async_dispatch(req)
        except Exception as error:
            _log.error("Slack: a request cannot be read: %s", without_words(error))
            response = BoltResponse(status=400)
        inbox_id = req.context.get("inbox_id")
        if inbox_id and response.status >= 400:
            await self.inbox.dismiss(inbox_id)
        return BoltResponse(status=200) if response.status == 404 else response


class _Authorize(AsyncAuthorize):
    """Tells Bolt who the assistant is in a workspace."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, **_: Any
    ) -> AuthorizeResult | None:
        return await self._workspaces.find(enterprise_id, team_id)


class _Once:
    """Middleware: takes each event once over all replicas, and passes over what is not for us."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.__name__ = "once"

    async def __call__(self, body: Body, context: Any, next: Next) -> Any:
        if context.get("is_again"):
            return await next()
        if not _concerns_us(body, context.bot_user_id or ""):
            return BoltResponse(status=200)
        ids = ids_of(body)
        if not ids:
            return await next()
        kept = body if needs_answer(body) else None
        if not await self._store.take(ids, kept):
            return BoltResponse(status=200)
        context["ids"] = ids
        context["inbox_id"] = ids[0] if kept else None
        return await next()


def _concerns_us(body: Body, bot_user: str) -> bool:
    event = body.get("event") or {}
    if event.get("type") not in ("message", "app_mention"):
        return True
    return heard(event, str(body.get("team_id")), bot_user) is not None


async def _failed(error: Exception, response: BoltResponse | None) -> BoltResponse | None:
    """Answers where something could not be taken, or a listener stumbled."""
    is_ours = isinstance(error, (SQLAlchemyError, asyncio.TimeoutError))
    words = "nothing can be taken" if is_ours else "a request cannot be read"
    _log.error("Slack: %s: %s", words, without_words(error))
    if response is None:  # it has been acknowledged already
        return None
    # What we could not take, Slack is to send again.
    return BoltResponse(status=503 if is_ours else 400)


class _Completed(AsyncListenerCompletionHandler):
    """Lets go of what a listener has looked at and found nothing to do for."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:  # noqa: ARG002 (Bolt's signature)
        inbox_id = request.context.get("inbox_id")
        if inbox_id:
            await self._inbox.dismiss(inbox_id)


def again(body: Body, inbox_id: str) -> AsyncBoltRequest:
    """Gives the request for something that is taken up again from the inbox."""
    context = {"is_again": True, "inbox_id": inbox_id, "ids": ids_of(body)}
    return AsyncBoltRequest(body=body, mode="socket_mode", context=context)
