"""PostgreSQL for the tests: a server of their own, where its programs are on the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.support.postgres_server import PostgresMissing, running


@contextmanager
def postgres() -> Iterator[str]:
    """Runs an empty server while the context lasts, and gives its URL.

    Skips the test where there are no programs to run one, which fails in CI.
    """
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running())
        except PostgresMissing as missing:
            if os.environ.get("CI"):
                pytest.fail("CI has to install PostgreSQL's server.")
            pytest.skip(str(missing))
        yield url
