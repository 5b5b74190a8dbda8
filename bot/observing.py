"""Observes a turn: its figures for the metrics, its reference for the log, and one line at its end.

The line holds no word of what was said.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bound_contextvars

from bot import metrics

_log = logging.getLogger(__name__)


@contextmanager
def observed(channel: str, reference: str, conversation: str) -> Iterator[metrics.Turn]:
    """Observes a turn while the context lasts.

    Args:
        channel: The channel's name.
        reference: Names the turn in each line of the log, and to the person when it fails.
        conversation: The conversation's id; the log shows a hash of it.

    Returns:
        The turn; it counts as failed until its outcome is set.

    """
    with bound_contextvars(reference=reference, conversation=conversation):
        with metrics.measured(channel) as turn:
            yield turn
        told = {
            "channel": channel,
            "outcome": turn.outcome.value,
            "milliseconds": round(turn.seconds * 1000),
        }
        _log.info("Turn ended", extra=told)
