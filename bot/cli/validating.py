"""`validate`: everything that can be wrong in the content, without training or Rasa."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.advice import loader
from bot.content_checks import conversation_faults
from bot.errors import ContentError, InvalidContent
from bot.project import PROJECT


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
    return found


def raise_faults() -> None:
    """Raise InvalidContent when there is any fault."""
    if found := faults():
        raise InvalidContent(found)


def report() -> int:
    """Print each fault as `file:line: what, how to mend it`; return 1 when there is one."""
    found = faults()
    for fault in found:
        print(fault)
    print(_summary(len(found)), file=sys.stderr)
    return 1 if found else 0


def report_as_json() -> int:
    """Print one JSON object a fault; return 1 when there is one."""
    found = faults()
    for fault in found:
        data = {
            "file": str(fault.file),
            "line": fault.line,
            "what": fault.what,
            "hint": fault.hint,
        }
        print(json.dumps(data, ensure_ascii=False))
    return 1 if found else 0


def _summary(count: int) -> str:
    if not count:
        return "The content is sound."
    return f"{count} fault{'s' if count > 1 else ''} found."
