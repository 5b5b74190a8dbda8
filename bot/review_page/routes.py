"""The routes of the review page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, redirect, text

from bot.channels.web.http import address
from bot.channels.web.limits import Limit
from bot.errors import BotError
from bot.nlu.embeddings import embed
from bot.review.edits import titles
from bot.review.store import ReviewStore
from bot.review.work import WEEK, Review, assign, begin, proposal, set_aside
from bot.review_page import html as pages
from bot.review_page.access import PATH, Access, guarded, is_own_page
from bot.settings import Settings

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[HTTPResponse]]

_ATTEMPTS_A_MINUTE = 6
_LONGEST_SINCE = 20


def routes(settings: Settings, secret: str, project: Path) -> Blueprint:
    """Gives the routes of the review page.

    Args:
        settings: Where attempts to sign in are counted.
        secret: What signs in.
        project: The folder of the content.

    """
    page = _Page(Access(secret), Limit("review", _ATTEMPTS_A_MINUTE, settings.redis_url), project)
    blueprint = Blueprint("review", url_prefix=PATH)
    for path, handler in (
        ("/", page.overview),
        ("/conversations/<ref>", page.conversation),
        ("/changes", page.changes),
        ("/changes.patch", page.patch),
    ):
        blueprint.add_route(page.seen(handler), path, methods=["GET"])
    for path, change in (
        ("/decide", page.decide),
        ("/undo", page.undo),
        ("/sign-out", page.sign_out),
    ):
        blueprint.add_route(page.seen(page.own(change)), path, methods=["POST"])
    blueprint.add_route(page.own(page.sign_in), "/sign-in", methods=["POST"])
    return blueprint


class _Page:
    def __init__(self, access: Access, attempts: Limit, project: Path) -> None:
        self._access = access
        self._attempts = attempts
        self._project = project
        # Reading a week takes a while; several at once would only take longer.
        self._reading = asyncio.Lock()

    def seen(self, handler: Callable[..., Awaitable[HTTPResponse]]) -> Handler:
        """Gives a handler that only who is signed in gets to, and tells what is wrong in words."""

        async def signed_in(request: Request, **parts: str) -> HTTPResponse:
            if not self._access.is_signed_in(request):
                return _show("Sign in", pages.sign_in(), status=401, signed_in=False)
            try:
                return await handler(request, **parts)
            except BotError as error:
                return _show("Not possible", pages.message("Not possible", str(error)), status=400)

        signed_in.__name__ = handler.__name__
        return signed_in

    def own(self, handler: Callable[..., Awaitable[HTTPResponse]]) -> Handler:
        """Gives a handler that only forms of this server's pages get to."""

        async def checked(request: Request) -> HTTPResponse:
            if is_own_page(request):
                return await handler(request)
            problem = pages.message("Refused", "This was not sent from a page of this server.")
            return _show("Refused", problem, status=403, signed_in=False)

        checked.__name__ = handler.__name__
        return checked

    async def sign_in(self, request: Request) -> HTTPResponse:
        """POST /review/sign-in: signs in, a few times a minute and address."""
        wait = await self._attempts.wait(address(request))
        if wait:
            body = pages.sign_in(f"That was too often. Try again in {wait} seconds.")
            response = _show("Sign in", body, status=429, signed_in=False)
            response.headers["Retry-After"] = str(wait)
            return response
        if not self._access.is_secret(_field(request, "secret")):
            body = pages.sign_in("That is not the secret.")
            return _show("Sign in", body, status=401, signed_in=False)
        response = _go(PATH)
        self._access.sign_in(request, response)
        return response

    async def sign_out(self, request: Request) -> HTTPResponse:
        """POST /review/sign-out: signs out."""
        response = _go(PATH)
        self._access.sign_out(request, response)
        return response

    async def overview(self, request: Request) -> HTTPResponse:
        """GET /review: the figures, and all that is to be reviewed."""
        since = _since(request.args.get("since"))
        review = await self._review(request, since)
        done = _told(request.args.get("done"), request.args.get("count"))
        body = await _aside(lambda: pages.overview(review, since, titles(self._project), done))
        return _show("Review", body)

    async def conversation(self, request: Request, ref: str) -> HTTPResponse:
        """GET /review/conversations/<ref>: one conversation."""
        review = await self._review(request, _since(request.args.get("since")))
        marks = {i.turn.message_id: i.mark for g in review.groups for i in g.items}
        found = review.conversation(ref)
        return _show("Conversation", pages.conversation(found, marks))

    async def changes(self, request: Request) -> HTTPResponse:
        """GET /review/changes: the proposed edits."""
        store = _store(request)
        found = await _aside(lambda: proposal(store, self._project))
        open_ = [d for d in store.decisions() if d.intent and not d.is_applied]
        return _show("Proposed changes", pages.changes(open_, found, titles(self._project)))

    async def patch(self, request: Request) -> HTTPResponse:
        """GET /review/changes.patch: the proposed edits, as a file."""
        store = _store(request)
        found = await _aside(lambda: proposal(store, self._project))
        headers = {"Content-Disposition": 'attachment; filename="review.patch"'}
        return guarded(text(found.diff(), headers=headers, content_type="text/x-diff"))[0]

    async def decide(self, request: Request) -> HTTPResponse:
        """POST /review/decide: assigns messages, or sets them aside."""
        store, since = _store(request), _since(_field(request, "since"))
        review = await self._review(request, since)
        marks = set(request.form.getlist("mark", []))
        items = [i for g in review.groups for i in g.items if i.mark in marks]
        to = _field(request, "to")
        intent = _field(request, "chosen") if to == "chosen" else to
        if to == "chosen" and not intent:
            raise BotError("no topic was chosen", "go back and choose one")
        reworded = _field(request, "reworded").strip() or None
        if not items:
            done = 0
        elif intent:
            done = len(assign(store, items, intent, self._project, reworded))
        else:
            done = len(set_aside(store, items))
        told = {"since": since, "done": "assigned" if intent else "aside", "count": done}
        return _go(f"{PATH}?{urlencode(told)}")

    async def undo(self, request: Request) -> HTTPResponse:
        """POST /review/undo: takes a decision back."""
        _store(request).take_back([_field(request, "mark")])
        return _go(f"{PATH}/changes")

    async def _review(self, request: Request, since: str) -> Review:
        store = _store(request)
        async with self._reading:
            return await _aside(partial(begin, store, since, embed))


