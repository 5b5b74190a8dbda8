"""What the channels want to know of conversations, and forgetting one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore

from bot import holdings, ratings
from bot.conversation_tables import EVENTS, TAKEN
from bot.errors import BotError
from bot.metrics import Stage, stage
from bot.tracker_store import ConversationStore

Event = dict[str, Any]
T = TypeVar("T")

_SAID = ("user", "bot")
_LONGEST_TURN = 200
_LATEST = 400
_LONGEST_PAYLOAD = 2_000


class Conversations:
    """Reads and forgets conversations in any tracker store of Rasa's.

    What was said is read as plain events: Rasa's own way rebuilds the whole tracker, which takes
    longer the longer the conversation is.

    Args:
        store: The store; one that is wrapped by Rasa's `FailSafeTrackerStore` is unwrapped, so
            that an outage is an error rather than an empty conversation.

    """

    def __init__(self, store: TrackerStore) -> None:
        while isinstance(store, FailSafeTrackerStore):
            store = store._tracker_store
        self._store = store

    async def said(self, conversation: str) -> list[Event]:
        """Gives all that the person and the bot said, oldest first, over all sessions."""
        if not isinstance(self._store, ConversationStore):
            return await self._rebuilt(conversation)
        return await self._read(lambda connection: _rows(connection, conversation, _SAID))

    async def recent(self, conversation: str) -> list[Event]:
        """Gives what was said of late, oldest first: the same work however long it all is."""
        if not isinstance(self._store, ConversationStore):
            return await self._rebuilt(conversation)
        return await self._read(
            lambda connection: _rows(connection, conversation, _SAID, _is_late(conversation))
        )

    async def exists(self, conversation: str) -> bool:
        """Tells whether anything has been said in a conversation."""
        if not isinstance(self._store, ConversationStore):
            return bool(await self._rebuilt(conversation))
        any_event = sa.select(EVENTS.c.id).filter_by(sender_id=conversation).limit(1)
        first = await self._read(lambda connection: connection.execute(any_event).first())
        return first is not None

    async def turn(self, conversation: str, message_id: str) -> list[Event]:
        """Gives the message with this id and what was said after it; empty when there is none."""
        if not isinstance(self._store, ConversationStore):
            return await self._rebuilt(conversation)
        return await self._read(lambda connection: _turn(connection, conversation, message_id))

    async def begin(self, conversation: str, message_id: str) -> list[Event]:
        """Gives the same as `turn`; where that is nothing, the turn can begin without reading."""
        if not isinstance(self._store, ConversationStore):
            return await self._rebuilt(conversation)
        with stage(Stage.READ):
            return await self._store.begin(
                conversation, lambda connection: _turn(connection, conversation, message_id)
            )

    async def offers(self, conversation: str, payload: str) -> list[Event]:
        """Gives what the bot said that may hold this payload; whether it does is to be checked."""
        if not isinstance(self._store, ConversationStore):
            return await self._rebuilt(conversation)
        return await self._read(lambda connection: _offers(connection, conversation, payload))

    async def rate(self, conversation: str, message_id: str, rating: str | None) -> None:
        """Keeps what the person thinks of the answer to a message.

        Args:
            conversation: Its id.
            message_id: The id of the message that was answered.
            rating: "up" or "down", in the place of an earlier one; None takes it back.

        Raises:
            BotError: when the store is one that keeps no ratings.

        """
        if not isinstance(self._store, ConversationStore):
            raise self._unable("rated in")
        with stage(Stage.WRITE):
            await self._store.write(
                lambda connection: ratings.keep(connection, conversation, message_id, rating)
            )

    async def ratings(self, conversation: str) -> dict[str, str]:
        """Gives the ratings of the answers by the id of the message answered."""
        if not isinstance(self._store, ConversationStore):
            return {}
        found = await self._read(lambda connection: ratings.ratings(connection, [conversation]))
        return found.get(conversation, {})

    async def forget(self, conversation: str) -> int:
        """Deletes a conversation for good, with all that is kept beside it.

        Args:
            conversation: Its id.

        Returns:
            How many events were deleted; 0 when there was no such conversation.

        Raises:
            BotError: when the store is one that this cannot delete from.

        """
        if isinstance(self._store, InMemoryTrackerStore):
            return 1 if self._store.store.pop(conversation, None) else 0
        if not isinstance(self._store, ConversationStore):
            raise self._unable("deleted from")
        # To its end, also when whoever asked has left.
        return await asyncio.shield(self._forget(self._store, conversation))

    async def _forget(self, store: ConversationStore, conversation: str) -> int:
        with stage(Stage.WRITE):
            deleted = await store.write(
                lambda connection: holdings.delete(connection, conversation)
            )
            await store.overwrite()
        return deleted

    async def _read(self, work: Callable[[Any], T]) -> T:
        with stage(Stage.READ):
            return await self._store.run(work)

    def _unable(self, what: str) -> BotError:
        return BotError(
            f"conversations cannot be {what} {type(self._store).__name__}",
            "use the store that endpoints.yml names",
        )

    async def _rebuilt(self, conversation: str) -> list[Event]:
        tracker = await self._store.retrieve_full_tracker(conversation)
        events = (event.as_dict() for event in tracker.events) if tracker else ()
        return [event for event in events if event.get("event") in _SAID]


def _rows(
    connection: Any, conversation: str, kinds: Iterable[str], *conditions: Any
) -> list[Event]:
    query = (
        sa.select(EVENTS.c.data)
        .where(EVENTS.c.sender_id == conversation, EVENTS.c.type_name.in_(kinds), *conditions)
        .order_by(EVENTS.c.id)
    )
    return [json.loads(data) for (data,) in connection.execute(query)]


def _turn(connection: Any, conversation: str, message_id: str) -> list[Event]:
    place = sa.select(TAKEN.c.after_event).filter_by(sender_id=conversation, message_id=message_id)
    after = connection.execute(place).scalar()
    if after is None:
        return []
    following = (
        sa.select(EVENTS.c.id)
        .where(EVENTS.c.sender_id == conversation, EVENTS.c.id > after)
        .order_by(EVENTS.c.id)
        .limit(_LONGEST_TURN)
    )
    return _rows(connection, conversation, _SAID, EVENTS.c.id.in_(following))


def _is_late(conversation: str) -> Any:
    latest = sa.select(EVENTS.c.id).where(EVENTS.c.sender_id == conversation)
    return EVENTS.c.id.in_(latest.order_by(EVENTS.c.id.desc()).limit(_LATEST))


def _offers(connection: Any, conversation: str, payload: str) -> list[Event]:
    # Found in the text of the row, the latest first: most buttons are pressed soon.
    holds = EVENTS.c.data.contains(json.dumps(payload), autoescape=True)
    if len(payload) > _LONGEST_PAYLOAD:
        return []  # and nothing to search for
    soon = _rows(connection, conversation, ("bot",), _is_late(conversation), holds)
    return soon or _rows(connection, conversation, ("bot",), holds)
