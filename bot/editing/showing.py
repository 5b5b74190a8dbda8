"""Differences as a table: in the terminal, and in Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from bot.editing.differences import Difference, Differences, Score

_KINDS = {
    "sentences": "sentences understood",
    "cases": "advice as tested",
    "processes": "processes in their class",
    "dialogues": "dialogues as written",
}
_ONE = {
    "sentences": "sentence",
    "cases": "advice",
    "processes": "process",
    "answers": "reply",
    "dialogues": "dialogue",
}
_MOST = 100
"""Rows that are shown; a change of everything needs no list of it."""


def as_text(found: Differences) -> str:
    """Return the differences for a terminal."""
    lines = [f"{_score(score)}" for score in found.scores]
    lines += _moved(found)
    lines += [""] if found.rows else ["Nothing is answered differently."]
    for row in found.rows[:_MOST]:
        lines.append(f"{row.verdict:6} {_ONE[row.kind]:8} {row.what}")
        lines += [f"{'':16}- {row.before}"] if row.before else []
        lines += [f"{'':16}+ {row.now}"] if row.now else []
    lines += [f"… and {len(found.rows) - _MOST} more"] if len(found.rows) > _MOST else []
    return "\n".join(lines)


def as_markdown(found: Differences) -> str:
    """Return the differences for the comment of a pull request."""
    return "\n".join(_markdown(found)) + "\n"


def _markdown(found: Differences) -> Iterator[str]:
    yield "### What this change does to the answers"
    yield ""
    yield "| Tests | Before | Now |"
    yield "|---|---|---|"
    for score in found.scores:
        yield (
            f"| {_KINDS[score.kind]} | {score.before} of {score.of_before} "
            f"| {score.now} of {score.of_now} |"
        )
    for line in _moved(found):
        yield from ("", line)
    yield ""
    if not found.rows:
        yield "Nothing is answered differently."
        return
    yield "| | What | Before | Now |"
    yield "|---|---|---|---|"
    yield from (_row(row) for row in found.rows[:_MOST])
    if len(found.rows) > _MOST:
        yield from ("", f"… and {len(found.rows) - _MOST} more.")


def _row(row: Difference) -> str:
    cells = (row.verdict, f"{_ONE[row.kind]} “{row.what}”", row.before, row.now)
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    """Return a text that can break no table and begin no markup of its own."""
    for character, instead in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("`", "\\`")):
        text = text.replace(character, instead)
    return " ".join(text.replace("@", "@\u200b").split())


def _score(score: Score) -> str:
    passed = f"{score.now} of {score.of_now}"
    before = f"{score.before} of {score.of_before}"
    return f"{_KINDS[score.kind]}: {passed}" + ("" if passed == before else f" (before: {before})")


def _moved(found: Differences) -> list[str]:
    lines = []
    if found.moved:
        ways = sorted(found.moved.items(), key=lambda way: -way[1])
        counts = ", ".join(f"{way} {count}" for way, count in ways)
        total = sum(found.moved.values())
        lines.append(
            f"{total} of {found.combinations} combinations of answers lead elsewhere: {counts}"
        )
    if found.shifted:
        lines.append(f"{found.shifted} processes move on the scale and keep their outcome")
    return lines
