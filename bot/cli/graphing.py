"""`graph`: draws the conversation and the decision from the content."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BotError
from bot.graph.files import files
from bot.project import PROJECT


def draw(folder: Path) -> int:
    """Write the pictures and the page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files(PROJECT).items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)
    return 0


def check(folder: Path) -> int:
    """Raise BotError where what stands in a folder is not what the content gives."""
    stale = [
        name
        for name, text in files(PROJECT).items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]
    if stale:
        what = f"{', '.join(stale)} in {folder} no longer shows the content"
        raise BotError(what, "run `python -m bot graph`")
    return 0
