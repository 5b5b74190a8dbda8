"""What many tests share: the real server with the project's own model, and empty databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from tests.support.postgres import postgres
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


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """PostgreSQL, for all tests that keep something."""
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'conversations.db'}"
    url = str(request.getfixturevalue("database"))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    engine.dispose()
    return url
