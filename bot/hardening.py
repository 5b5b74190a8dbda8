"""What keeps one client from slowing the others, before a request reaches any route.

A reverse proxy does some of this too; nothing here relies on there being one.
"""

from __future__ import annotations

import asyncio
import re
import resource
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.server.protocols.http_protocol import HttpProtocol

from bot.channels.web.hits import Hits
from bot.channels.web.http import address, network
from bot.metrics import RATE_LIMITED
from bot.settings import Settings

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body, but for Slack's, which can be larger."""

_SLACK = "/webhooks/slack/"
_OTHER_FILES = 256
_MOST_FILES = 65_536
_CALM_SECONDS = 1
_TRIES = 16
_END_OF_HEAD = len(b"\r\n\r\n")
_REQUEST_LINE = re.compile(rb"[A-Z]{1,20} /[!-~]* HTTP/1\.[01]")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[^\x00\r\n]*")
_LENGTH = re.compile(rb"content-length:[ \t]*[0-9]{1,10}[ \t]*", re.IGNORECASE)
_ONLY_ONCE = (b"content-length", b"host", b"transfer-encoding")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True)
class Limits:
    """What clients may do.

    Args:
        connections: How many may be open at once, where the system allows as many files.
        of_one_address: How many one address may have open; 0 for any number.
        a_minute: How many requests one address may make; 0 for any number.
        receive_seconds: How long the head and the body of a request may take to arrive.
        read_seconds: How long an answer may be left unread.

    """

    connections: int = 10_000
    of_one_address: int = 128
    a_minute: int = 1_200
    receive_seconds: float = 20
    read_seconds: float = 30

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Gives the limits that go with the settings: behind a proxy, all have one address."""
        of_one_address = 0 if settings.proxies_count else cls.of_one_address
        return cls(of_one_address=of_one_address, a_minute=settings.address_rate_limit)


class Guard:
    """The connections that are open.

    Args:
        limits: How many may be.

    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._most = min(limits.connections, _room())
        # In the order in which they came.
        self._open: dict[GuardedProtocol, str] = {}
        self._counts: dict[str, int] = {}

    def admit(self, connection: GuardedProtocol, peer: str) -> bool:
        """Counts a connection, and closes one that only waits where there are too many.

        Args:
            connection: The new connection.
            peer: The address that it comes from.

        Returns:
            Whether it may stay.

        """
        of_one_address = self.limits.of_one_address
        if of_one_address and self._counts.get(peer, 0) >= of_one_address:
            return False
        if len(self._open) >= self._most and not self._make_room():
            return False
        self._open[connection] = peer
        self._counts[peer] = self._counts.get(peer, 0) + 1
        return True

    def forget(self, connection: GuardedProtocol) -> None:
        """Takes a connection that is closed off the count."""
        peer = self._open.pop(connection, None)
        if peer is None:
            return
        self._counts[peer] -= 1
        if not self._counts[peer]:
            del self._counts[peer]

    def _make_room(self) -> bool:
        for _ in range(_TRIES):
            oldest = next(iter(self._open))
            if oldest.is_waiting:
                self.forget(oldest)
                oldest.abort()
                return True
            self._open[oldest] = self._open.pop(oldest)
        return False


class _GuardedHttp(Http):
    def create_empty_request(self) -> None:
        """Stands in for a request that could not be read, also where its address is the reason."""
        self.url = None
        super().create_empty_request()


