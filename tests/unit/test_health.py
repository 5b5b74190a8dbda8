"""Whether a replica says that it is ready: by what it is doing, and by what its database says."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.health import Health, database_look

CUT_OFF = (503, "unavailable")


async def told(health: Health) -> tuple[int, str]:
    answer = await health.ready()
    assert answer.body is not None
    return answer.status, json.loads(answer.body)["status"]


@contextmanager
def serving(look: Callable[[], None]) -> Iterator[Health]:
    health = Health(look)
    health.begin()
    yield health
    health.end()


async def test_it_is_ready_from_its_begin_to_its_end() -> None:
    health = Health(lambda: None)
    assert await told(health) == (503, "starting")

    health.begin()
    assert await told(health) == (200, "ready")

    health.end()
    assert await told(health) == (503, "stopping")
    assert (await health.live()).status == 200


async def test_however_many_ask_the_database_is_asked_once() -> None:
    looks: list[float] = []

    with serving(lambda: looks.append(time.monotonic())) as health:
        answers = await asyncio.gather(*(told(health) for _ in range(500)))

    assert set(answers) == {(200, "ready")}
    assert len(looks) == 1


async def test_a_database_that_never_answers_is_told_in_time_and_asked_no_more() -> None:
    looks: list[float] = []
    answered = threading.Event()

    def look() -> None:
        looks.append(time.monotonic())
        answered.wait(30)

    with serving(look) as health:
        started = time.monotonic()
        answers = await asyncio.gather(*(told(health) for _ in range(50)))
        took = time.monotonic() - started
        answered.set()

    assert set(answers) == {CUT_OFF}
    assert len(looks) == 1
    assert 1 < took < 10


async def test_it_is_ready_again_when_the_database_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(database_look(f"sqlite:///{folder}/conversations.db")) as health:
        assert await told(health) == CUT_OFF
        folder.mkdir()
        deadline = time.monotonic() + 10
        while await told(health) == CUT_OFF:
            assert time.monotonic() < deadline

    assert time.monotonic() < deadline


def test_a_file_that_is_no_database_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_text("no database " * 100)

    with pytest.raises(SQLAlchemyError):
        database_look(f"sqlite:///{tmp_path}/broken.db")()
