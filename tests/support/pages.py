"""Pages whose examples can be carried out: their fenced blocks, in order.

- ```` ```yaml data/nlu/x.yml ```` is that whole file; where a command made it, it must be the same.
- ```` ```diff data/nlu/x.yml ```` replaces the lines with “-” by those with “+”; “ ” lines stay.
  With “wrong” after the file it is taken back once the next commands have run.
- ```` ```console ```` has commands after “$ ” and what they print; “…” stands for anything.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import Project

_BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_WRONG = "wrong"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what stands after that, its text and its line."""

    language: str
    info: str
    text: str
    line: int

    @property
    def file(self) -> str:
        """The file that it is about; empty where it is about none."""
        return self.info.split()[0] if self.info else ""

    @property
    def is_wrong(self) -> bool:
        """Whether it shows how not to do it."""
        return self.info.endswith(f" {_WRONG}")


def blocks(page: Path) -> Iterator[Block]:
    """Gives the blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        yield Block(match[1], match[2], match[3], text[: match.start()].count("\n") + 1)


def carry_out(page: Path, project: Project, *, commands: bool) -> None:
    """Does what a page says, in a copy of the project.

    Args:
        page: The page.
        project: The copy.
        commands: Whether commands are run and what they print is compared; else only the files
            that are written by hand are, and what is wrong is left out.
    """
    undo: dict[str, str] = {}
    for block in blocks(page):
        where = f"{page.name}:{block.line}"
        if block.language == "console":
            if commands:
                _run(block, project, where)
            for file, text in undo.items():
                project.write(file, text)
            undo = {}
        elif block.file and (commands or not block.is_wrong):
            if block.is_wrong:
                undo[block.file] = project.read(block.file)
            _write(block, project, where, is_made=commands)


def _write(block: Block, project: Project, where: str, *, is_made: bool) -> None:
    if block.language == "diff":
        _replace(block, project, where)
        return
    path = project.root / block.file
    if path.exists() and is_made:
        found = path.read_text(encoding="utf-8")
        assert block.text in found, f"{where}: {block.file} ends with\n{found[-1000:]}"
    elif path.exists():
        project.write(block.file, f"{project.read(block.file)}\n{block.text}")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        project.write(block.file, block.text)


def _replace(block: Block, project: Project, where: str) -> None:
    lines = block.text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in "- ")
    after = "".join(line[1:] for line in lines if line[0] in "+ ")
    found = project.read(block.file)
    assert found.count(before) == 1, f"{where}: {block.file} has these lines {found.count(before)}×"
    project.write(block.file, found.replace(before, after))


def _run(block: Block, project: Project, where: str) -> None:
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, expected = re.sub(r"\\\n\s*", " ", part).partition("\n")
        assert command.startswith("python -m bot "), f"{where}: {command}"
        run = subprocess.run(
            [sys.executable, *shlex.split(command)[1:]],
            cwd=project.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},  # in the order of a terminal
            encoding="utf-8",
            check=False,
        )
        assert _alike(expected, run.stdout), f"{where}: {command}\nprints:\n{run.stdout}"


def _alike(expected: str, printed: str) -> bool:
    """Whether what was printed is what is expected, with anything for “…”."""
    pattern = ".*?".join(re.escape(part) for part in expected.strip().split("…"))
    pattern = re.sub(r"(\d)\\\.(\d)\d\b", r"\1\\.\\d\\d", pattern)  # confidences shift a little
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None
