"""What people think of the answers, kept beside the conversations in the same database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

RATINGS = sa.Table(
    "ratings",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("rating", sa.String(8), nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False),
)


def keep(connection: Any, conversation: str, message_id: str, rating: str | None) -> None:
    """Keeps a rating in the place of an earlier one; None takes it back."""
    row = {"sender_id": conversation, "message_id": message_id}
    connection.execute(sa.delete(RATINGS).filter_by(**row))
    if rating is not None:
        values = {**row, "rating": rating, "timestamp": time.time()}
        connection.execute(sa.insert(RATINGS).values(**values))


def ratings(connection: Any, conversations: Sequence[str]) -> dict[str, dict[str, str]]:
    """Gives the ratings of conversations, by conversation and by the id of the message answered."""
    query = sa.select(RATINGS).where(RATINGS.c.sender_id.in_(conversations))
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.sender_id, {})[row.message_id] = row.rating
    return found
