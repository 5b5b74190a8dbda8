"""Writes YAML by hand, so that comments and the form of what stands there stay as they are."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BotError
from bot.yaml_source import read

_WIDTH = 100
_FLOW = re.compile(r"[,\[\]{}]")


@dataclass(frozen=True)
class Draft:
    """What is to be written: a new file, or an entry at the end of one.

    Attributes:
        file: The file, relative to the project.
        text: What is written.
        head: What stands above it where the file is new.
        key: The mapping that the entry joins; None where the file must be new.
        entry: The entry's id in it.

    """

    file: Path
    text: str
    head: str = ""
    key: str | None = None
    entry: str = ""


def write(project: Path, draft: Draft) -> int:
    """Write a draft; return the line that it begins in.

    Raises:
        BotError: when there is a file already that would be overwritten, or an entry of that id,
            or when the file's end is not where the entry belongs.

    """
    path = project / draft.file
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(draft.head + draft.text, encoding="utf-8")
        return draft.head.count("\n") + 1
    if draft.key is None:
        raise BotError(f"{draft.file} is there already", "edit it, or choose another name")
    before = read(path, draft.file.as_posix()).data
    if draft.entry in before[draft.key]:
        raise BotError(f"“{draft.entry}” stands in {draft.file} already", "choose another id")
    original = path.read_text(encoding="utf-8")
    base = original.rstrip("\n") + "\n\n"
    path.write_text(base + draft.text, encoding="utf-8")
    if not _only_added(before, _data(path, draft), draft):
        path.write_text(original, encoding="utf-8")
        what = f"the end of {draft.file} is not where “{draft.key}” ends"
        raise BotError(what, f"move `{draft.key}:` to the end of the file")
    return base.count("\n") + 1


def _data(path: Path, draft: Draft) -> Any:
    try:
        return read(path, draft.file.as_posix()).data
    except BotError:
        return None


def _only_added(before: Any, after: Any, draft: Draft) -> bool:
    if not isinstance(after, dict) or set(after) != set(before):
        return False
    entries = dict(after[draft.key])
    return entries.pop(draft.entry, None) is not None and {**after, draft.key: entries} == before


def slug(text: str) -> str:
    """Return an id made of a text: letters, digits and `_`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    kept = re.sub(r"[^a-z0-9]+", "_", plain.replace("'", "")).strip("_")
    return kept if kept[:1].isalpha() else f"t_{kept}".rstrip("_")


def scalar(text: str) -> str:
    """Return a text as a YAML scalar, in quotes only where it needs them."""
    text = " ".join(text.split())
    is_plain = bool(text) and not _FLOW.search(text) and _reads_back(text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _reads_back(text: str) -> bool:
    try:
        read_in_place = yaml.safe_load(f"- key: {text}\n")
    except yaml.YAMLError:
        return False
    return bool(read_in_place == [{"key": text}])


def flow(items: Iterable[str]) -> str:
    """Return a list on one line."""
    return f"[{', '.join(map(scalar, items))}]"


def flow_map(items: Iterable[tuple[str, str]]) -> str:
    """Return a mapping on one line."""
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in items) + "}"


def listed(items: Sequence[str], indent: int) -> str:
    """Return a list, one item a line."""
    return "".join(f"{' ' * indent}- {scalar(item)}\n" for item in items)


def folded(text: str, indent: int) -> str:
    """Return a text folded over several lines, to stand after `key: `."""
    plain = " ".join(text.split())
    # At other widths than ours a line would begin with a space only where the text has two.
    lines = textwrap.wrap(plain, _WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    return ">-\n" + "".join(f"{' ' * indent}{line}\n" for line in lines)


def example_lines(items: Sequence[str], indent: int) -> str:
    """Return examples as they stand in an `examples: |` block."""
    return "".join(f"{' ' * indent}- {' '.join(item.split())}\n" for item in items)
