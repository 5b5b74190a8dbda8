"""A recommendation as blocks, from the data that travels with the reply. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.channels.slack.text import escape, pieces

Block = dict[str, Any]
Data = dict[str, Any]

_BAR = 10
_FIELDS = 10
_LONGEST_FIELD = 2_000
_LONGEST_HEADER = 150
_LONGEST_SECTION = 3_000
_SAFEGUARDS = 3
_SURE = {"high": "sure", "medium": "fairly sure", "low": "a first guess"}


def recommendation_blocks(data: Data) -> list[Block]:
    """Gives the blocks of a recommendation, without its choices.

    Args:
        data: What is in `custom.recommendation`; a part that is missing is not shown.

    """
    return [
        *_paragraphs(_text(data, "changed")),
        _header(f"{_capital(_text(data, 'process_name'))}: {_text(data, 'outcome_title')}"),
        *_paragraphs(f"{_text(data, 'summary')} {_text(data, 'why')}"),
        *_spectrum(data),
        *_grounds(_items(data, "reasons")),
        *_safeguards([_text(item, "text") for item in _items(data, "safeguards")]),
        *_listed("Similar cases", (_text(item, "title") for item in _items(data, "use_cases"))),
        *_flip(data.get("flip")),
    ]


def _header(text: str) -> Block:
    shown = text[:_LONGEST_HEADER].strip() or "…"
    return {"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}


def _spectrum(data: Data) -> Iterator[Block]:
    position = data.get("position")
    if not isinstance(position, int) or not 0 <= position <= 100:
        return
    at = min(_BAR - 1, position * _BAR // 100)
    bar = "".join("●" if place == at else "─" for place in range(_BAR))
    sure = _SURE.get(_text(data, "confidence"), "")
    yield from _sections(f"`BPO {bar} KPO`  {position} of 100{f', {sure}' if sure else ''}")


def _grounds(reasons: list[Data]) -> Iterator[Block]:
    for start in range(0, len(reasons), _FIELDS):
        block: Block = {"type": "section"}
        if start == 0:
            block["text"] = {"type": "mrkdwn", "text": "*What it rests on*"}
        yield {**block, "fields": [_field(r) for r in reasons[start : start + _FIELDS]]}


def _field(reason: Data) -> Block:
    name = _text(reason, "name") or _text(reason, "criterion")
    answer = _text(reason, "title") or _text(reason, "level")
    weight, maximum = reason.get("weight"), reason.get("maximum")
    points = f" (+{weight} of {maximum})" if weight and maximum else ""
    assumed = "\n_assumed, as you did not say_" if reason.get("assumed") else ""
    text = f"*{escape(name)}*\n{escape(answer)}{escape(points)}{assumed}"
    return {"type": "mrkdwn", "text": pieces(text, _LONGEST_FIELD)[0]}


def _safeguards(texts: list[str]) -> list[Block]:
    more = len(texts) - _SAFEGUARDS
    title = f"Safeguards ({more} more in the checklist)" if more > 0 else "Safeguards"
    return _listed(title, texts[:_SAFEGUARDS])


def _listed(title: str, items: Iterable[str]) -> list[Block]:
    lines = [f"• {escape(item)}" for item in items if item]
    return _sections("\n".join([f"*{title}*", *lines])) if lines else []


def _flip(flip: Any) -> list[Block]:
    text = _text(flip, "text") if isinstance(flip, dict) else ""
    return _paragraphs(text or "No other answer to one or two questions changes this.")


def _paragraphs(text: str) -> list[Block]:
    return _sections(escape(text.strip()))


def _sections(text: str) -> list[Block]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": piece}}
        for piece in pieces(text, _LONGEST_SECTION)
    ]


def _text(data: Data, key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _items(data: Data, key: str) -> list[Data]:
    value = data.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
