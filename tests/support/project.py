"""A copy of the project's content that a test may break."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.cli.validating import faults
from bot.errors import ContentError
from bot.project import PROJECT

CONTENT = ("domain.yml", "config.yml", "data")


@dataclass(frozen=True)
class Project:
    """A project folder with content only.

    Args:
        root: Where it is.
    """

    root: Path

    def copy_to(self, folder: Path) -> Project:
        """The same content elsewhere; its files are links, so a copy takes milliseconds."""
        for name in CONTENT:
            source, target = self.root / name, folder / name
            if source.is_dir():
                shutil.copytree(source, target, copy_function=os.link)
            else:
                os.link(source, target)
        return Project(folder)

    def read(self, file: str) -> str:
        """The text of a file."""
        return (self.root / file).read_text(encoding="utf-8")

    def write(self, file: str, content: str | bytes) -> None:
        """Replace a file, or make a new one. What it was linked to stays as it is."""
        path = self.root / file
        path.unlink(missing_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def delete(self, file: str) -> None:
        """Delete a file or a folder."""
        path = self.root / file
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in a file."""
        text = self.read(file)
        assert old in text, f"{file} no longer holds {old!r}: change the test with the content"
        self.write(file, text.replace(old, new, 1))

    def line(self, file: str, text: str) -> int:
        """The number of the first line that holds `text`."""
        for number, line in enumerate(self.read(file).splitlines(), start=1):
            if text in line:
                return number
        raise AssertionError(f"{file} does not hold {text!r}")

    def faults(self) -> list[ContentError]:
        """What the checker finds."""
        return faults(self.root)


def copy_of_content(folder: Path) -> Project:
    """A copy of this project's content, independent of the original."""
    for name in CONTENT:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy2(source, folder / name)
    return Project(folder)


def copy_that_runs(folder: Path) -> Project:
    """A copy with code, tests in YAML and models, in which every command can be run."""
    project = copy_of_content(folder)
    for name in ("bot", "actions", "models"):
        shutil.copytree(PROJECT / name, folder / name)
    shutil.copytree(PROJECT / "widget" / "dist", folder / "widget" / "dist")
    for kind in ("nlu", "advice", "dialogues"):
        (folder / "tests" / kind).mkdir(parents=True)
        for file in (PROJECT / "tests" / kind).glob("*.yml"):
            shutil.copy2(file, folder / "tests" / kind)
    for name in ("endpoints.yml", "credentials.yml", "tests/known_failures.yml"):
        shutil.copy2(PROJECT / name, folder / name)
    return project
