from __future__ import annotations

from benchmarks.turns.document import FILE, document, kept

AROUND = {
    "date": "2026-11-24",
    "commit": "abc",
    "cores": 2,
    "system": "Linux",
    "python": "3.10",
    "rasa": "3.6.21",
    "loads": [0.5, 2.25],
    "is_current": True,
}


def test_the_document_is_what_the_kept_figures_make() -> None:
    assert FILE.read_text(encoding="utf-8") == document(kept()), (
        "write it anew: python -m benchmarks.turns --render"
    )


def test_newer_figures_of_a_part_take_the_place_of_older_ones_and_leave_others() -> None:
    before = kept()

    after = kept({"nlu": {"service": {"p50": 1.0}}, "circumstances": {"nlu": AROUND}})

    assert after["nlu"] == {"service": {"p50": 1.0}}
    assert after["circumstances"] == {**before["circumstances"], "nlu": AROUND}
    assert {key for key in before if after[key] != before[key]} <= {"nlu", "circumstances"}


def test_a_part_that_was_not_measured_is_said_to_be_missing() -> None:
    text = document({"circumstances": {}})

    assert text.count("Not measured yet.") >= 5


def test_a_model_of_earlier_content_is_told_of() -> None:
    aged = {**AROUND, "is_current": False}

    assert "earlier state of the content" in document({"circumstances": {"nlu": aged}})
    assert "earlier state of the content" not in document({"circumstances": {"nlu": AROUND}})
