"""Files beside the content that nothing reads, so that what stands in them is silently missed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.errors import ContentError

_READ = (
    "data/nlu/*.yml",
    "data/stories/*.yml",
    "data/advice/processes/*.yml",
    "data/advice/use_cases/*.yml",
    "data/advice/criteria.yml",
    "data/advice/decisions.yml",
    "data/advice/safeguards.yml",
    "data/advice/sources.yml",
    "data/schema/*.json",
    "tests/nlu/*.yml",
    "tests/advice/*.yml",
    "tests/dialogues/*.yml",
)
_FOLDERS = ("data", "tests/nlu", "tests/advice", "tests/dialogues")
_YAML = {".yaml", ".yml"}
_MISTAKEN = {".yaml", ".yml", ".json", ".txt", ".csv"}


def stray_faults(project: Path) -> Iterator[ContentError]:
    """Yield the files in content folders that nothing reads."""
    read = {file for pattern in _READ for file in project.glob(pattern)}
    for folder in _FOLDERS:
        for file in sorted((project / folder).rglob("*")):
            if file in read or not file.is_file() or file.suffix.lower() not in _MISTAKEN:
                continue
            shown = file.relative_to(project)
            if shown.name.startswith("."):
                continue
            yield ContentError(shown.as_posix(), 1, "nothing reads this file", _hint(shown))


def _hint(shown: Path) -> str:
    named = shown.with_suffix(".yml")
    if shown.suffix.lower() in _YAML and any(named.match(pattern) for pattern in _READ):
        return f"rename it to {named.name}" if named.name != shown.name else "move it up a folder"
    folders = [pattern.removesuffix("/*.yml") for pattern in _READ if pattern.endswith("*.yml")]
    folders = [folder for folder in folders if folder.split("/")[0] == shown.parts[0]]
    return f"move it to one of {', '.join(folders)}, or delete it"
