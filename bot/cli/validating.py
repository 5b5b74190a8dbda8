"""`validate`: everything that can be wrong in the content, without training or Rasa."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.advice import loader
from bot.content_checks import conversation_faults
from bot.conversation.topics import documents
from bot.editing.cases import case_faults
from bot.editing.overlap import overlaps
from bot.editing.stray import stray_faults
from bot.errors import ContentError, InvalidContent
from bot.project import PROJECT

FAULT, NOTE = "error", "warning"
_KINDS = {FAULT: "fault", NOTE: "note"}


def faults(project: Path = PROJECT) -> list[ContentError]:
    """Return every fault in the content of a project folder."""
    found: list[ContentError] = []
    try:
        advice = loader.load(project)
    except InvalidContent as error:
        found += error.faults
        advice = None
    criteria = (
        {c.id: {level.id for level in c.levels} for c in advice.criteria.values()} if advice else {}
    )
    found += conversation_faults(project, criteria)
    found += stray_faults(project)
    found += [] if found else case_faults(project)
    return found


def notes(project: Path = PROJECT) -> list[ContentError]:
    """Return what is not wrong in sound content but makes it worse."""
    return list(overlaps(documents(project)))


def raise_faults() -> None:
    """Raise InvalidContent when there is any fault."""
    if found := faults():
        raise InvalidContent(found)


def report(form: str = "text", strict: bool = False) -> int:
    """Print every fault, and notes where there is none; return 1 when the content is refused.

    Args:
        form: `text` for `file:line: what, how to mend it`, `json` for one object each, `github`
            for annotations that GitHub shows on the lines of a pull request.
        strict: Whether notes count as faults.

    """
    found = {FAULT: faults(), NOTE: list[ContentError]()}
    found[NOTE] = [] if found[FAULT] else notes()
    show = {"text": _text, "json": _json, "github": _github}[form]
    for severity, errors in found.items():
        for error in errors:
            print(show(severity, error))
    if form != "json":
        print(_summary(found[FAULT], found[NOTE]), file=sys.stderr)
    return 1 if found[FAULT] or (strict and found[NOTE]) else 0


def _text(severity: str, error: ContentError) -> str:
    note = "note: " if severity == NOTE else ""
    told = f"{error.what}, {error.hint}" if error.hint else error.what
    return f"{error.file}:{error.line}: {note}{told}"


def _json(severity: str, error: ContentError) -> str:
    data = {
        "file": str(error.file),
        "line": error.line,
        "severity": severity,
        "what": error.what,
        "hint": error.hint,
    }
    return json.dumps(data, ensure_ascii=False)


def _github(severity: str, error: ContentError) -> str:
    place = f"file={_escaped(str(error.file), ',:')},line={error.line}"
    return f"::{severity} {place}::{_escaped(f'{error.what}, {error.hint}')}"


def _escaped(text: str, more: Iterable[str] = ()) -> str:
    """Return a text as GitHub wants it in the command of a log line."""
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _summary(found: list[ContentError], noted: list[ContentError]) -> str:
    if not found and not noted:
        return "The content is sound."
    if noted:
        return f"The content is sound; {_counted(NOTE, len(noted))}."
    return f"{_counted(FAULT, len(found))} found."


def _counted(severity: str, count: int) -> str:
    return f"{count} {_KINDS[severity]}{'s' if count > 1 else ''}"
