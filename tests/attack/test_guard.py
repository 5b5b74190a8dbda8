"""Slow clients are cut off, and where there are too many connections those that wait give way."""

from __future__ import annotations

import itertools
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bot.project import PROJECT
from tests.support.server import free_port

SERVER = """
import asyncio, sys
from sanic import Sanic
from sanic.response import raw
from bot.hardening import GuardedProtocol, Limits, harden

app = Sanic("guarded", configure_logging=False)
harden(app, Limits(connections=8, of_one_address=4, a_minute=40, receive_seconds=1, read_seconds=1))
gone = asyncio.Event()

@app.get("/big")
async def big(_):
    return raw(b"x" * 20_000_000)

@app.get("/held")
async def held(_):
    await gone.wait()
    return raw(b"held")

@app.post("/release")
async def release(request):
    gone.set()
    return raw(request.body)

@app.listener("after_server_start")
async def ready(*_):
    print("ready", flush=True)

app.run(port=int(sys.argv[1]), protocol=GuardedProtocol, access_log=False, motd=False)
"""
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
RELEASE = b"POST /release HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"


class Clients:
    """Clients of a server, each at an address that it chooses.

    Args:
        port: The server's.
        block: Which addresses are theirs, so that no test counts what another has done.
        stack: What closes the connections.
    """

    def __init__(self, port: int, block: int, stack: ExitStack) -> None:
        self._port = port
        self._block = block
        self._stack = stack

    def connect(self, address: int = 1) -> socket.socket:
        """Opens a connection."""
        place = (f"127.3.{self._block}.{address}", 0)
        found = socket.create_connection(("127.0.0.1", self._port), 15, source_address=place)
        return self._stack.enter_context(found)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server that all tests share."""
    found = free_port()
    command = [sys.executable, "-c", SERVER, str(found)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield found
        process.kill()


BLOCKS = itertools.count()


@pytest.fixture
def clients(port: int) -> Iterator[Clients]:
    with ExitStack() as stack:
        yield Clients(port, next(BLOCKS), stack)


def is_closed(connection: socket.socket) -> bool:
    """Waits for the end of a connection; tells whether nothing came before it."""
    try:
        return connection.recv(100) == b""
    except ConnectionResetError:
        return True


def answers(connection: socket.socket, request: bytes = GET) -> bool:
    """Tells whether a request is answered."""
    connection.sendall(request)
    return connection.recv(100).startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize(
    "sent", [GET[:-4], RELEASE.replace(b": 2", b": 9999")], ids=["a head", "a body"]
)
def test_who_drips_is_cut_off(clients: Clients, sent: bytes) -> None:
    slow = clients.connect()
    slow.settimeout(0.1)
    slow.sendall(sent)
    for _ in range(200):
        try:
            if slow.recv(100) == b"":
                return
        except TimeoutError:
            slow.sendall(b"a")
        except ConnectionResetError:
            return
    pytest.fail("it was not cut off")


def test_who_reads_nothing_is_cut_off(clients: Clients) -> None:
    slow = clients.connect()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    slow.sendall(GET.replace(b" / ", b" /big "))
    slow.settimeout(0.1)
    for _ in range(200):
        # A byte now and then is sent, but none is read: that fails once the server has gone.
        try:
            slow.sendall(b"a")
        except OSError:
            return
        select.select([], [], [], 0.1)
    pytest.fail("it was not cut off")


def test_one_address_has_so_many_connections_and_others_have_theirs(clients: Clients) -> None:
    for _ in range(4):
        assert answers(clients.connect(1))

    assert is_closed(clients.connect(1))
    assert answers(clients.connect(2))


def test_who_waits_longest_gives_way_and_who_is_served_does_not(clients: Clients) -> None:
    served = clients.connect(1)
    served.sendall(GET.replace(b" / ", b" /held "))
    waiting = [clients.connect(2 + number // 4) for number in range(7)]
    newest = clients.connect(9)

    assert answers(newest, RELEASE)
    assert is_closed(waiting[0])
    assert served.recv(1_000).endswith(b"held")


def test_an_address_that_asks_too_much_waits_and_others_do_not(clients: Clients) -> None:
    statuses = []
    for _ in range(41):
        connection = clients.connect(1)
        connection.sendall(GET)
        statuses.append(connection.recv(1_000).split(b" ")[1])
        connection.close()

    assert statuses == [b"404"] * 40 + [b"429"]
    assert answers(clients.connect(2))


def test_requests_in_one_go_are_answered_one_by_one(clients: Clients) -> None:
    connection = clients.connect()
    connection.sendall(GET * 3)
    answer = b""
    while more := connection.recv(10_000):
        answer += more

    assert answer.count(b"HTTP/1.1 404") == 1
    assert b"connection: close" in answer.lower()
