"""Requests that are malformed, or that two servers may read in two ways: each is refused."""

from __future__ import annotations

import gzip
import json
import socket
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.server import Server, Visitor

SESSION = b"POST /webhooks/web/session HTTP/1.1\r\n"
HOST = b"Host: x\r\nConnection: close\r\n"

HEADS = {
    "sound": (201, SESSION + HOST + b"Content-Length: 0\r\n"),
    "two lengths": (400, SESSION + HOST + b"Content-Length: 0\r\nContent-Length: 0\r\n"),
    "a length that is no number": (400, SESSION + HOST + b"Content-Length: 0x0\r\n"),
    "a length without end": (400, SESSION + HOST + b"Content-Length: " + b"9" * 30 + b"\r\n"),
    "a length before a space": (400, SESSION + HOST + b"Content-Length : 0\r\n"),
    "chunks": (411, SESSION + HOST + b"Transfer-Encoding: chunked\r\n"),
    "chunks and a length": (
        411,
        SESSION + HOST + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
    ),
    "chunks by another name": (411, SESSION + HOST + b"Transfer-Encoding: gzip, chunked\r\n"),
    "chunks, hidden": (400, SESSION + HOST + b"Transfer-Encoding:\x0bchunked\r\nX: \x00\r\n"),
    "a header on two lines": (400, SESSION + HOST + b"X: a\r\n b\r\n"),
    "a header without a name": (400, SESSION + HOST + b": a\r\n"),
    "a header without a colon": (400, SESSION + HOST + b"X\r\n"),
    "a bare line feed": (400, SESSION + HOST + b"X: a\nContent-Length: 5\r\n"),
    "a bare carriage return": (400, SESSION + HOST + b"X: a\rContent-Length: 5\r\n"),
    "a null character": (400, SESSION + HOST + b"X: \x00\r\n"),
    "two hosts": (400, SESSION + HOST + b"Host: y\r\n"),
    "a head of 20 KB": (413, SESSION + HOST + b"X: " + b"a" * 20_000 + b"\r\n"),
    "many headers": (201, SESSION + HOST + b"a:\r\n" * 1_500 + b"Content-Length: 0\r\n"),
    "an expectation": (417, SESSION + HOST + b"Expect: 200-ok\r\nContent-Length: 0\r\n"),
    "another site's address": (400, b"GET http://evil.example/ HTTP/1.1\r\n" + HOST),
    "an address that is none": (400, b"GET http://[ HTTP/1.1\r\n" + HOST),
    "an address that is no ASCII": (400, b"GET /\xff\xfe HTTP/1.1\r\n" + HOST),
    "an address for a proxy": (400, b"CONNECT x:80 HTTP/1.1\r\n" + HOST),
    "no address": (400, b"GET  HTTP/1.1\r\n" + HOST),
    "a star": (400, b"OPTIONS * HTTP/1.1\r\n" + HOST),
    "odd escapes": (404, b"GET /%zz%ff%00 HTTP/1.1\r\n" + HOST),
    "a path upwards": (404, b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST),
    "an escaped path upwards": (404, b"GET /webhooks/web/%2e%2e%2fwidget.js HTTP/1.1\r\n" + HOST),
    "another version": (400, b"GET / HTTP/2.0\r\n" + HOST),
    "no version": (400, b"GET /\r\n" + HOST),
    "a method in small letters": (400, b"get / HTTP/1.1\r\n" + HOST),
    "a method that there is not": (405, b"FETCH / HTTP/1.1\r\n" + HOST),
    "TLS": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n"),
    "a web socket": (200, b"GET / HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\n"),
    "an odd address before a proxy": (
        200,
        b"GET / HTTP/1.1\r\n" + HOST + b"X-Forwarded-For: \xff, ;;, <b>\r\n",
    ),
    "an odd cookie": (200, b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: review=\xff; =;;;a\r\n"),
}


def send(server: Server, request: bytes) -> bytes:
    """Sends bytes and gives the beginning of the answer; empty where there was none."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request)
        try:
            return connection.recv(2_000)
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("name", HEADS)
def test_heads_and_what_comes_of_them(open_server: Server, name: str) -> None:
    status, head = HEADS[name]
    answer = send(open_server, head + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"x-content-type-options: nosniff" in answer.lower()


def test_a_body_that_is_packed_is_not_unpacked(open_server: Server) -> None:
    visitor = Visitor(open_server.url)
    message = json.dumps({"id": str(uuid.uuid4()), "text": "hello"}).encode()
    answer = visitor.client.post(
        "/messages",
        content=gzip.compress(message),
        headers={**visitor.headers, "Content-Encoding": "gzip"},
    )

    assert answer.status_code == 400
    assert visitor.said() == []


NAMES = """Origin Host Authorization Cookie Content-Type Content-Length Accept-Encoding
    If-None-Match Expect X-Forwarded-For Forwarded X-Request-ID Range Upgrade X""".split()
LINES = """GET / | GET /webhooks/web/widget.js | GET /webhooks/web/history | GET /review |
    POST /webhooks/web/session | POST /webhooks/slack/events | POST /review/sign-in""".split("|")


@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=60)), max_size=5),
    st.sampled_from(LINES),
)
def test_no_header_breaks_anything(
    open_server: Server, headers: list[tuple[str, bytes]], line: str
) -> None:
    lines = b"".join(f"{name}: ".encode() + value + b"\r\n" for name, value in headers)
    # What a length promises and is not sent would be waited for.
    request = (
        line.strip().encode()
        + b" HTTP/1.1\r\n"
        + lines
        + b"Connection: close\r\n\r\n"
        + b"\r\n" * 40
    )
    answer = send(open_server, request)

    assert not answer.startswith(b"HTTP/1.1 5")


def test_nothing_of_this_fills_the_log(open_server: Server) -> None:
    for _, head in HEADS.values():
        send(open_server, head + b"\r\n")

    assert "Traceback" not in open_server.log
