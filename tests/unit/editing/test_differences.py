"""Two states of the content are compared: what got better, worse, or is just other."""

from __future__ import annotations

from typing import Any

import pytest

from bot.editing.differences import compare
from bot.editing.showing import as_markdown, as_text


def sentence(intent: str, problem: str | None = None) -> dict[str, Any]:
    return {"text": "who darns", "intent": intent, "process": None, "problem": problem}


def process(outcome: str, position: int, problem: str | None = None) -> dict[str, Any]:
    return {"outcome": outcome, "position": position, "problem": problem}


def state(**kinds: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A snapshot with nothing in it but what is given."""
    nothing: dict[str, dict[str, Any]] = {
        kind: {} for kind in ("sentences", "cases", "processes", "answers", "combinations")
    }
    return {**nothing, **kinds}


def test_nothing_differs_from_itself() -> None:
    same = state(sentences={"a": sentence("greet")}, combinations={"high/low": "BPO"})
    found = compare(same, same)
    assert (found.rows, found.moved, found.worse) == ((), {}, False)
    assert "Nothing is answered differently." in as_text(found)
    assert "Nothing is answered differently." in as_markdown(found)


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        (sentence("stop", "is stop"), sentence("greet"), "better"),
        (sentence("greet"), sentence("stop", "is stop"), "worse"),
        (sentence("stop", "is stop"), sentence("help", "is help"), "other"),
        (None, sentence("greet"), "new"),
        (sentence("greet"), None, "gone"),
    ],
)
def test_a_test_that_passes_or_fails_anew_is_better_or_worse(
    before: Any, now: Any, verdict: str
) -> None:
    found = compare(
        state(sentences={"a": before} if before else {}), state(sentences={"a": now} if now else {})
    )
    assert [row.verdict for row in found.rows] == [verdict]
    assert found.worse == (verdict == "worse")


def test_a_process_with_another_outcome_is_told_and_one_with_another_place_counted() -> None:
    found = compare(
        state(processes={"payroll": process("BPO", 10), "legal": process("KPO", 90)}),
        state(processes={"payroll": process("BPO", 15), "legal": process("SPLIT", 60, "is")}),
    )
    assert [(r.verdict, r.what, r.before, r.now) for r in found.rows] == [
        ("worse", "legal", "KPO (90)", "SPLIT (60)")
    ]
    assert "1 processes move on the scale" in as_text(found)


def test_combinations_that_lead_elsewhere_are_counted_by_their_way() -> None:
    found = compare(
        state(combinations={"a": "BPO", "b": "BPO", "c": "KPO"}),
        state(combinations={"a": "BETWEEN", "b": "BETWEEN", "c": "KPO"}),
    )
    told = "2 of 3 combinations of answers lead elsewhere: BPO → BETWEEN 2"
    assert told in as_text(found)
    assert told in as_markdown(found)


def test_a_long_reply_is_shown_from_where_it_differs() -> None:
    found = compare(
        state(answers={"utter_faq/x": ["a" * 200 + " old ending"]}),
        state(answers={"utter_faq/x": ["a" * 200 + " new ending"]}),
    )
    assert (found.rows[0].before, found.rows[0].now) == (
        "…" + "a" * 14 + " old ending",
        "…" + "a" * 14 + " new ending",
    )


def test_what_is_worse_comes_first() -> None:
    found = compare(
        state(sentences={"a": sentence("x", "no"), "b": sentence("y")}),
        state(sentences={"a": sentence("y"), "b": sentence("x", "no")}),
    )
    assert [row.verdict for row in found.rows] == ["worse", "better"]


def test_dialogues_that_one_state_leaves_out_are_not_compared() -> None:
    held = {"a": {"text": "a", "replies": [["hi", "Hello"]], "problem": None}}
    assert compare(state(), state(dialogues=held)).rows == ()


def test_no_text_breaks_the_table_of_a_pull_request() -> None:
    evil = sentence("a|b <script> @someone `x` \\")
    table = as_markdown(
        compare(state(sentences={"a": sentence("x")}), state(sentences={"a": evil}))
    )
    row = table.splitlines()[-1]
    assert row.count(" | ") == 3
    assert "<script>" not in row
    assert "@someone" not in row
