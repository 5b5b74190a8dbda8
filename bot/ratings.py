"""What people think of the answers, kept beside the conversations in the same database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

_RATINGS = sa.Table(
    "ratings",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("rating", sa.String(8), nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False),
)


class Ratings:
    """Ratings by conversation and by the id of the message that was answered.

    Args:
        store: The store of the conversations. The table is made where it is missing.

    """

    def __init__(self, store: SQLTrackerStore) -> None:
        _make_table(store.engine)
        self._store = store

    def keep(self, conversation: str, message_id: str, rating: str | None) -> None:
        """Keeps a rating in the place of an earlier one; None takes it back."""
        row = {"sender_id": conversation, "message_id": message_id}
        with self._store.session_scope() as session:
            session.execute(sa.delete(_RATINGS).filter_by(**row))
            if rating is not None:
                values = {**row, "rating": rating, "timestamp": time.time()}
                session.execute(sa.insert(_RATINGS).values(**values))
            session.commit()

    def of(self, conversation: str) -> dict[str, str]:
        """Gives a conversation's ratings by message id."""
        columns = _RATINGS.c
        query = sa.select(columns.message_id, columns.rating).where(
            columns.sender_id == conversation
        )
        with self._store.session_scope() as session:
            return dict(session.execute(query).all())

    def of_all(self, conversations: Sequence[str]) -> dict[str, dict[str, str]]:
        """Gives the ratings of several conversations, by conversation and message id."""
        query = sa.select(_RATINGS).where(_RATINGS.c.sender_id.in_(conversations))
        found: dict[str, dict[str, str]] = {}
        with self._store.session_scope() as session:
            for row in session.execute(query):
                found.setdefault(row.sender_id, {})[row.message_id] = row.rating
        return found

    def forget(self, conversation: str) -> None:
        """Deletes a conversation's ratings."""
        with self._store.session_scope() as session:
            session.execute(sa.delete(_RATINGS).filter_by(sender_id=conversation))
            session.commit()


@lru_cache(maxsize=8)
def _make_table(engine: Any) -> None:
    # Replicas that start together may both find no table.
    try:
        _RATINGS.create(engine, checkfirst=True)
    except sa.exc.DatabaseError:
        if not sa.inspect(engine).has_table(_RATINGS.name):
            raise
