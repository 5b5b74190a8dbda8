"""What every text goes through before it is understood."""

from __future__ import annotations

import unicodedata

LONGEST = 600
"""Characters that are read of a message; nobody's question is in what follows."""

_AS_SPACE = {"Cc", "Zs", "Zl", "Zp"}
_HALF_A_CHARACTER = "Cs"
_SPACES = {"\u200b": "", "\u200d": "", "\ufeff": "", "’": "'", "‘": "'", "“": '"', "”": '"'}


def clean(text: str) -> str:
    """Return a text in one Unicode form, without control characters, at most `LONGEST` long.

    The length never grows and characters map one to one as far as positions in ordinary text
    matter: places of entities are given in the cleaned text.
    """
    normal = unicodedata.normalize("NFC", text[: LONGEST * 2])
    kept = "".join(_SPACES.get(c, _kept(c)) for c in normal)
    return kept.strip()[:LONGEST]


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == _HALF_A_CHARACTER:
        return ""
    return " " if category in _AS_SPACE else character