class GuardedProtocol(HttpProtocol):
    """HTTP for clients that may be slow, many or up to no good."""

    __slots__ = ("_receiving_since", "_unread_since")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._receiving_since: float | None = None
        self._unread_since: float | None = None
        self.recv_buffer = bytearray()  # type: ignore[misc]  # a slot of the untyped base

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a request or for the rest of one."""
        http = getattr(self, "_http", None)
        return http is None or http.stage is Stage.IDLE or self._is_receiving

    @property
    def _is_receiving(self) -> bool:
        http = self._http
        return http is not None and (
            http.stage is Stage.REQUEST or (http.stage is Stage.HANDLER and bool(http.request_body))
        )

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = _GuardedHttp(self)  # type: ignore[misc]  # a slot of the untyped base

    def connection_made(self, transport: Any) -> None:
        """Takes a connection, or closes it at once where there are too many."""
        name = transport.get_extra_info("peername")
        if self.app.ctx.guard.admit(self, network(str(name[0])) if name else ""):
            super().connection_made(transport)
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        self.app.ctx.guard.forget(self)
        super().connection_lost(exc)
        # Sanic keeps a closed connection until it would have been broken off.
        self.recv_buffer.clear()

    def pause_writing(self) -> None:
        """Notes since when the client leaves unread what it is sent."""
        self._unread_since = monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Notes that the client reads."""
        self._unread_since = None
        super().resume_writing()

    def check_timeouts(self) -> None:
        """Closes the connection of a client that is too slow; called every few seconds.

        Sanic's own limits begin anew with each byte, so that a byte now and then holds a
        connection for ever.
        """
        now, limits = monotonic(), self.app.ctx.guard.limits
        self._receiving_since = (self._receiving_since or now) if self._is_receiving else None
        is_slow = now - (self._receiving_since or now) > limits.receive_seconds
        is_unread = now - (self._unread_since or now) > limits.read_seconds
        if is_slow or is_unread:
            self.abort()
        else:
            super().check_timeouts()


def harden(app: Sanic, limits: Limits) -> None:
    """Guards all routes of a server; it is then to be run with `GuardedProtocol`.

    Args:
        app: The server.
        limits: What clients may do.

    """
    app.ctx.guard = Guard(limits)
    pace = Hits(limits.a_minute) if limits.a_minute else None

    async def paced(request: Request) -> None:
        # Sanic would tell the address only later.
        request.conn_info = request.protocol.conn_info
        _limit_body(request)
        _stop_pipelining(request)
        # Sanic would serve all that has arrived on a connection before anybody else has a turn.
        await asyncio.sleep(0)
        seconds = pace.wait(address(request)) if pace else 0
        if seconds:
            RATE_LIMITED.labels("requests").inc()
            # Who does not wait is made to, so that refusing costs little.
            await asyncio.sleep(_CALM_SECONDS)
            raise TooFast(seconds)

    app.signal("http.lifecycle.read_head")(check_head)
    app.signal("http.lifecycle.request")(paced)
    app.register_middleware(_add_headers, "response")


class TooFast(SanicException):
    """An address makes too many requests.

    Args:
        seconds: After how many it may go on.

    """

    def __init__(self, seconds: int) -> None:
        super().__init__("That was a lot at once.", status_code=429)
        self.headers = {"Retry-After": str(seconds)}


async def check_head(head: bytes) -> None:
    """Refuses a request that another server might read in another way.

    Sanic turns any exception here into 400 Bad Request.

    Args:
        head: The request line and the headers, without the empty line after them.

    Raises:
        ValueError: when a line is malformed, or a header that counts stands there twice.

    """
    line, *headers = head.split(b"\r\n")
    if not _REQUEST_LINE.fullmatch(line):
        raise ValueError("request line")
    seen: set[bytes] = set()
    for header in headers:
        match = _HEADER.fullmatch(header)
        if not match:
            raise ValueError("header")
        name = match.group(1).lower()
        if name in _ONLY_ONCE and name in seen:
            raise ValueError("header twice")
        if name == b"content-length" and not _LENGTH.fullmatch(header):
            raise ValueError("length")
        seen.add(name)


def _limit_body(request: Request) -> None:
    if "transfer-encoding" in request.headers:
        # Whatever is in front of us may see another end of such a body than we do.
        raise SanicException("Send the body with a Content-Length.", status_code=411)
    if not request.path.startswith(_SLACK):
        request.protocol._http.request_max_size = LARGEST_BODY


def _stop_pipelining(request: Request) -> None:
    """Closes a connection after this request where the next has come before the answer."""
    whole = len(request.head) + _END_OF_HEAD + int(request.headers.get("content-length", 0))
    if len(request.protocol.recv_buffer) > whole:
        request.protocol._http.keep_alive = False


async def _add_headers(_: Request, response: HTTPResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _room() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(1, max(soft, most) - _OTHER_FILES)
