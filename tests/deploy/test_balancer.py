"""The balancer: what it repeats, what it passes on at once, and what it says itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.support.nginx import Nginx
from tests.support.server import free_port

MESSAGES = "/webhooks/web/messages"
RATING = "/webhooks/web/rating"


class Replica(ThreadingHTTPServer):
    """What a replica looks like from outside."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.dies = False
        self.may_end = threading.Event()
        self.seen: list[tuple[str, dict[str, str]]] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Replica

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        if self.server.dies:
            self.close_connection = True
            return
        self.send_response(self.server.status)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in (b"first\n", b"last\n"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()
            self.server.may_end.wait(20)
        self.wfile.write(b"0\r\n\r\n")

    do_PUT = do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def replica() -> Iterator[Replica]:
    """Runs one."""
    server = Replica()
    server.may_end.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def one() -> Iterator[Replica]:
    with replica() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Replica]:
    with replica() as server:
        yield server


@pytest.fixture
def nginx(tmp_path: Path, one: Replica, other: Replica) -> Iterator[Nginx]:
    balancer = Nginx(tmp_path, [one.server_port, other.server_port])
    balancer.start()
    one.seen.clear()
    other.seen.clear()
    yield balancer
    balancer.stop()


def taken(*replicas: Replica) -> int:
    """Tells how often the replicas were asked."""
    return sum(len(replica.seen) for replica in replicas)


@pytest.mark.parametrize("fault", ["dies", "stops"])
def test_a_message_goes_to_another_replica(
    nginx: Nginx, one: Replica, other: Replica, fault: str
) -> None:
    one.dies, one.status = fault == "dies", 503
    for _ in range(4):
        assert httpx.post(nginx.url + MESSAGES, content=b"{}").status_code == 200
    assert len(other.seen) == 4
    assert one.seen


@pytest.mark.parametrize(
    ("method", "path", "times"), [("PUT", RATING, 2), ("POST", "/webhooks/slack/events", 1)]
)
def test_what_is_not_safe_to_repeat_is_not_repeated(
    nginx: Nginx, one: Replica, other: Replica, method: str, path: str, times: int
) -> None:
    one.dies = other.dies = True
    answer = httpx.request(method, nginx.url + path, content=b"{}")
    assert (answer.status_code, taken(one, other)) == (503, times)


def test_each_line_goes_out_as_it_comes(nginx: Nginx, one: Replica, other: Replica) -> None:
    one.may_end.clear(), other.may_end.clear()
    with httpx.stream("POST", nginx.url + MESSAGES, content=b"{}") as answer:
        lines = answer.iter_lines()
        assert next(lines) == "first"
        one.may_end.set(), other.may_end.set()
        assert list(lines) == ["last"]


def test_the_visitors_address_is_passed_on_and_cannot_be_made_up(
    nginx: Nginx, one: Replica, other: Replica
) -> None:
    httpx.post(nginx.url + MESSAGES, content=b"{}", headers={"X-Forwarded-For": "203.0.113.9"})
    (_, headers), *_ = one.seen + other.seen
    assert headers["x-forwarded-for"].split(", ")[-1] == "127.0.0.1"
    assert headers["host"] == f"127.0.0.1:{nginx.port}"


def test_without_any_replica_it_says_to_wait_in_the_replicas_own_form(tmp_path: Path) -> None:
    balancer = Nginx(tmp_path, [free_port(), free_port()])
    balancer.start()
    try:
        answer = httpx.post(balancer.url + MESSAGES, content=b"{}")
    finally:
        balancer.stop()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["error"]["code"] == "away"


def test_what_is_too_large_is_refused_in_the_replicas_own_form(nginx: Nginx) -> None:
    answer = httpx.post(nginx.url + MESSAGES, content=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert json.loads(answer.text)["error"]["code"] == "too_long"
