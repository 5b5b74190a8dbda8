"""The examples of data/nlu/, in which answers and processes are marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

ANNOTATION = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<name>[^)]*)\)|(?P<json>\{[^}]*\}))")


def plain(example: str) -> str:
    """Return an example as it was said, without its marks."""
    return ANNOTATION.sub(lambda match: match["text"], example)


def marked(example: str) -> Iterator[tuple[str, str, str]]:
    """Yield text, entity and value of each mark in a sound example."""
    for match in ANNOTATION.finditer(example):
        if match["json"] is None:
            yield match["text"], match["name"], match["text"]
        else:
            mark = json.loads(match["json"])
            yield match["text"], str(mark["entity"]), str(mark.get("value", match["text"]))
