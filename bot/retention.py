"""Deletes or anonymises conversations that nobody has gone on with for so many days.

One conversation is one transaction, which first takes the conversation's state away: a turn that
goes on with it at that moment fails as a whole and can be sent again, and of several replicas only
one finds the state. So it needs no locks, and can be stopped and begun anew at any time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot import holdings
from bot.advice.loader import advice
from bot.anonymising import PREFIX, anonymised, new_id
from bot.conversation_tables import EVENTS, STATES
from bot.errors import without_words
from bot.metrics import RETIRED
from bot.ratings import RATINGS
from bot.review.store import DECISIONS
from bot.setting_values import ANONYMISE
from bot.tracker_store import ConversationStore

_log = logging.getLogger(__name__)

_AT_ONCE = 100
_MOST_FAILURES = 3
_EVENTS_AT_ONCE = 200_000
_PAUSE_SECONDS = 60 * 60
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Retention:
    """What is to become of old conversations.

    Args:
        store: Where they are kept.
        days: After how many days without a message.
        action: One of `bot.setting_values.RETENTION_ACTIONS`.

    """

    store: ConversationStore
    days: int
    action: str
    processes: Collection[str] = field(default_factory=lambda: frozenset(advice().processes))

    async def watch(self) -> None:
        """Does what is to be done, now and every hour, for ever."""
        work = self.tidy
        while True:
            try:
                await work()
                # By now every conversation has a state, and goes on having one.
                work = self._retire_old
            except Exception as error:
                _log.error("Old conversations are still there: %s", without_words(error))
            await asyncio.sleep(_PAUSE_SECONDS)

    async def tidy(self) -> int:
        """Does what is to be done now, a conversation at a time.

        Returns:
            How many conversations were old.

        """
        strays = sorted(await self._strays(self._before()))
        for start in range(0, len(strays), _AT_ONCE):
            # Another replica may do so at this very moment.
            with suppress(IntegrityError):
                await self.store.run(partial(_adopt, senders=strays[start : start + _AT_ONCE]))
        return await self._retire_old()

    async def due(self) -> int:
        """Tells how many conversations are old, and changes nothing."""
        before = self._before()
        known = await self.store.run(partial(_count, before=before))
        return known + len(await self._strays(before))

    async def _retire_old(self) -> int:
        before, done, failed = self._before(), 0, set[str]()
        while found := await self.store.run(partial(_old, before=before, but=failed)):
            for conversation in found:
                try:
                    done += await self.retire(conversation, before)
                except Exception as error:
                    # One that fails, and will again, does not keep the others.
                    failed.add(conversation)
                    if len(failed) > _MOST_FAILURES:
                        raise
                    _log.error("An old conversation is still there: %s", without_words(error))
        await self.store.run(partial(_forget_decisions, before=before))
        if done:
            await self.store.overwrite()
            _log.info("Old conversations: %d, action: %s.", done, self.action)
        return done

    async def _strays(self, before: float) -> set[str]:
        """Gives the old conversations without a state, as Rasa's own store leaves them."""
        last = await self.store.run(_last_event)
        found: set[str] = set()
        for first in range(0, last + 1, _EVENTS_AT_ONCE):
            found |= await self.store.run(partial(_strays_among, first=first, before=before))
        return found

    def _before(self) -> float:
        return time.time() - self.days * _DAY

    async def retire(self, conversation: str, before: float) -> int:
        """Retires one conversation, unless it has gone on since that time; gives 1 or 0."""

        def work(connection: Any) -> int:
            if not _take(connection, conversation, before):
                return 0
            if self.action == ANONYMISE:
                _anonymise(connection, conversation, self.processes)
            holdings.delete(connection, conversation)
            return 1

        done = await self.store.write(work)
        RETIRED.labels(self.action).inc(done)
        return done


def _old(connection: Any, before: float, but: Collection[str]) -> list[str]:
    query = sa.select(STATES.c.sender_id).where(
        STATES.c.at < before, STATES.c.sender_id.not_in(but)
    )
    return list(connection.execute(query.order_by(STATES.c.at).limit(_AT_ONCE)).scalars())


