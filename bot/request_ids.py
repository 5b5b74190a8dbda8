"""Ids of requests: taken from the proxy in front or made here, shown in the log and given back."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from structlog.contextvars import bind_contextvars, clear_contextvars

if TYPE_CHECKING:
    from sanic import Sanic
    from sanic.request import Request
    from sanic.response import BaseHTTPResponse

_HEADER = "X-Request-Id"
_SOUND = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def add_to(app: Sanic) -> None:
    """Has each request carry an id: in `ctx.request_id`, in the log and in the answer."""
    app.register_middleware(_take, "request")
    app.register_middleware(_give_back, "response")


def request_id(request: Request) -> str:
    """Gives the id of a request, also of one that was refused before it had any."""
    if not hasattr(request.ctx, "request_id"):
        told = request.headers.get(_HEADER, "")
        request.ctx.request_id = told if _SOUND.fullmatch(told) else secrets.token_hex(4)
    return str(request.ctx.request_id)


async def _take(request: Request) -> None:
    # A connection's requests share one context.
    clear_contextvars()
    bind_contextvars(request=request_id(request))


async def _give_back(request: Request, response: BaseHTTPResponse) -> None:
    response.headers[_HEADER] = request_id(request)
