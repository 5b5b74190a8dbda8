"""What tells one state of the content, and of the code that learns from it, from another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bot.nlu.sources import SOURCES

_TRAINED_FROM = ("config.yml", "domain.yml", "data/nlu/*.yml", "data/stories/*.yml", *SOURCES)
_TESTS = ("data/nlu/*.yml", "data/stories/*.yml", "tests/*/*.yml", "bot/editing/*.py")
_CONTENT = ("config.yml", "domain.yml", "data/**/*.yml")


def of_model(project: Path) -> str:
    """Return the fingerprint of what a model is trained from, 12 hexadecimal digits."""
    return _digest(project, _TRAINED_FROM)


def of_content(project: Path) -> str:
    """Return the fingerprint of all content, advice included."""
    return _digest(project, _CONTENT)


def of_tests(project: Path) -> str:
    """Return the fingerprint of the tests beside the content, and of what judges by them."""
    return _digest(project, _TESTS)


def _digest(project: Path, patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for file in _files(project, patterns):
        digest.update(file.relative_to(project).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _files(project: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(project.glob(pattern))
