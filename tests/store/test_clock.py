"""The clock that all who share a database go by."""

from __future__ import annotations

import time

from bot.database import clock_of, open_engine


def test_it_tells_the_seconds_since_1970_and_goes_on(url: str) -> None:
    engine = open_engine(url)
    clock = clock_of(engine)
    before = clock()
    after = clock()
    engine.dispose()
    assert before <= after < before + 60
    assert abs(before - time.time()) < 60
