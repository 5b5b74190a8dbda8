"""HTTP for the web channel: reading what was sent, refusing it, and who may ask from where."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.channels.inbound import clean
from bot.channels.turns import Said

RATINGS = ("up", "down")
"""What an answer can be rated as."""

LONGEST_TEXT = 2_000
"""How many characters a message may have."""

# Holds the longest text even when each of its characters is written as two \uXXXX escapes.
_LARGEST_BODY = 32 * 1024
_LONGEST_ADDRESS = 64
_CALM_SECONDS = 0.5
_METHODS = "GET, POST, PUT, DELETE"
_HEADERS = "Authorization, Content-Type"
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Handler = Callable[[Request], Awaitable[HTTPResponse | None]]


@dataclass
class Refusal(Exception):
    """The request is not taken; the answer says why.

    Args:
        status: The HTTP status.
        code: What is wrong, for a program.
        message: What is wrong, for a person.
        headers: Headers of the answer.

    """

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rated:
    """What somebody thinks of the answer to a message.

    Args:
        id: The message's id.
        rating: "up", "down", or None to take a rating back.

    """

    id: str
    rating: str | None


def read_rating(body: bytes) -> Rated:
    """Reads the body of a rating.

    Raises:
        Refusal: when it is malformed.

    """
    content = _read_object(body)
    rating = content.get("rating", "")
    if rating not in (*RATINGS, None):
        raise Refusal(400, "malformed", '"rating" must be "up", "down" or null.')
    return Rated(_read_id(content.get("id")), rating)


def read_message(body: bytes) -> Said:
    """Reads the body of a message.

    Raises:
        Refusal: when it is too large, malformed or says nothing.

    """
    content = _read_object(body)
    message_id = _read_id(content.get("id"))
    text, payload = content.get("text"), content.get("payload")
    if (text is None) == (payload is None):
        raise Refusal(400, "malformed", 'Send either "text" or "payload".')
    if payload is not None:
        return Said(message_id, None, _read_string("payload", payload))
    typed = _read_string("text", text)
    if len(typed) > LONGEST_TEXT:
        raise Refusal(413, "too_long", f"Write at most {LONGEST_TEXT:,} characters.")
    if not clean(typed):
        raise Refusal(400, "empty", "Type a message first.")
    return Said(message_id, clean(typed), None)


def _read_object(body: bytes) -> dict[str, Any]:
    if len(body) > _LARGEST_BODY:
        raise Refusal(413, "too_long", f"Write at most {LONGEST_TEXT:,} characters.")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "malformed", "The body is no JSON that can be read.") from None
    if not isinstance(content, dict):
        raise Refusal(400, "malformed", "The body must be a JSON object.")
    return content


def _read_id(value: Any) -> str:
    try:
        canonical = str(uuid.UUID(value if isinstance(value, str) else ""))
    except ValueError:
        canonical = ""
    # Python also reads braces and other spellings, by which one id would become several.
    if not canonical or canonical != value.lower():
        raise Refusal(400, "malformed", '"id" must be a UUID, as in crypto.randomUUID().')
    return canonical


def _read_string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Refusal(400, "malformed", f'"{name}" must be a string.')
    return value


def bearer(request: Request) -> str:
    """Gives the token that came with a request, or an empty text."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def address(request: Request) -> str:
    """Gives what a request is counted by: its address, seen past the proxies that are told of."""
    return network(str(request.remote_addr or request.ip))


def network(address: str) -> str:
    """Gives what counts as one address: of IPv6 the first 64 bits, as one line has all the rest."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:_LONGEST_ADDRESS]
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed[:8] + bytes(8), 64)))


@dataclass(frozen=True)
class Door:
    """Lets in requests from this server's own pages and from the origins that are listed.

    Args:
        origins: The other sites that may embed the widget.

    """

    origins: frozenset[str]

    def guard(self, handler: Handler) -> Handler:
        """Gives a handler that also refuses wrong origins and answers a `Refusal` as JSON."""

        async def guarded(request: Request) -> HTTPResponse | None:
            try:
                self._check(request)
                response = await handler(request)
            except Refusal as refusal:
                if refusal.status == 429:
                    # Who does not wait is made to, so that refusing costs little.
                    await asyncio.sleep(_CALM_SECONDS)
                response = error(refusal)
            if response is not None:
                response.headers.update(self.headers(request))
            return response

        guarded.__name__ = handler.__name__
        return guarded

    async def preflight(self, _: Request) -> HTTPResponse:
        """Answers a browser that asks whether a page may send what it wants to send."""
        return HTTPResponse(
            status=204,
            headers={
                "Access-Control-Allow-Methods": _METHODS,
                "Access-Control-Allow-Headers": _HEADERS,
                "Access-Control-Max-Age": "600",
            },
        )

    def headers(self, request: Request) -> dict[str, str]:
        """Gives the headers that each answer carries, so that an allowed page can read it."""
        origin = request.headers.get("origin", "")
        headers = {**_NO_STORE, "Vary": "Origin"}
        if origin and self._admits(origin, request):
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "Retry-After"
        return headers

    def _check(self, request: Request) -> None:
        origin = request.headers.get("origin")
        if origin is not None and not self._admits(origin, request):
            raise Refusal(403, "wrong_origin", "This site may not use the assistant.")

    def _admits(self, origin: str, request: Request) -> bool:
        if origin.lower() in self.origins:
            return True
        # The scheme is not compared: a proxy may have taken TLS off.
        try:
            return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower() != ""
        except ValueError:
            return False


def error(refusal: Refusal) -> HTTPResponse:
    """Gives the JSON answer to a request that is refused."""
    body = {"error": {"code": refusal.code, "message": refusal.message}}
    return json_response(body, status=refusal.status, headers=dict(refusal.headers))
