"""Delivery: in order, at Slack's pace, merged where it had to wait, and never raising."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.slack.delivery import Delivery, refusal_of
from bot.channels.slack.store import Store


class Slack:
    """Takes what is sent, unless an error comes first."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.errors: list[Exception] = []
        self.slept: list[float] = []
        self.may_go = asyncio.Event()
        self.may_go.set()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.may_go.wait()


@dataclass(frozen=True)
class Letter:
    slack: Slack = field(repr=False)
    words: str
    channel: str = "C1"
    spacing: float = 1.0
    other: str | None = None

    async def send(self) -> str:
        if self.slack.errors:
            raise self.slack.errors.pop(0)
        self.slack.taken.append(self.words)
        return self.words

    def instead(self, _: str) -> Letter | None:
        return replace(self, words=self.other, other=None) if self.other else None

    def joined(self, other: Any) -> Letter | None:
        return replace(self, words=f"{self.words}+{other.words}")


def refused(code: str, status: int = 200, **headers: str) -> Exception:
    error = Exception(code)
    error.response = SimpleNamespace(  # type: ignore[attr-defined]
        status_code=status, data={"ok": False, "error": code}, headers=headers
    )
    return error


@pytest.fixture
async def slack() -> Slack:
    return Slack()


@pytest.fixture
async def delivery(slack: Slack, tmp_path: Path) -> AsyncIterator[Delivery]:
    store = Store(f"sqlite:///{tmp_path}/c.db", clock=lambda: 1_000.0)
    await store.prepare()
    yield Delivery(store, slack.sleep)
    await store.close()


async def test_what_waits_for_the_same_place_goes_as_one(slack: Slack, delivery: Delivery) -> None:
    ends = [delivery.submit(Letter(slack, word)) for word in "abc"]

    assert await asyncio.gather(*ends) == ["a+b+c"] * 3
    assert slack.taken == ["a+b+c"]


async def test_posts_are_a_second_apart(slack: Slack, delivery: Delivery) -> None:
    for word in "abc":
        await delivery.submit(Letter(slack, word))

    assert slack.taken == ["a", "b", "c"]
    assert slack.slept == [1.0, 2.0]  # the clock stands still


async def test_retry_after_is_honoured_however_often(slack: Slack, delivery: Delivery) -> None:
    slack.errors = [refused("ratelimited", 429, **{"Retry-After": "7"}) for _ in range(20)]

    assert await delivery.submit(Letter(slack, "a")) == "a"
    assert min(slack.slept) >= 7
    assert delivery.dead == 0


async def test_an_outage_is_waited_out(slack: Slack, delivery: Delivery) -> None:
    slack.errors = [ConnectionError(), refused("", 503), asyncio.TimeoutError()]

    assert await delivery.submit(Letter(slack, "a")) == "a"
    assert slack.slept[-1] >= 2


async def test_what_cannot_be_delivered_is_counted_and_holds_up_nothing(
    slack: Slack, delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    slack.errors = [refused("channel_not_found")]
    dead = await delivery.submit(Letter(slack, "secret words"))
    alive = await delivery.submit(Letter(slack, "b"))

    assert (dead, alive, delivery.dead) == (None, "b", 1)
    assert "to C1 was given up: channel_not_found (1 so far)" in caplog.text
    assert "secret words" not in caplog.text


async def test_after_six_tries_it_is_given_up(slack: Slack, delivery: Delivery) -> None:
    slack.errors = [ConnectionError() for _ in range(6)]

    assert await delivery.submit(Letter(slack, "a")) is None
    assert delivery.dead == 1


async def test_what_is_refused_may_go_in_another_form(slack: Slack, delivery: Delivery) -> None:
    slack.errors = [refused("invalid_blocks")]

    assert await delivery.submit(Letter(slack, "a", other="plain")) == "plain"


async def test_channels_do_not_wait_for_each_other(slack: Slack, delivery: Delivery) -> None:
    slack.errors = [refused("ratelimited", 429)]
    slack.may_go.clear()
    slow = delivery.submit(Letter(slack, "slow", channel="C1"))
    while not slack.slept:
        await asyncio.sleep(0.001)

    assert await delivery.submit(Letter(slack, "quick", channel="C2")) == "quick"
    assert not slow.done()
    slack.may_go.set()
    assert await slow == "slow"


async def test_a_store_that_fails_stops_no_delivery(
    slack: Slack, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(delivery._store, "reserve", fail)
    monkeypatch.setattr(delivery._store, "hold", fail)
    slack.errors = [refused("ratelimited", 429)]

    assert await delivery.submit(Letter(slack, "a")) == "a"


async def test_drain_waits_for_what_is_queued(slack: Slack, delivery: Delivery) -> None:
    delivery.submit(Letter(slack, "a"))
    delivery.submit(Letter(slack, "b", channel="C2"))
    await delivery.drain(5)

    assert sorted(slack.taken) == ["a", "b"]


def test_an_answer_that_cannot_be_read_is_tried_again() -> None:
    error = Exception()
    error.response = SimpleNamespace(status=502)  # type: ignore[attr-defined]

    assert not refusal_of(error).is_final


@pytest.mark.parametrize(
    ("code", "is_final"),
    [("internal_error", False), ("service_unavailable", False), ("channel_not_found", True)],
)
def test_trouble_of_slacks_own_is_tried_again_whatever_its_status(
    code: str, is_final: bool
) -> None:
    assert refusal_of(refused(code, 200)).is_final == is_final
