"""Links in content that cannot work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.errors import ContentError
from bot.yaml_source import Document, Place

_LINK = re.compile(r"(?i)\b(?:h?t{1,3}ps?(?::|//)|ftp://|www\.)[^\s<>\"“”]+|\]\([^)]*\)?")
_HOST = re.compile(r"(?i)[a-z0-9-]+(\.[a-z0-9-]+)+")
_SHOWN = 60
_TRAILING = ".,;:!?)»"


def link_faults(document: Document) -> Iterator[ContentError]:
    """Yield the malformed links in all texts of a file."""
    for place, text in _texts(document.data, ()):
        for found in _LINK.finditer(text):
            link = found.group().strip("](").rstrip(_TRAILING)
            if not _is_link(link):
                what = f"the link “{link[:_SHOWN]}” is malformed"
                yield document.fault(place, what, "write it as https://host/path")


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.hostname or ""))


def _texts(data: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key != "examples":  # what people type may be anything
                yield from _texts(value, (*place, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts(value, (*place, index))