def _store(request: Request) -> ReviewStore:
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None:
        raise BotError("the assistant is starting", "try again in a few seconds")
    return ReviewStore(agent.tracker_store)


async def _aside(work: Callable[[], T]) -> T:
    """Does what takes a while beside the loop, so that conversations go on."""
    return await asyncio.get_running_loop().run_in_executor(None, work)


def _show(title: str, body: str, *, status: int = 200, signed_in: bool = True) -> HTTPResponse:
    response, nonce = guarded(html("", status=status))
    response.body = pages.page(title, body, nonce, signed_in=signed_in).encode("utf-8", "replace")
    return response


def _go(path: str) -> HTTPResponse:
    return guarded(redirect(path, status=303))[0]


def _field(request: Request, name: str) -> str:
    value: Any = request.form.get(name, "") if request.form else ""
    return str(value)


def _since(value: str | None) -> str:
    return (value or WEEK)[:_LONGEST_SINCE]


def _told(done: str | None, count: str | None) -> str:
    number = int(count) if count and count.isascii() and count.isdigit() and len(count) < 6 else 0
    if done not in ("assigned", "aside"):
        return ""
    if not number:
        return "Nothing was left to decide there: somebody was faster, or nothing was ticked."
    wordings = "1 wording" if number == 1 else f"{number} wordings"
    if done == "aside":
        return f"Set aside: {wordings}."
    return f"Proposed: {wordings}. Look at the proposed changes before they are published."
