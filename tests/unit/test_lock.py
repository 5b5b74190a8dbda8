"""What is installed is what was locked, and the lock tells nobody where packages come from."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bot.project import PROJECT

FILES = [PROJECT / "requirements.txt", PROJECT / "requirements-dev.txt"]


def locked_for_here() -> dict[str, str]:
    """Gives the locked version of every package that this platform and Python take."""
    lines = re.findall(r"^([a-z][^\\\n]*)\\$", FILES[1].read_text(encoding="utf-8"), re.MULTILINE)
    found = [Requirement(line) for line in lines]
    return {
        r.name: str(r.specifier).removeprefix("==")
        for r in found
        if r.marker is None or r.marker.evaluate()
    }


def test_what_is_installed_has_the_locked_versions() -> None:
    locked = locked_for_here()

    assert "rasa" in locked
    assert {name: version(name) for name in locked} == locked


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_package_has_hashes_and_no_address(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert "://" not in text
    assert re.findall(r"^[a-z][^\\\n]*$", text, re.MULTILINE) == []
