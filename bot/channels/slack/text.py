"""Slack's markup both ways: from what people wrote to plain text, and from plain text to Slack."""

from __future__ import annotations

import re

from bot.channels.inbound import clean

_MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);|.", re.DOTALL)


def plain(text: str, bot_user: str) -> str:
    """Gives what a person wrote as they see it.

    Args:
        text: The text of an event: `&`, `<` and `>` are escaped, mentions and links in `<…>`.
        bot_user: The assistant's own user id, mentions of which are left out.

    Returns:
        Plain text, cleaned; empty when nothing but mentions of the assistant is left.

    """
    shown = _MARKUP.sub(lambda match: _shown(match[1], match[2], bot_user), text)
    # Last, or what somebody typed as "&lt;" would be read once too often.
    return clean(shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _shown(target: str, label: str | None, bot_user: str) -> str:
    kind, rest = target[:1], target[1:]
    if kind == "@":
        return "" if rest == bot_user else f"@{label or 'somebody'}"
    if kind == "#":
        return f"#{label or 'channel'}"
    if kind == "!":
        return label or f"@{rest.partition('^')[0]}"
    return label or target.removeprefix("mailto:")


def mentions(text: str, bot_user: str) -> bool:
    """Tells whether a text of an event mentions the assistant."""
    return any(match[1] == f"@{bot_user}" for match in _MARKUP.finditer(text))


def escape(text: str) -> str:
    """Makes plain text show as it is: nobody is mentioned by it, and nothing linked."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, length: int) -> str:
    """Gives a plain text of at most so many characters, with an ellipsis where some are cut."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def pieces(text: str, length: int) -> list[str]:
    """Cuts an escaped text into pieces of at most so many characters.

    Args:
        text: The text, escaped.
        length: The most characters of a piece; at least 5, the length of an entity.

    Returns:
        The pieces, cut between paragraphs where that goes, else between lines, else words, and
        never within an entity. None is empty.

    """
    found = []
    text = text.strip()
    while len(text) > length:
        end = _cut(text, length)
        found.append(text[:end].strip())
        text = text[end:].strip()
    return [piece for piece in (*found, text) if piece]


def _cut(text: str, length: int) -> int:
    for gap in ("\n\n", "\n", " "):
        end = text.rfind(gap, 1, length + 1)
        # A gap close to the start would leave a piece that is hardly worth it.
        if end > length // 4:
            return end
    end = 0
    for match in _ENTITY.finditer(text):
        if match.end() > length:
            break
        end = match.end()
    return end