def _count(connection: Any, before: float) -> int:
    query = sa.select(sa.func.count()).select_from(STATES).where(STATES.c.at < before)
    return int(connection.execute(query).scalar())


def _take(connection: Any, conversation: str, before: float) -> bool:
    mine = sa.delete(STATES).where(STATES.c.sender_id == conversation, STATES.c.at < before)
    return bool(connection.execute(mine).rowcount)


def _last_event(connection: Any) -> int:
    return int(connection.execute(sa.select(sa.func.max(EVENTS.c.id))).scalar() or 0)


def _strays_among(connection: Any, first: int, before: float) -> set[str]:
    """Look at so many events at once that no database takes long."""
    has_state = sa.select(STATES.c.sender_id).where(STATES.c.sender_id == EVENTS.c.sender_id)
    here = sa.select(EVENTS.c.sender_id).where(
        EVENTS.c.id >= first,
        EVENTS.c.id < first + _EVENTS_AT_ONCE,
        ~EVENTS.c.sender_id.startswith(PREFIX),
        ~has_state.exists(),
    )
    senders = sorted(set(connection.execute(here.distinct()).scalars()))
    found: set[str] = set()
    for start in range(0, len(senders), _AT_ONCE):
        latest = sa.func.max(EVENTS.c.timestamp)
        query = sa.select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id).having(latest < before)
        some = EVENTS.c.sender_id.in_(senders[start : start + _AT_ONCE])
        found |= set(connection.execute(query.where(some)).scalars())
    return found


def _adopt(connection: Any, senders: list[str]) -> None:
    """Give conversations a state, by which they are found; they are old, so no turn reads it."""
    has_state = sa.select(STATES.c.sender_id).where(STATES.c.sender_id == EVENTS.c.sender_id)
    kept = (
        sa.select(
            EVENTS.c.sender_id,
            sa.literal(1),
            sa.literal(0),
            sa.literal("{}"),
            sa.func.max(EVENTS.c.timestamp),
        )
        .where(EVENTS.c.sender_id.in_(senders), ~has_state.exists())
        .group_by(EVENTS.c.sender_id)
    )
    columns = ("sender_id", "version", "read_after", "carried", "at")
    connection.execute(sa.insert(STATES).from_select(columns, kept))


def _anonymise(connection: Any, conversation: str, processes: Collection[str]) -> None:
    """Write what may be kept under another id; the conversation itself is left to be deleted."""
    query = sa.select(EVENTS.c.data).where(EVENTS.c.sender_id == conversation)
    found = connection.execute(query.order_by(EVENTS.c.id)).scalars()
    kept = list(anonymised((json.loads(data) for data in found), processes))
    sender, ids = new_id(), _new_message_ids(kept)
    for event in kept:
        if "message_id" in event:
            event["message_id"] = ids.get(event["message_id"])
    if kept:
        connection.execute(sa.insert(EVENTS), [_row(sender, event) for event in kept])
    ratings = connection.execute(sa.select(RATINGS).where(RATINGS.c.sender_id == conversation))
    rows = [
        {**rating, "sender_id": sender, "message_id": ids[rating["message_id"]]}
        for rating in ratings.mappings()
        if rating["message_id"] in ids
    ]
    if rows:
        connection.execute(sa.insert(RATINGS), rows)


def _new_message_ids(events: list[dict[str, Any]]) -> dict[str, str]:
    old = {event.get("message_id") for event in events}
    return {one: uuid.uuid4().hex for one in old if one}


def _row(sender: str, event: dict[str, Any]) -> dict[str, Any]:
    intent = (event.get("parse_data") or {}).get("intent") or {}
    return {
        "sender_id": sender,
        "type_name": event["event"],
        "timestamp": event["timestamp"],
        "intent_name": intent.get("name"),
        "action_name": event.get("name"),
        "data": json.dumps(event),
    }


def _forget_decisions(connection: Any, before: float) -> None:
    """Delete reviewers' decisions of that age: though masked, they hold words of people."""
    if sa.inspect(connection).has_table(DECISIONS.name):
        connection.execute(sa.delete(DECISIONS).where(DECISIONS.c.timestamp < before))
