"""Conversations and decisions in a database: SQLite, and PostgreSQL where it can be run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.conversations import Conversations
from bot.nlu.embeddings import embed
from bot.ratings import keep
from bot.review.decisions import Decision
from bot.review.findings import Kind
from bot.review.store import ReviewStore
from bot.review.work import begin
from bot.tracker_store import ConversationStore
from tests.support.talk import DAY, NOW, Talk


class Database:
    """A database that tests put conversations into."""

    def __init__(self, url: str) -> None:
        self.store = ConversationStore(host=url)
        self.review = ReviewStore(self.store)

    def keep(self, sender: str, talk: Talk) -> None:
        """Keeps a conversation."""
        with self.store.session_scope() as session:
            session.execute(sa.insert(self.store.SQLEvent.__table__), talk.rows(sender))
            for message_id, rating in talk.ratings.items():
                keep(session, sender, message_id, rating)
            session.commit()


@pytest.fixture
def kept(url: str) -> Iterator[Database]:
    """The database, opened."""
    database = Database(url)
    yield database
    database.store.engine.dispose()


def test_an_empty_database_is_nothing_to_review(kept: Database) -> None:
    review = begin(kept.review, "7d", embed)

    assert (review.groups, review.conversations) == ((), ())


def test_conversations_are_read_with_their_ratings_and_apart(kept: Database) -> None:
    kept.keep("one", Talk().begins("payroll").not_understood("hm hm"))
    kept.keep("two", Talk().answered("what is bpo 😀").rates("down"))
    kept.keep("three", Talk(NOW - 9 * DAY).not_understood("long ago"))

    review = begin(kept.review, "7d", embed, NOW)
    assert {kind: n for kind, n in review.counts().items() if n} == {
        Kind.NOT_UNDERSTOOD: 1,
        Kind.RATED_DOWN: 1,
        Kind.ABANDONED: 1,
    }
    assert len(review.conversations) == 2
    assert len(begin(kept.review, "2w", embed, NOW).conversations) == 3


def test_decisions_are_kept_once_in_order_masked_and_can_be_taken_back(url: str) -> None:
    first = Database(url)
    first.review.decide([Decision("b", "I am Anna", "greet"), Decision("a", "hm", None)])
    first.review.decide([Decision("b", "I am Anna", "faq/cost")])
    first.review.set_applied(["b"])
    first.store.engine.dispose()

    second = Database(url)
    assert second.review.decisions() == [
        Decision("a", "hm", None),
        Decision("b", "I am ⟨name⟩", "faq/cost", is_applied=True),
    ]
    assert second.review.take_back(["a", "none"]) == 1
    assert [d.mark for d in second.review.decisions()] == ["b"]
    second.store.engine.dispose()


def test_several_servers_may_begin_at_once(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        databases = list(pool.map(lambda _: Database(url), range(4)))

    assert [d.review.decisions() for d in databases] == [[]] * 4
    for database in databases:
        database.store.engine.dispose()


def test_what_is_forgotten_is_not_reviewed(kept: Database) -> None:
    kept.keep("somebody", Talk().not_understood("hm hm").rates("down"))
    asyncio.run(Conversations(kept.store).forget("somebody"))

    assert begin(kept.review, "7d", embed, NOW).conversations == ()


def test_a_thousand_conversations_are_read_in_seconds(kept: Database) -> None:
    for number in range(1_000):
        kept.keep(
            f"s{number}", Talk().begins("payroll").not_understood(f"hm {number % 50} laptops")
        )
    started = time.monotonic()
    review = begin(kept.review, "7d", embed, NOW)

    assert time.monotonic() - started < 20
    assert review.counts()[Kind.NOT_UNDERSTOOD] == 1_000
