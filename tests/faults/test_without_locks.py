"""Without Redis two replicas do not wait for each other, and the database alone keeps order."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import pytest

from tests.support.cluster import Cluster
from tests.support.server import Visitor, lines, text
from tests.support.until import until

_ROUNDS = 6


@pytest.fixture
def replicas(cluster: Cluster) -> Iterator[list[Visitor]]:
    """The same visitor at each of the replicas, while there is no Redis."""
    cluster.redis.stop()
    first = Visitor(cluster.replicas[0].url)
    yield [first, *(Visitor(r.url, first.token) for r in cluster.replicas[1:])]
    cluster.redis.start()


def answered(visitor: Visitor, message_id: str, said: str) -> list[dict[str, Any]]:
    """Sends a message until it is answered."""

    def send() -> list[dict[str, Any]] | None:
        answer = lines(visitor.post(id=message_id, text=said))
        return None if "error" in answer[-1] else answer

    return until(send)


def test_a_message_that_comes_to_both_at_once_is_taken_once(replicas: list[Visitor]) -> None:
    sent = [str(uuid.uuid4()) for _ in range(_ROUNDS)]
    with ThreadPoolExecutor(len(replicas)) as at_once:
        for message_id in sent:
            answers = list(
                at_once.map(answered, replicas, repeat(message_id), repeat("what is KPO?"))
            )
            assert len({text(answer) for answer in answers}) == 1

    kept = [m["id"] for m in replicas[0].history() if m["from"] == "user"]
    assert kept == sent


def test_two_messages_at_once_are_both_answered_and_do_not_mix(replicas: list[Visitor]) -> None:
    questions = {"what is KPO?": "Knowledge process", "what is BPO?": "Business process"}
    with ThreadPoolExecutor(len(replicas)) as at_once:
        for _ in range(_ROUNDS):
            ids = (str(uuid.uuid4()) for _ in questions)
            answers = at_once.map(answered, replicas, ids, questions)
            for answer, words in zip(answers, questions.values(), strict=True):
                assert words in text(answer)

    history = replicas[0].history()
    assert Counter(m["text"] for m in history if m["from"] == "user") == dict.fromkeys(
        questions, _ROUNDS
    )
    for asked, reply in zip(history[::2], history[1::2], strict=True):
        assert (asked["from"], reply["from"]) == ("user", "bot")
        assert questions[asked["text"]] in reply["text"]
