"""Takes personal data out of what people said, before anyone sees it.

Rather too much than too little: a number that may be a telephone's is masked even where it may
be something else. What stays readable: words, amounts, years and dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from bot.review.names import mask_names

EMAIL = "⟨email⟩"
PHONE = "⟨phone⟩"
CARD = "⟨card⟩"
ACCOUNT = "⟨account⟩"

_MOST_ROUNDS = 5
_FEWEST_DIGITS = 7
_FEWEST_NAMED_DIGITS = 3
_LONGEST_PHONE = 12
_CARD_DIGITS = range(13, 20)
_GROUP = 4
_IBAN_CHARACTERS = range(15, 35)

_DASHES = "\\-\u00ad\u2010-\u2015\u2212"
_AT = r"(?:@|\s*[\[({<]\s*(?:at|@)\s*[\])}>]\s*)"
_DOT = r"(?:\.|\s*[\[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+dot\s+)"
_EMAILS = (
    # Written out: name at example dot com.
    re.compile(
        rf"(?<!\S)(?:\S+\s+dot\s+)*\S+(?:\s+at\s+|{_AT})[\w{_DASHES}]+(?:{_DOT}[\w{_DASHES}]+)*{_DOT}\w{{2,}}",
        re.I,
    ),
    re.compile(r"\"[^\"\n]*\"@\S+|(?<![^\s<>,;])[^\s<>,;]+\s?@\s?[^\s<>,;]+"),
)
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[\s._:/-]{0,2}[A-Za-z0-9]){11,60}")
_NUMBER = re.compile(
    rf"[+(]{{0,2}}\d(?:[\s./(),:+_\u00b7\u2022{_DASHES}\u200b\u2060]{{0,3}}\d){{6,}}"
)
_KEYWORD = (
    r"account|acct|a/c|iban|card|customer|client|policy|passport|employee|member|personnel|"
    r"social security|ssn|sort code|routing|tax|insurance|kontonummer|konto|phone|mobile|tel|pin|"
    r"cvv|cvc"
)
# Shorter numbers are personal only where it is said what they are.
_NAMED_NUMBER = re.compile(
    rf"\b(?P<what>(?:{_KEYWORD})\b(?:[\s.]*(?:code|number|numbers|nummer|num|nr|no|id|#))*"
    rf"(?:\s+(?:is|was))?[\s.:#=]*)(?P<number>[A-Za-z]{{0,3}}\d[\dA-Za-z{_DASHES}/.]+[\dA-Za-z](?:\s\d{{2,}})*)",
    re.I,
)
_QUANTITY = (
    r"(?!0\d)(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|"
    r"\d{1,4}(?:[.\s]000)+|\d{1,4}0{3,5}|(?:19|20)\d\d|\d{1,3})"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = (
    r"(?:(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)\d\d)"
)
# Amounts, years, spans of them, dates, and acts such as 2016/679.
_HARMLESS = re.compile(
    rf"(?:{_QUANTITY}(?:\s?[{_DASHES}]\s?{_QUANTITY})?|{_DATE}(?:\s?[{_DASHES}]\s?{_DATE})?"
    r"|(?:19|20)\d\d/\d{2,4})"
)
_MOST_HARMLESS_DIGITS = 16


def mask(text: str) -> str:
    """Gives a text with what tells who somebody is taken out.

    Args:
        text: What was said, by a person or by the assistant that repeats it.

    Returns:
        The text with mail addresses, telephone, card and account numbers, and the names after
        "my name is", "I am", "this is" and the like replaced by ⟨email⟩, ⟨phone⟩ and so on.
        Masking it again changes nothing.

    """
    masked = _mask(_digits_as_ascii(text))
    # What a mark has taken the place of may have kept two parts of something else apart.
    for _ in range(_MOST_ROUNDS):
        before, masked = masked, _mask(masked)
        if masked == before:
            break
    return masked


def _mask(text: str) -> str:
    for pattern in _EMAILS:
        text = pattern.sub(EMAIL, text)
    text = _replace(_IBAN, text, _iban)
    text = _replace(_NUMBER, text, _number)
    text = _NAMED_NUMBER.sub(_named_number, text)
    return mask_names(text)


def is_card(digits: str) -> bool:
    """Tells whether digits can be a card's number: 13 to 19 of them, with Luhn's check digit."""
    if len(digits) not in _CARD_DIGITS:
        return False
    doubled = (int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_iban(compact: str) -> bool:
    """Tells whether letters and digits without spaces are an IBAN, by its check digits."""
    if len(compact) not in _IBAN_CHARACTERS or not compact[2:4].isdigit():
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def _digits_as_ascii(text: str) -> str:
    """Writes digits of other scripts as ours, so that one set of rules finds them."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def _replace(pattern: re.Pattern[str], text: str, judge: Callable[[str], tuple[int, str]]) -> str:
    """Replaces what `judge` says of each match: how many characters of it, and by what."""
    parts, position = [], 0
    while match := pattern.search(text, position):
        length, mark = judge(match.group())
        end = match.start() + length
        parts += [text[position : match.start()], mark or text[match.start() : end]]
        position = end
    return "".join(parts) + text[position:]


def _iban(found: str) -> tuple[int, str]:
    for end in _ends_of_words(found):
        if is_iban(re.sub(r"[^A-Za-z0-9]", "", found[:end]).upper()):
            return end, ACCOUNT
    return _mistyped_iban(found)


def _ends_of_words(text: str) -> Iterator[int]:
    """Yields where an account may end, the last first: before a word of the sentence."""
    ends = []
    for match in re.finditer(r"[A-Za-z0-9]+", text):
        word = match.group()
        if not any(map(str.isdigit, word)) and not (word.isupper() and len(word) <= _GROUP):
            break
        ends.append(match.end())
    yield from reversed(ends)


def _mistyped_iban(found: str) -> tuple[int, str]:
    """Takes as much as still looks like an account: up to the last word that has a digit."""
    numbers = [m.end() for m in re.finditer(r"[A-Za-z0-9]*\d[A-Za-z0-9]*", found)]
    end = numbers[-1]
    is_long = sum(c.isalnum() for c in found[:end]) in _IBAN_CHARACTERS
    return (end, ACCOUNT) if is_long and sum(map(str.isdigit, found[:end])) > 6 else (2, "")


def _named_number(match: re.Match[str]) -> str:
    digits = sum(map(str.isdigit, match["number"]))
    if digits < _FEWEST_NAMED_DIGITS or _YEAR.fullmatch(match["number"]):
        return match.group()
    return f"{match['what']}{ACCOUNT}"


def _number(found: str) -> tuple[int, str]:
    digits = re.sub(r"\D", "", found)
    if is_card(digits):
        return len(found), CARD
    if len(digits) <= _MOST_HARMLESS_DIGITS and _HARMLESS.fullmatch(found):
        return len(found), ""
    is_phone = len(digits) <= _LONGEST_PHONE or found.startswith(("+", "00", "(+"))
    return len(found), PHONE if is_phone and len(digits) >= _FEWEST_DIGITS else ACCOUNT
