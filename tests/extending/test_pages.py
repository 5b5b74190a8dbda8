"""What the pages of docs/extending/ tell a support team to do works, and prints what they show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.project import PROJECT
from tests.support.pages import blocks, carry_out
from tests.support.project import Project, copy_that_runs

FOLDER = PROJECT / "docs" / "extending"
PAGES = sorted(p for p in FOLDER.glob("*.md") if p.name != "README.md")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project to do it in."""
    return copy_that_runs(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_says_works(page: Path, project: Project) -> None:
    carry_out(page, project, commands=True)
    assert [str(fault) for fault in project.faults()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_an_example_and_what_can_go_wrong(page: Path) -> None:
    assert list(blocks(page))
    assert "## What can go wrong" in page.read_text(encoding="utf-8")


def test_the_index_names_every_page() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if f"]({page.name})" not in index] == []


def test_all_that_the_pages_write_is_learned_and_answered_together(project: Project) -> None:
    for page in PAGES:
        carry_out(page, project, commands=False)
    assert [str(fault) for fault in project.faults()] == []

    said = ["when is the team open", "thanks", "what happens to our own employees"]
    for command in (("train",), ("ask", *said)):
        run = subprocess.run(
            [sys.executable, "-m", "bot", *command],
            cwd=project.root, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr

    assert "Monday to Friday, nine to five" in run.stdout
    assert "My pleasure." in run.stdout
    assert "Decide that before you sign." in run.stdout
