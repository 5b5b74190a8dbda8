"""Labelled questions from a file of JSON lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.nlu.labels import LABELS
from bot.errors import BotError, ContentError


@dataclass(frozen=True)
class Question:
    """A question, and the labels under which an answer to it is fair."""

    text: str
    labels: tuple[str, ...]


def read(file: Path) -> tuple[Question, ...]:
    """Return a file's questions. Raises BotError when it cannot be read."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{file} cannot be read: {error}") from error
    found = [_question(file, i, line) for i, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise BotError(f"{file} holds no questions")
    return tuple(found)


def _question(file: Path, number: int, line: str) -> Question:
    try:
        data = json.loads(line)
        text, label, alt = data["text"], data["label"], data.get("alt")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = 'write {"text": …, "label": …}, with "alt" for a second fair label'
        raise ContentError(file, number, "this is no labelled question", hint) from error
    labels = (label, alt) if alt else (label,)
    if unknown := [name for name in labels if name not in LABELS]:
        raise ContentError(file, number, f"there is no label {unknown[0]!r}", "see labels.py")
    return Question(text, labels)
