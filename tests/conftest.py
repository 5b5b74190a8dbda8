"""Starts the real server with the project's own model, once for all tests that need it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.server import ROOT, Server, Visitor

_LOG_LINES = 40

# A machine that is busy with something else is no fault of what is tested.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that all tests share."""
    if not list((ROOT / "models").glob("*.tar.gz")):
        pytest.fail("There is no model: run `make train` first.")
    settings = {"WEB_ORIGINS": "https://shop.example", "PROXIES_COUNT": "1"}
    server = Server(tmp_path_factory.mktemp("server"), settings)
    server.start()
    yield server
    if server.process and server.process.poll() is None:
        server.stop()


@pytest.fixture
def server(running: Server) -> Server:
    """The server, running."""
    if running.process is None or running.process.poll() is not None:
        running.start()
    return running


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Shows the end of the server's log beside a test that fails."""
    result = yield
    server = getattr(item, "funcargs", {}).get("server")
    report = result.get_result()  # type: ignore[attr-defined]
    if report.failed and server:
        report.sections.append(("server log", "\n".join(server.log.splitlines()[-_LOG_LINES:])))


@pytest.fixture
def visitor(server: Server) -> Visitor:
    """Somebody in a fresh conversation."""
    return Visitor(server.url)
