"""No regular expression of ours takes long over any text that a person may send."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
import time
from collections.abc import Iterator
from types import ModuleType

import pytest

import actions
import bot
from bot.channels.web.http import LONGEST_TEXT
from bot.nlu.text import clean

ALPHABET = ' a1.-@:/"[(|<,\n_=é'
WORDS = (
    "our ",
    "the ",
    "outsource ",
    "hand ",
    "move over ",
    "to ",
    "www.",
    "http://",
    "a@a.",
    "**a",
)
MOST_SECONDS = 0.05
# They read what the authors of the content write.
OF_AUTHORS = (
    "bot.editing",
    "bot.content_checks",
    "bot.links",
    "bot.yaml_source",
    "bot.nlu.examples",
)
_LONGEST_THING = 82


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Gives all modules of a package but those that run when they are imported."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__") and not found.name.startswith(OF_AUTHORS):
            yield importlib.import_module(found.name)


def fitting(name: str, text: str) -> str:
    """Gives as much of a text as gets to a pattern, in the way in which it gets there."""
    if name.startswith("bot.advice.surroundings._END_OF_THING"):
        return text[:_LONGEST_THING]
    if name.startswith(("bot.advice.", "bot.nlu.")):
        return clean(text)
    return text


def patterns() -> dict[str, re.Pattern[str]]:
    """Gives every pattern that a module of ours keeps, under the place where it stands."""
    found = {}
    for module in (*modules(bot), *modules(actions)):
        for name, value in vars(module).items():
            for number, one in enumerate(value if isinstance(value, tuple) else (value,)):
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    found[f"{module.__name__}.{name}.{number}"] = one
    return found


PATTERNS = patterns()
TEXTS = [
    (start + unit * LONGEST_TEXT)[: LONGEST_TEXT - 1] + end
    for unit in (*ALPHABET, *map("".join, itertools.permutations(ALPHABET, 2)), *WORDS)
    for start, end in (("x", "!"), ("outsource ", "\n"))
]


def test_there_are_patterns_to_try() -> None:
    assert len(PATTERNS) > 15


@pytest.mark.parametrize("name", PATTERNS)
def test_it_takes_long_over_no_text(name: str) -> None:
    pattern = PATTERNS[name]
    for text in TEXTS:
        given = fitting(name, text)
        begun = time.thread_time()
        for _ in pattern.finditer(given):
            pass
        spent = time.thread_time() - begun
        assert spent < MOST_SECONDS, f"{spent:.2f} s over {text[:20]!r}…"
