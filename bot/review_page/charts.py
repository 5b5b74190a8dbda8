"""Charts: pictures for the eye, and the same as tables for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.review.figures import Counts, Day, Share

_WIDTH = 420
_HEIGHT = 130
_BASE = 108
_GUTTER = 46
_TALLEST = 84
_MOST_DATES = 16
_MOST_VALUES = 31


def tile(title: str, value: str, text: str) -> str:
    """Gives one figure with what it counts."""
    return (
        f'<div class="tile"><dt>{escape(title)}</dt>'
        f"<dd><b>{escape(value)}</b> <span>{escape(text)}</span></dd></div>"
    )


def share_tile(title: str, share: Share, of: str) -> str:
    """Gives a share as a figure."""
    if share.percent is None:
        return tile(title, "–", f"no {of} yet")
    return tile(title, f"{share.percent} %", f"{share.part} of {share.whole} {of}")


def by_day(title: str, days: Sequence[Day]) -> str:
    """Gives the conversations of each day as bars, with the part that was understood."""
    most = max((day.conversations for day in days), default=0) or 1
    parts = [_bar(number, day, most, len(days)) for number, day in enumerate(days)]
    rows = [(day.date, str(day.conversations), str(day.understood)) for day in days]
    table = _table(("Day", "Conversations", "Understood"), rows)
    return _figure(title, "".join(parts), table, _HEIGHT)


def understood_by_day(title: str, days: Sequence[Day]) -> str:
    """Gives the share understood on each day as a line."""
    step = (_WIDTH - _GUTTER) / max(1, len(days))
    points = [
        (_GUTTER + (number + 0.5) * step, _BASE - _TALLEST * day.understood.percent / 100, day)
        for number, day in enumerate(days)
        if day.understood.percent is not None
    ]
    parts = [_level(_BASE - _TALLEST, "100 %"), _level(_BASE, "0 %")]
    if len(points) > 1:
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in points)
        parts.append(f'<path class="trend" d="M{way}"/>')
    for x, y, day in points:
        parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        if len(days) <= _MOST_DATES:
            parts.append(_label(x, _HEIGHT - 6, day.date[8:]))
            parts.append(_label(x, y + (17 if y < _BASE - 30 else -9), str(day.understood.percent)))
    rows = [(day.date, str(day.understood), str(day.finished)) for day in days]
    table = _table(("Day", "Understood", "Finished"), rows)
    return _figure(title, "".join(parts), table, _HEIGHT)


def _level(y: float, text: str) -> str:
    return (
        f'<line class="grid" x1="{_GUTTER}" x2="{_WIDTH}" y1="{y}" y2="{y}"/>'
        f'<text x="0" y="{y + 4}">{text}</text>'
    )


def ranking(title: str, name: str, counts: Counts) -> str:
    """Gives counts as bars beside their names."""
    if not any(count for _, count in counts):
        caption = f"<figcaption>{escape(title)}</figcaption>"
        return f'<figure>{caption}<p class="quiet">None yet.</p></figure>'
    most = max(count for _, count in counts)
    parts = []
    for number, (label, count) in enumerate(counts):
        y = number * 34
        length = max(3.0, (_WIDTH - 40) * count / most)
        parts.append(
            f'<text x="0" y="{y + 13}">{escape(label[:48])}</text>'
            f'<rect class="track" x="0" y="{y + 18}" width="{_WIDTH - 40}" height="8" rx="4"/>'
            f'<rect class="mark" x="0" y="{y + 18}" width="{length:.1f}" height="8" rx="4"/>'
            f'<text class="end" x="{_WIDTH}" y="{y + 27}">{count}</text>'
        )
    rows = [(label, str(count)) for label, count in counts]
    return _figure(title, "".join(parts), _table((name, "Count"), rows), len(counts) * 34)


def _bar(number: int, day: Day, most: int, bars: int) -> str:
    step = _WIDTH / bars
    middle, thin = (number + 0.5) * step, min(44.0, step * 0.62)
    left, count = middle - thin / 2, day.conversations
    tall = _TALLEST * count / most
    # Where there are many days there is no room for each one's date.
    date = _label(middle, _HEIGHT - 6, day.date[8:]) if bars <= _MOST_DATES else ""
    value = _label(middle, _BASE - tall - 6, str(count)) if count and bars <= _MOST_VALUES else ""
    return (
        f'<rect class="track" x="{left:.1f}" y="{_BASE - 2}" width="{thin:.1f}" height="2"/>'
        f'<rect class="mark" x="{left:.1f}" y="{_BASE - tall:.1f}" width="{thin:.1f}" '
        f'height="{tall:.1f}" rx="3"/>{value}{date}'
    )


def _label(x: float, y: float, text: str) -> str:
    return f'<text class="mid" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _figure(title: str, content: str, table: str, height: float) -> str:
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {height:g}" aria-hidden="true">{content}</svg>'
        f"<details><summary>{escape(title)}: as a table</summary>{table}</details></figure>"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
