"""Reads conversations and keeps reviewers' decisions, in the database of the conversations."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

from bot.database import make_tables
from bot.ratings import ratings
from bot.review.conversations import Conversation, read
from bot.review.decisions import Decision
from bot.review.masking import mask

_KINDS = ("user", "bot", "action", "slot")
_AT_ONCE = 500
DECISIONS = sa.Table(
    "review_decisions",
    sa.MetaData(),
    sa.Column("mark", sa.String(32), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("intent", sa.String(255), nullable=True),
    sa.Column("timestamp", sa.Float, nullable=False),
    sa.Column("applied", sa.Float, nullable=True),
)


class ReviewStore:
    """The conversations as reviewers see them, and what they decided.

    Args:
        store: The store of the conversations. The table of decisions is made where it is missing.

    """

    def __init__(self, store: SQLTrackerStore) -> None:
        make_tables(lambda: DECISIONS.create(store.engine, checkfirst=True))
        self._store = store

    def conversations(self, since: float) -> list[Conversation]:
        """Gives all conversations in which a person said something at or after a time."""
        senders = self._senders(since)
        chunks = (senders[i : i + _AT_ONCE] for i in range(0, len(senders), _AT_ONCE))
        return [found for chunk in chunks for found in self._read(chunk)]

    def decisions(self) -> list[Decision]:
        """Gives all decisions, the oldest first."""
        query = sa.select(DECISIONS).order_by(DECISIONS.c.timestamp, DECISIONS.c.mark)
        with self._store.session_scope() as session:
            rows = session.execute(query).all()
        return [Decision(r.mark, r.text, r.intent, r.applied is not None) for r in rows]

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Keeps decisions, each in the place of an earlier one on the same item."""
        with self._store.session_scope() as session:
            for number, decision in enumerate(decisions):
                session.execute(sa.delete(DECISIONS).filter_by(mark=decision.mark))
                row = {
                    "mark": decision.mark,
                    "text": mask(decision.text),
                    "intent": decision.intent,
                    "timestamp": time.time() + number / 1e6,  # keeps their order
                }
                session.execute(sa.insert(DECISIONS).values(**row))
            session.commit()

    def take_back(self, marks: Iterable[str]) -> int:
        """Drops decisions, and gives how many there were; the items come back."""
        return self._change(sa.delete(DECISIONS), marks)

    def set_applied(self, marks: Iterable[str]) -> None:
        """Notes that decisions stand in the content now."""
        self._change(sa.update(DECISIONS).values(applied=time.time()), marks)

    def _change(self, statement: Any, marks: Iterable[str]) -> int:
        with self._store.session_scope() as session:
            result = session.execute(statement.where(DECISIONS.c.mark.in_(list(marks))))
            session.commit()
            return int(result.rowcount)

    def _senders(self, since: float) -> list[str]:
        columns = self._store.SQLEvent
        query = (
            sa.select(columns.sender_id)
            .where(columns.type_name == "user", columns.timestamp >= since)
            .group_by(columns.sender_id)
            .order_by(sa.func.min(columns.id))
        )
        with self._store.session_scope() as session:
            return [sender for (sender,) in session.execute(query)]

    def _read(self, senders: list[str]) -> Iterator[Conversation]:
        columns = self._store.SQLEvent
        query = (
            sa.select(columns.sender_id, columns.data)
            .where(columns.sender_id.in_(senders), columns.type_name.in_(_KINDS))
            .order_by(columns.sender_id, columns.id)
        )
        with self._store.session_scope() as session:
            rated = ratings(session, senders)
            rows = session.execute(query)
            for sender, events in groupby(rows, key=lambda row: str(row[0])):
                said = (json.loads(data) for _, data in events)
                if found := read(sender, said, rated.get(sender, {})):
                    yield found
