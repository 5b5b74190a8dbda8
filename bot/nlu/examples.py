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
    for match in ANNOTATION.finditer(example):
        if match["json"] is None:
            yield match["text"], match["name"], match["text"]
        else:
            mark = json.loads(match["json"])
            yield match["text"], str(mark["entity"]), str(mark.get("value", match["text"]))
