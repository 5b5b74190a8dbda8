"""No text takes long to understand: it is done in the event loop, where all others wait."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

from bot.advice.finder import ProcessFinder
from bot.advice.loader import advice
from bot.channels.web.http import LONGEST_TEXT
from bot.editing.learning import understanding_of
from bot.nlu.text import clean
from bot.nlu.understanding import Understanding
from bot.project import PROJECT

MOST_SECONDS = 0.05
FINDER = ProcessFinder(advice().processes.values())
UNITS = [
    *("a ", "a.", "our ", "the ", "outsource ", "hand ", "move our ", "to ", " ", "\n"),
    *(
        "what about ",
        "payrol ",
        "legal researc ",
        "-",
        "a&b/c+",
        "e" + "\u0301" * 20,
        "👍🏽",
        "中 ",
    ),
]


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    """What is learned of the content as it is."""
    return understanding_of(PROJECT, advice())


def seconds(understanding: Understanding, text: str, times: int = 1) -> float:
    """Gives the processor's time that a text takes, at best."""
    spent = []
    for _ in range(times):
        begun = time.thread_time()
        understanding.understand(text, FINDER)
        spent.append(time.thread_time() - begun)
    return min(spent)


def test_texts_of_two_parts_over_and_over(understanding: Understanding) -> None:
    understanding.understand("hello", FINDER)
    mixed = [(one + other) * 700 for one, other in itertools.combinations(UNITS, 2)]
    one_after_the_other = [
        one * (300 // len(one)) + other * 300 + "x"
        for one, other in itertools.product(UNITS, UNITS)
    ]
    texts = [text[:LONGEST_TEXT] for text in (*mixed, *one_after_the_other)]
    # What is slow once may have been interrupted.
    slow = [text for text in texts if seconds(understanding, text) > MOST_SECONDS]
    worst = max((seconds(understanding, text, 5) for text in slow), default=0.0)

    assert worst < MOST_SECONDS


@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.target],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.sampled_from(UNITS) | st.text(max_size=6), min_size=1, max_size=8))
def test_texts_that_a_search_for_slow_ones_finds(
    understanding: Understanding, parts: list[str]
) -> None:
    text = ("".join(parts) * LONGEST_TEXT)[:LONGEST_TEXT]
    spent = seconds(understanding, text)
    target(spent)

    assert spent < MOST_SECONDS or seconds(understanding, text, 5) < MOST_SECONDS


@pytest.mark.parametrize(
    "text", ["e" + "\u0301" * 1_999, "\ufdfa" * 2_000, "\ud83d" * 2_000, "\x00" * 2_000]
)
def test_what_is_read_of_a_text_does_not_grow(text: str) -> None:
    assert len(clean(text)) <= len(text)
