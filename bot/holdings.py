"""Where what belongs to a conversation, or to a person, is kept: to find, show and delete it.

All functions take a connection of SQLAlchemy's, in a transaction of the caller's.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bot.channels.slack.store import INBOX, LATEST
from bot.conversation_tables import EVENTS, STATES, TAKEN
from bot.ratings import RATINGS

COLUMNS = {
    # First, as a turn begins to write with it: who deletes waits for the turn, and then sees it.
    STATES: STATES.c.sender_id,
    EVENTS: EVENTS.c.sender_id,
    TAKEN: TAKEN.c.sender_id,
    RATINGS: RATINGS.c.sender_id,
    LATEST: LATEST.c.conversation,
}
"""Each table that holds something of a conversation, and its column with the conversation's id."""
_JSON = frozenset({"data", "carried", "body"})
_SLACK = "slack"


def delete(connection: Any, conversation: str) -> int:
    """Deletes all that is kept of a conversation, and gives how many events that were."""
    counts = {
        table: connection.execute(sa.delete(table).where(column == conversation)).rowcount
        for table, column in COLUMNS.items()
        if _exists(connection, table)
    }
    return int(counts[EVENTS])


def everything(connection: Any, conversation: str) -> dict[str, list[dict[str, Any]]]:
    """Gives all that is kept of a conversation: rows by the name of their table."""
    return {
        table.name: _rows(connection, sa.select(table).where(column == conversation))
        for table, column in COLUMNS.items()
        if _exists(connection, table)
    }


def conversations_of(connection: Any, name: str) -> list[str]:
    """Gives the ids of conversations that a name stands for, oldest first.

    Args:
        connection: The connection.
        name: A conversation's id; or a person in Slack, as `<workspace>-<person>`.

    """
    first = sa.func.min(EVENTS.c.id)
    said = sa.select(EVENTS.c.sender_id, first).group_by(EVENTS.c.sender_id)
    known = sa.select(STATES.c.sender_id, sa.literal(0))
    found = {
        sender: number
        for query, column in ((known, STATES.c.sender_id), (said, EVENTS.c.sender_id))
        for sender, number in connection.execute(query.where(_is_named(column, name)))
    }
    return sorted(found, key=lambda sender: found[sender])


def waiting(connection: Any, name: str) -> list[dict[str, Any]]:
    """Gives the events of a person in Slack that are not answered yet."""
    condition = _is_from(name)
    if condition is None or not _exists(connection, INBOX):
        return []
    return _rows(connection, sa.select(INBOX).where(condition))


def delete_waiting(connection: Any, name: str) -> None:
    """Deletes the events of a person in Slack that are not answered yet."""
    condition = _is_from(name)
    if condition is not None and _exists(connection, INBOX):
        connection.execute(sa.delete(INBOX).where(condition))


def _is_named(column: Any, name: str) -> Any:
    team, _, user = name.partition("-")
    if not (team.isalnum() and user.isalnum()):
        return column == name
    return (column == name) | column.like(f"{_SLACK}-{team}-%-{user}")


def _is_from(name: str) -> Any:
    team, _, user = name.partition("-")
    if not (team.isalnum() and user.isalnum()):
        return None
    return INBOX.c.body.contains(json.dumps(team)) & INBOX.c.body.contains(json.dumps(user))


def _rows(connection: Any, query: Any) -> list[dict[str, Any]]:
    return [
        {name: json.loads(value) if name in _JSON else value for name, value in row.items()}
        for row in connection.execute(query).mappings()
    ]


def _exists(connection: Any, table: Any) -> bool:
    return bool(sa.inspect(connection).has_table(table.name))
