"""A server that retires old conversations by itself."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.tracker_store import ConversationStore
from tests.support.server import Server, Visitor
from tests.support.until import until

DAY = 24 * 60 * 60


def test_a_server_retires_what_is_old_while_it_serves_and_ends_at_once(tmp_path: Path) -> None:
    server = Server(tmp_path, {"RETENTION_DAYS": "30", "RETENTION_ACTION": "delete"})
    ConversationStore(host=f"sqlite:///{server.database}").engine.dispose()
    with closing(sqlite3.connect(server.database)) as database, database:
        for sender, days in (("old", 31), ("recent", 29)):
            at = time.time() - days * DAY
            said = json.dumps({"event": "user", "text": "hello", "timestamp": at})
            database.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)",
                (sender, "user", at, said),
            )

    server.start()
    visitor = Visitor(server.url)
    visitor.say("hello")

    def left() -> set[str]:
        with closing(sqlite3.connect(server.database, timeout=30)) as database:
            return {row[0] for row in database.execute("SELECT sender_id FROM events")}

    until(lambda: "old" not in left())
    assert "recent" in left()
    assert visitor.said() == ["hello"]
    until(lambda: "Old conversations: 1, action: delete." in server.log)
    assert server.stop() == 0
    assert "Task was destroyed" not in server.log
