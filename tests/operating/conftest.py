"""A server whose log is JSON and whose metrics are served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.server import Server, Visitor, free_port


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server."""
    address = f"127.0.0.1:{free_port()}"
    settings = {"METRICS_ADDRESS": address, "LOG_FORMAT": "json", "WEB_RATE_LIMIT": "20"}
    server = Server(tmp_path_factory.mktemp("watched"), settings)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visitor(watched: Server) -> Visitor:
    """Somebody in a fresh conversation with it."""
    return Visitor(watched.url)
