"""A copy of the content for each test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import content_checks
from bot.advice import loader
from bot.advice.model import Advice
from bot.errors import ContentError
from bot.yaml_source import Document, read, schema_faults
from tests.support.project import Project, copy_of_content


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The content as it is, copied once; only to be read."""
    return copy_of_content(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="session")
def documents_read() -> dict[str, Document]:
    """What was read of files that no test touched."""
    return {}


@pytest.fixture
def project(
    sound: Project,
    documents_read: dict[str, Document],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Project:
    """The content as it is, to be broken. What a test leaves alone is read and checked once."""

    def read_once(path: Path, shown_as: str) -> Document:
        original = sound.root / shown_as
        untouched = path.exists() and original.exists() and path.samefile(original)
        if not untouched:
            return read(path, shown_as)
        if shown_as not in documents_read:
            documents_read[shown_as] = read(path, shown_as)
        return documents_read[shown_as]

    def schema_faults_once(
        document: Document, schema: Path | Mapping[str, Any]
    ) -> Iterator[ContentError]:
        if documents_read.get(document.file) is not document:
            yield from schema_faults(document, schema)

    def advice_faults_once(
        advice: Advice, documents: Mapping[str, tuple[Document, ...]]
    ) -> Iterator[ContentError]:
        now = [d for found in documents.values() for d in found]
        as_it_was = len(now) == in_advice and all(documents_read.get(d.file) is d for d in now)
        return iter(()) if as_it_was else all_faults(advice, documents)

    in_advice = len(list((sound.root / "data" / "advice").rglob("*.yml")))
    all_faults = loader.checks.all_faults
    monkeypatch.setattr(loader.checks, "all_faults", advice_faults_once)
    for module in (loader, content_checks):
        monkeypatch.setattr(module, "read", read_once)
        monkeypatch.setattr(module, "schema_faults", schema_faults_once)
    return sound.copy_to(tmp_path)
