"""The examples of data/nlu/, in which answers and processes are marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from bot.advice.text import words

ANNOTATION = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<name>[^)]*)\)|(?P<json>\{[^}]*\}))")


def plain(example: str) -> str:
    """Return an example as it was said, without its marks."""
    return ANNOTATION.sub(lambda match: match["text"], example)


@lru_cache(maxsize=20_000)
def stems(example: str) -> tuple[str, ...]:
    """Return the stems of an example's words; several checks compare examples by them."""
    return words(plain(example))


def marked(example: str) -> Iterator[tuple[str, str, str]]:
    """Yield text, entity and value of each mark in a sound example."""
    return ((text, entity, value) for _, text, entity, value in mentions(example))


def mentions(example: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield the same, and before it the place that the text has in the plain example."""
    longer = 0
    for match in ANNOTATION.finditer(example):
        start = match.start() - longer
        longer += len(match.group()) - len(match["text"])
        if match["json"] is None:
            yield start, match["text"], match["name"], match["text"]
        else:
            mark = json.loads(match["json"])
            entity, value = str(mark["entity"]), str(mark.get("value", match["text"]))
            yield start, match["text"], entity, value
