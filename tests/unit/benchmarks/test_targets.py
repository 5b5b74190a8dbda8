from __future__ import annotations

from benchmarks.turns.tables import targets, throughput
from benchmarks.turns.targets import judged


def side(per_second: float, p50: float, p99: float) -> dict[str, float]:
    return {"per_second": per_second, "p50": p50, "p99": p99, "cpu": 0.01}


FIGURES = {
    "throughput": {
        "users": {
            "1": {"service": side(80, 0.012, 0.02), "starter": side(7, 0.13, 0.2)},
            "16": {"service": side(85, 0.18, 0.3), "starter": side(9, 2.1, 3)},
        },
        "resident": {"service": {"bot": 400_000_000}},
    },
    "growth": {"service/sqlite": {"5": 0.01, "2000": 0.013}},
}


def verdicts() -> dict[str, bool | None]:
    return {
        target.name: None if value is None else target.is_met(value)
        for target, value in judged(FIGURES)
    }


def test_a_target_is_met_up_to_its_limit_and_no_further() -> None:
    found = verdicts()

    assert found["Turn 2,000 on SQLite, beside turn 5"] is True
    assert found["Turns a second at 16 users, beside the starter set-up"] is False
    assert found["Median of the starter set-up with one user, beside ours"] is True
    assert found["Resident memory of a worker"] is True


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert verdicts()["Training after an edit of one line"] is None
    assert "| Training after an edit of one line | at most 15.0 s | – | not measured |" in targets(
        FIGURES
    )


def test_ratios_say_how_many_times_as_good_the_service_is() -> None:
    rows = throughput(FIGURES["throughput"]).splitlines()

    assert "| 16 users: turns a second | **9.4×** | 85.0 /s | 9.0 /s | – |" in rows
    assert "| 1 user: median | **10.8×** | 12.0 ms | 130 ms | – |" in rows
