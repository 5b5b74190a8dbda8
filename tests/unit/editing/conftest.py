"""A copy of the content for each test to extend."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import Project, copy_of_content


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The content as it is, to be extended."""
    return copy_of_content(tmp_path)
