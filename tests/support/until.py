"""Waiting for something to become so, with a deadline instead of a pause."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(
    get: Callable[[], T],
    seconds: float = 20,
    otherwise: Callable[[], str] = lambda: "It did not come to be.",
) -> T:
    """Gives the first result that is true; fails when there is none in time.

    Args:
        get: Gives the result.
        seconds: How long there is.
        otherwise: What to say on failure.
    """
    deadline = time.monotonic() + seconds
    while not (found := get()):
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.02)
    return found


def until_later(seconds: float) -> None:
    """Lets so many seconds pass, where that they pass is what is tested."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end, seconds + 10)
