"""Rasa's domain as it is."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain

from bot.project import PROJECT


@pytest.fixture(scope="session")
def domain() -> Domain:
    """Rasa's domain, without the intents that topic files add."""
    return Domain.load(PROJECT / "domain.yml")
