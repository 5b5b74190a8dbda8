"""A backup taken while people talk, and a server that goes on from it."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from tests.operating.test_people import command
from tests.support.postgres import stoppable_postgres
from tests.support.server import Server, Visitor
from tests.support.until import until


@contextmanager
def busy(server: Server) -> Iterator[None]:
    """Has people talk to a server while the context lasts."""
    over, count, failures = Event(), [0], list[object]()

    def talk() -> None:
        visitor = Visitor(server.url)
        while not over.is_set():
            *_, end = visitor.say("hello")
            failures.extend([end] if "error" in end else [])
            count[0] += 1

    people = [Thread(target=talk) for _ in range(2)]
    for person in people:
        person.start()
    try:
        until(lambda: count[0] > 2)
        yield
        before = count[0]
        until(lambda: count[0] > before + 2)
    finally:
        over.set()
        for person in people:
            person.join()
    assert failures == []


def goes_on(old: Server, take: Callable[[], Server]) -> None:
    """Checks that a server which was made of a backup goes on with a conversation of before."""
    visitor = Visitor(old.url)
    message_id = str(uuid.uuid4())
    first = visitor.say("should we outsource payroll?", id=message_id)
    history = visitor.history()
    with busy(old):
        restored = take()
    visitor.say("later than the backup")
    old.stop()

    restored.start()
    back = Visitor(restored.url, visitor.token)
    assert back.history() == history
    assert back.say("should we outsource payroll?", id=message_id) == first
    assert "2 of about" in str(back.press("Fixed steps, few exceptions", first))
    restored.stop()


def test_sqlite_is_copied_with_the_secret_and_served_again(tmp_path: Path) -> None:
    old = Server(tmp_path / "old", {"WEB_SECRET": "", "WEB_RATE_LIMIT": "0"})
    old.folder.mkdir()
    old.start()

    def take() -> Server:
        result = command(
            f"sqlite:///{old.database}", "backup", str(tmp_path / "new"), WEB_SECRET=""
        )
        assert result.returncode == 0, result.stderr
        assert [Path(line).name for line in result.stdout.split()] == [
            "conversations.db",
            "web_secret",
        ]
        assert not [f for f in (tmp_path / "new").iterdir() if f.stat().st_mode & 0o077]
        return Server(tmp_path / "new", {"WEB_SECRET": ""})

    goes_on(old, take)


def test_postgresql_is_dumped_and_restored(tmp_path: Path) -> None:
    with stoppable_postgres() as database:
        settings = {"DATABASE_URL": database.url, "WEB_RATE_LIMIT": "0"}
        old = Server(tmp_path / "old", settings)
        old.folder.mkdir()
        old.start()

        def take() -> Server:
            dump = str(tmp_path / "conversations.dump")
            url = database.url.removesuffix("/postgres") + "/restored"
            for program, *arguments in (
                ("pg_dump", "--format=custom", f"--file={dump}", database.url),
                ("psql", "--command=CREATE DATABASE restored", database.url),
                ("pg_restore", "--exit-on-error", f"--dbname={url}", dump),
            ):
                subprocess.run([database.programs / program, *arguments], check=True, timeout=60)
            (tmp_path / "new").mkdir()
            return Server(tmp_path / "new", {"DATABASE_URL": url})

        goes_on(old, take)


def test_a_backup_never_overwrites_anything(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "something").touch()
    (tmp_path / "conversations.db").touch()

    result = command(f"sqlite:///{tmp_path}/conversations.db", "backup", str(tmp_path / "new"))

    assert result.returncode == 1
    assert "is not empty, choose a new folder" in result.stderr


def test_for_postgresql_the_program_to_use_is_named(tmp_path: Path) -> None:
    result = command("postgresql://localhost/x", "backup", str(tmp_path / "new"))

    assert result.returncode == 1
    assert "pg_dump" in result.stderr
