"""A server that starts keeps nobody waiting who could be served elsewhere."""

from __future__ import annotations

import socket

import pytest

from bot.errors import BotError
from bot.server import _listen
from tests.support.server import free_port


def test_connections_are_refused_until_the_server_runs() -> None:
    port = free_port()
    with _listen("127.0.0.1", port), pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_port_that_is_taken_is_said_to_be_so() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(BotError, match="cannot listen"),
    ):
        _listen("127.0.0.1", taken.getsockname()[1])
