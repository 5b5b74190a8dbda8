"""How texts are compared: words in lower case, without accents, with plurals cut off."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[&+/'’][^\W_]+)*", re.UNICODE)
_KEPT_ENDINGS = ("ss", "us", "is")


@dataclass(frozen=True)
class Token:
    """A word of a text: its place, as written in lower case, and its stem."""

    start: int
    end: int
    text: str
    stem: str


def tokens(text: str) -> tuple[Token, ...]:
    """Return the words of a text with their places in it."""
    return tuple(
        Token(m.start(), m.end(), m.group().lower(), stem(m.group())) for m in _WORD.finditer(text)
    )


def words(text: str) -> tuple[str, ...]:
    """Return the stems of a text's words; texts with the same stems count as the same."""
    return tuple(token.stem for token in tokens(text))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return a word in lower case without accents, apostrophe and plural ending."""
    plain = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.removesuffix("'s").replace("'", "")
    if len(plain) > 4 and plain.endswith("ies"):
        return plain[:-3] + "y"
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(_KEPT_ENDINGS):
        return plain[:-1]
    return plain
