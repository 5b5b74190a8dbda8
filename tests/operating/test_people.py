"""`export` and `forget` on what a real server has kept: of one conversation, or of one person."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.channels.slack.store import Store
from bot.channels.web.tokens import Tokens
from bot.tracker_store import ConversationStore
from tests.support.server import ROOT, SECRET, Server, Visitor


def command(database: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of ours on a database."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database, "WEB_SECRET": SECRET, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def company(tmp_path: Path) -> Iterator[str]:
    """A database with conversations of several people in Slack."""
    url = f"sqlite:///{tmp_path}/conversations.db"
    store, slack = ConversationStore(host=url), Store(url)
    people = ("T1-D1-direct-U1", "T1-C1-17.5-U1", "T1-C1-17.5-U2", "T2-D1-direct-U1")
    said = {"event": "user", "text": "hello", "timestamp": time.time(), "message_id": "m"}

    async def fill() -> None:
        await slack.prepare()
        await slack.set_latest("T1-U1", "slack-T1-D1-direct-U1")
        await slack.take(["e1"], {"team_id": "T1", "event": {"user": "U1", "text": "later"}})
        await slack.take(["e2"], {"team_id": "T1", "event": {"user": "U2", "text": "other"}})
        await slack.close()

    asyncio.run(fill())
    store.engine.dispose()
    with closing(sqlite3.connect(tmp_path / "conversations.db")) as database, database:
        for person in people:
            database.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)",
                (f"slack-{person}", "user", said["timestamp"], json.dumps(said)),
            )
        for person in sorted(people):
            database.execute(
                "INSERT INTO conversation_states (sender_id, version, read_after, carried, at) "
                "VALUES (?, 1, 0, '{}', ?)",
                (f"slack-{person}", said["timestamp"]),
            )
    return url


def exported(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Gives what a command exported."""
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_all_that_is_kept_of_a_visitor_is_shown_by_token_and_forgotten(
    watched: Server, visitor: Visitor
) -> None:
    message_id = str(uuid.uuid4())
    visitor.say("should we outsource our zebrafish counting?", id=message_id)
    body = {"id": message_id, "rating": "up"}
    assert visitor.client.put("/rating", json=body, headers=visitor.headers).status_code == 204
    database = f"sqlite:///{watched.database}"
    conversation = Tokens(SECRET, 60).conversation(visitor.token)

    (shown,) = exported(command(database, "export", visitor.token))["conversations"]

    assert shown["id"] == conversation
    assert shown["transcript"][0]["text"] == "should we outsource our zebrafish counting?"
    kept = shown["kept"]
    assert kept["ratings"][0]["rating"] == "up"
    assert kept["taken_messages"][0]["message_id"] == message_id
    assert kept["conversation_states"]
    with closing(sqlite3.connect(watched.database)) as connection:
        rows = "SELECT count(*) FROM events WHERE sender_id = ?"
        (events,) = connection.execute(rows, (conversation,)).fetchone()
        assert len(kept["events"]) == events

    forgotten = command(database, "forget", visitor.token)
    assert forgotten.stdout == f"Forgotten: {conversation} ({events} events)\n"
    assert visitor.history() == []
    assert command(database, "export", conversation).returncode == 1


def test_a_token_that_has_expired_still_names_its_conversation(company: str) -> None:
    expired = Tokens(SECRET, -60).issue()

    result = command(company, "export", expired)

    assert "nothing is kept of" in result.stderr


def test_a_token_of_another_server_is_refused(company: str) -> None:
    result = command(company, "export", Tokens("another secret, long enough", 60).issue())

    assert result.returncode == 1
    assert "this is no token of this server's, check WEB_SECRET" in result.stderr


def test_a_person_in_slack_is_shown_and_forgotten_in_all_conversations(
    company: str, tmp_path: Path
) -> None:
    file = tmp_path / "export.json"

    assert command(company, "export", "T1-U1", "--to", str(file)).returncode == 0

    assert file.stat().st_mode & 0o077 == 0
    shown = json.loads(file.read_text(encoding="utf-8"))
    ids = ["slack-T1-D1-direct-U1", "slack-T1-C1-17.5-U1"]
    assert [one["id"] for one in shown["conversations"]] == ids
    assert shown["conversations"][0]["kept"]["slack_latest"][0]["person"] == "T1-U1"
    assert [event["id"] for event in shown["waiting"]] == ["e1"]

    assert command(company, "forget", "T1-U1").returncode == 0

    with closing(sqlite3.connect(tmp_path / "conversations.db")) as database:
        left = {row[0] for row in database.execute("SELECT sender_id FROM events")}
        assert left == {"slack-T1-C1-17.5-U2", "slack-T2-D1-direct-U1"}
        assert database.execute("SELECT id FROM slack_inbox").fetchall() == [("e2",)]
        assert database.execute("SELECT person FROM slack_latest").fetchall() == []


@pytest.mark.parametrize("name", ["", "%", "T1-%", "T_-U1", "nobody", "T1-U9", "a.b.c.d"])
def test_a_name_that_nobody_has_finds_nobody(company: str, name: str) -> None:
    from bot import holdings

    store = ConversationStore(host=company)
    with store.engine.begin() as connection:
        assert holdings.conversations_of(connection, name) == []
        assert holdings.waiting(connection, name) == []


def test_old_conversations_are_counted_before_they_are_deleted(company: str) -> None:
    with closing(sqlite3.connect(company.removeprefix("sqlite:///"))) as database, database:
        database.execute("UPDATE conversation_states SET at = 0 WHERE sender_id LIKE '%U2'")

    keep_all = command(company, "retain")
    first = command(company, "retain", "--dry-run", RETENTION_DAYS="30")
    second = command(company, "retain", RETENTION_DAYS="30")
    third = command(company, "retain", RETENTION_DAYS="30")

    assert (keep_all.returncode, keep_all.stdout) == (1, "")
    assert "RETENTION_DAYS is 0" in keep_all.stderr
    assert first.stdout.endswith("would be retired (delete): 1\n")
    assert second.stdout.endswith("are retired (delete): 1\n")
    assert third.stdout.endswith("are retired (delete): 0\n")
