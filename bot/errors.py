"""What can go wrong, in words for the person who can mend it."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from pathlib import Path

_FRAMES = 5


class BotError(Exception):
    """The root of our errors: what is wrong, and how to mend it.

    Args:
        what: What is wrong.
        hint: How to mend it; may be empty.

    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}, {self.hint}" if self.hint else self.what


class SettingsError(BotError):
    """The environment holds settings that cannot be used; `what` names all of them."""

    def __str__(self) -> str:
        return f"{self.what}\n{self.hint}" if self.hint else self.what


class ContentError(BotError):
    """A content file holds something that cannot be used.

    Args:
        file: The file at fault.
        line: The line in it, counted from 1.
        what: What is wrong.
        hint: How to mend it; may be empty.

    """

    def __init__(self, file: Path | str, line: int, what: str, hint: str = "") -> None:
        super().__init__(what, hint)
        self.file = file
        self.line = line

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {super().__str__()}"


class ModelError(BotError):
    """There is no trained model, or it cannot be loaded."""


class InvalidContent(BotError):
    """Content with faults; `faults` has each of them."""

    def __init__(self, faults: Iterable[ContentError]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)), "mend the lines named above")


def without_words(error: BaseException) -> str:
    """Tells what failed and where, for the log.

    Args:
        error: What was raised.

    Returns:
        The kind and the last frames of the error and of what caused it, but not their own words,
        which may hold what a person said.

    """
    parts = []
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.format_tb(cause.__traceback__)[-_FRAMES:]
        parts.append(f"{type(cause).__name__}:\n{''.join(frames)}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "because of ".join(parts)
