"""Finds people's names by what stands before them, since no list has all names."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.conversation.topics import topics
from bot.review import word_lists

NAME = "⟨name⟩"

_MOST_WORDS = 4
# After these comes a name, in whatever case.
_SURELY = re.compile(
    r"\b(?:name\s+is|name['’]s|names\s+is|me\s+llamo|mi\s+nombre\s+es|ich\s+hei(?:ß|ss)e|"
    r"mein\s+name\s+ist|je\s+m['’]appelle|meu\s+nome\s+[ée]|mi\s+chiamo)\b[\s:,]*|\bname\s*[:=]\s*",
    re.I,
)
# After these may come a name, or anything else.
_PERHAPS = re.compile(
    r"\b(?:i\s*am|i\s*['’]\s*m|im|this\s+is|this['’]s|here\s+is|it\s+is|it['’]s|ich\s+bin|soy|je\s+suis|"
    r"call\s+me|speaking\s+(?:to|with)|regards|cheers|sincerely|thanks|thank\s+you)\b[\s:,]*|"
    r"\b(?:mr|mrs|ms|miss|dr|prof|herr|frau)\b\.?\s+",
    re.I,
)
_LOWER_TOO = re.compile(
    r"(?:call\s+me|i\s*am|i\s*['’]\s*m|im|this\s+is|this['’]s|ich\s+bin|soy)\b", re.I
)
# An initial has a full stop; after any other word one ends the sentence.
_WORD = re.compile(r"[^\W\d_](?:\.(?!\w)|(?:[^\W\d_]|['’.\u2010-\u2015-](?=[^\W\d_]))*)")
_PARTICLES = frozenset(
    "de del da di du der den van von zu la le bin ibn al el ter ten y o' st".split()
)
# Of words that are no names, however rare.
_ENDINGS = tuple("ing tional ically ially ently antly ously fully ably ibly edly".split())
_OURS = ("sourcing advisor",)


def mask_names(text: str) -> str:
    """Gives a text with the names after "my name is", "I am", "this is" and the like masked.

    After "my name is" whatever comes is a name. After "I am" and "this is" a word is one when it
    is capitalised, or when it is in none of our content: "I am not sure" stays.
    """
    parts, position = [], 0
    while found := _next_trigger(text, position):
        start, is_sure, takes_lower = found
        end = _end_of_name(text, start, is_sure, takes_lower)
        parts.append(text[position:start])
        if end > start:
            parts.append(NAME)
        position = max(start, end)
    return "".join(parts) + text[position:]


def _next_trigger(text: str, position: int) -> tuple[int, bool, bool] | None:
    """Gives where a name may begin, whether it surely does, and whether case tells nothing."""
    sure, perhaps = _SURELY.search(text, position), _PERHAPS.search(text, position)
    if sure and (not perhaps or sure.start() <= perhaps.start()):
        return sure.end(), True, True
    if perhaps:
        return perhaps.end(), False, bool(_LOWER_TOO.match(perhaps.group()))
    return None


def _end_of_name(text: str, start: int, is_sure: bool, takes_lower: bool) -> int:
    if text[start:].lower().startswith(_OURS):
        return start
    end = position = start
    for count in range(_MOST_WORDS):
        match = _WORD.match(text, position)
        if match is None or not _is_name(match.group(), is_sure, takes_lower, count):
            break
        if match.group().lower() not in _PARTICLES or is_sure:
            end = match.end()
        gap = re.compile(r"[ \t]+").match(text, match.end())
        if gap is None:
            break
        position = gap.end()
    return end


def _is_name(word: str, is_sure: bool, takes_lower: bool, count: int) -> bool:
    lower = word.lower().replace("’", "'").rstrip(".")
    if lower in _PARTICLES:
        return True
    if count == 0 and (is_sure or (takes_lower and lower in word_lists.ALSO_NAMES)):
        return lower not in word_lists.NOT_FIRST
    if lower in word_lists.STOPS or lower in word_lists.SHORT_FORMS:
        return False
    if is_sure or word[0].isupper():
        return is_sure or lower not in word_lists.PLAIN | word_lists.ROLES
    # A script without case tells nothing.
    return word[0].islower() and takes_lower and not _is_known(lower)


def _is_known(word: str) -> bool:
    if word in word_lists.PLAIN or word in word_lists.ROLES or word in _content_words():
        return True
    return len(word) > 6 and word.endswith(_ENDINGS)


@lru_cache(maxsize=1)
def _content_words() -> frozenset[str]:
    """Gives the words of all examples that are not capitalised."""
    words: set[str] = set()
    for topic in topics().values():
        for example in topic.examples:
            words.update(w.lower() for w in _WORD.findall(example) if not w[0].isupper())
    return frozenset(words)
