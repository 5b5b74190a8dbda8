"""docs/security.md: every promise names the test that holds it."""

from __future__ import annotations

import re

import pytest

from bot.project import PROJECT

PAGE = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISED = PAGE[PAGE.index("## What is promised") : PAGE.index("## Attacks")]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)))
PROMISES = [
    row for row in PROMISED.splitlines() if row.startswith("| ") and not row.startswith("| Promise")
]


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_it_names_exists(file: str, name: str) -> None:
    text = (PROJECT / file).read_text(encoding="utf-8")

    assert re.search(rf"^(async )?def {name}\(" if name else r"^(async )?def test_", text, re.M)


@pytest.mark.parametrize("row", PROMISES, ids=range(len(PROMISES)))
def test_every_promise_names_a_test(row: str) -> None:
    assert re.search(r"`tests/[\w/]+\.py", row)


def test_there_are_promises() -> None:
    assert len(PROMISES) > 25
