"""Runs the tests that support teams write in YAML, one of pytest's for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from bot.editing.cases import Case, KnownFailure, known_failures
from bot.project import PROJECT

KNOWN: Mapping[tuple[str, str], KnownFailure] = {k.key: k for k in known_failures(PROJECT)}


def each(cases: Iterable[Case]) -> list[Any]:
    """Gives each case with its place as the test's id."""
    return [pytest.param(case, id=f"{case.place} {case.name}") for case in cases]


def judge(
    case: Case,
    problem: str | None,
    known: Mapping[tuple[str, str], KnownFailure] = KNOWN,
) -> None:
    """Fails where a case has a problem that is not known, or has none though one is listed."""
    listed = known.get(case.key)
    if problem is None and listed is None:
        return
    if problem is None:
        told = f"{listed.place}: “{case.name}” passes now, delete it from the known failures"
        pytest.fail(told, pytrace=False)
    told = problem if problem.startswith(case.file) else f"{case.place}: “{case.name}” {problem}"
    if listed is None:
        pytest.fail(told, pytrace=False)
    pytest.xfail(f"{listed.why} ({told})")
