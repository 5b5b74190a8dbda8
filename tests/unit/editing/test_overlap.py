"""Examples that repeat one another, or that pull two topics together, are found by their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.editing.overlap import overlaps
from bot.yaml_source import read

NAMES = {"red": ["red wine", "red roses", "red apples"], "blue": ["blue sea", "blue sky", "blue"]}


@pytest.fixture
def found(tmp_path: Path, request: pytest.FixtureRequest) -> list[str]:
    """What is found in a file with these examples, by topic."""
    lines = ["nlu:"]
    for intent, examples in request.param.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {e}" for e in examples)]
    file = tmp_path / "topics.yml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return [str(fault) for fault in overlaps([read(file, "topics.yml")])]


@pytest.mark.parametrize(
    "found",
    [
        {"red": ["what makes wine so good"], "blue": ["what makes cheese so good"]},
        {**NAMES, "red": [*NAMES["red"], "which red is best"], "blue": [*NAMES["blue"],
                                                                    "which blue is best"]},
        {"red": ["what is it"], "red_wine": ["what is it then"]},
        {"red": ["wine?!", "wine 👍"]},
        {"red": ["केपीओ क्या है"], "blue": ["बीपीओ क्या है"]},
    ],
    ids=["other words", "a word that marks the topic", "a part of a topic", "emoji", "Hindi"],
    indirect=True,
)  # fmt: skip
def test_what_can_be_told_apart_is_left_alone(found: list[str]) -> None:
    assert found == []


@pytest.mark.parametrize(
    "found", [{"red": ["I don't know", "wine", "i dont know."]}], indirect=True
)
def test_the_same_words_twice_are_named_with_both_lines(found: list[str]) -> None:
    assert found == [
        "topics.yml:6: “i dont know.” says no more than topics.yml:4, “I don't know”, "
        "delete one of the two"
    ]


@pytest.mark.parametrize(
    "found",
    [{"red": ["which wine goes with fish", "wine"], "blue": ["fish goes with which wine"]}],
    indirect=True,
)
def test_an_example_of_two_topics_is_named_with_both(found: list[str]) -> None:
    assert len(found) == 1
    assert found[0].startswith(
        "topics.yml:8: “fish goes with which wine” pulls “blue” and “red” together: "
        "topics.yml:4 says “which wine goes with fish”"
    )
