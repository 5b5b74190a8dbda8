from __future__ import annotations

import pytest

from benchmarks.turns.figures import milliseconds, percentile, spread, table


@pytest.mark.parametrize(
    ("share", "expected"), [(0.01, 1), (0.5, 50), (0.99, 99), (0.991, 100), (1, 100)]
)
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(
    share: float, expected: int
) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_the_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 0.99) == 7.0


def test_a_spread_counts_the_turns() -> None:
    assert spread([0.3, 0.1, 0.2]) == {"turns": 3, "p50": 0.2, "p99": 0.3}


@pytest.mark.parametrize(
    ("seconds", "written"), [(0.00021, "0.2 ms"), (0.0285, "28.5 ms"), (1.2345, "1,234 ms")]
)
def test_milliseconds_are_as_exact_as_they_are_long(seconds: float, written: str) -> None:
    assert milliseconds(seconds) == written


def test_a_table_has_its_first_column_to_the_left() -> None:
    assert table(["", "A"], [["x", "1"]]).splitlines() == ["|  | A |", "| --- | --: |", "| x | 1 |"]
