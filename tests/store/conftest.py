"""Databases of each kind, and Rasa's domain and assistant as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain

from bot.project import PROJECT
from tests.support.postgres import postgres


@pytest.fixture(scope="session")
def domain() -> Domain:
    """Rasa's domain, without the intents that topic files add."""
    return Domain.load(PROJECT / "domain.yml")


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """PostgreSQL, for all tests of this folder."""
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
