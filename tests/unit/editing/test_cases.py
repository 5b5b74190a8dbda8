"""Tests in YAML: what is wrong with them is named, and known failures cannot stay for ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.advice.loader import advice
from bot.editing.cases import (
    Advised,
    Case,
    Dialogue,
    KnownFailure,
    Step,
    advised,
    dialogues,
    sentences,
)
from bot.editing.judging import advice_problem, dialogue_problem
from bot.project import PROJECT
from tests.support.cases import judge
from tests.support.project import Project

NLU = "tests/nlu/new.yml"
DIALOGUES = "tests/dialogues/test_new.yml"
CASE = Case("tests/nlu/new.yml", 7, "who darns socks")
KNOWN = {CASE.key: KnownFailure("tests/known_failures.yml", 3, CASE.name, CASE.file, "too hard")}


def test_a_case_without_a_problem_passes() -> None:
    judge(CASE, None, known={})


def test_a_problem_fails_with_file_line_and_words() -> None:
    with pytest.raises(pytest.fail.Exception) as failure:
        judge(CASE, "is faq/spectrum, not greet", known={})
    told = "tests/nlu/new.yml:7: “who darns socks” is faq/spectrum, not greet"
    assert failure.value.msg == told


def test_a_problem_that_is_known_does_not_fail() -> None:
    with pytest.raises(pytest.xfail.Exception, match="too hard"):
        judge(CASE, "is faq/spectrum, not greet", known=KNOWN)


def test_a_known_failure_that_passes_must_be_delisted() -> None:
    with pytest.raises(pytest.fail.Exception) as failure:
        judge(CASE, None, known=KNOWN)
    assert failure.value.msg == (
        "tests/known_failures.yml:3: “who darns socks” passes now, "
        "delete it from the known failures"
    )


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (NLU, "tests:\n- intent: greet\n", "NLU:2: “sentences” is missing in entry 1 of “tests”"),
        (NLU, "tests:\n- intent: greet\n  sentences: [a b c]\n  answers: {goal: fun}\n",
         "NLU:4: “fun” is not possible for “goal”, use one of: cost, both, insight"),
        (NLU, "tests:\n- intent: graet\n  sentences:\n  - a b c\n",
         "NLU:2: there is no intent “graet”, did you mean “greet”?"),
        (NLU, "tests:\n- intent: greet\n  sentences:\n  - what IS bpo?\n",
         "NLU:4: the test “what IS bpo?” is an example too, in data/nlu/define_bpo.yml:8"),
        (NLU, "tests:\n- intent: greet\n  sentences:\n  - a b c\n  - a b c\n",
         "NLU:5: the test “a b c” stands in line 4 too"),
        (DIALOGUES, "stories:\n- story: a\n  steps:\n  - usr: hi\n",
         "DIALOGUES:4: “usr” is not a known key, did you mean “user”?"),
        ("tests/advice/new.yml", "tests:\n- case: a\n  process: b\n  outcome: CPO\n",
         "tests/advice/new.yml:4: “CPO” is not possible for “outcome”"),
        ("tests/known_failures.yml",
         "known_failures:\n- {file: tests/nlu/new.yml, test: gone, why: hard}\n",
         "tests/known_failures.yml:2: there is no test “gone” in tests/nlu/new.yml"),
        ("tests/nlu/new.yaml", "tests: []", "tests/nlu/new.yaml:1: nothing reads this file"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_test_file_is_named(
    project: Project, file: str, text: str, told: str
) -> None:
    (project.root / file).parent.mkdir(parents=True, exist_ok=True)
    project.write(file, text)

    found = [str(fault) for fault in project.faults()]

    assert len(found) == 1, found
    assert found[0].startswith(told.replace("NLU", NLU).replace("DIALOGUES", DIALOGUES))


def test_a_topic_carries_sentences_of_its_own(project: Project) -> None:
    title = "    title: The spectrum"
    project.write(
        "data/nlu/zz.yml",
        f"nlu:\n- intent: faq/zz\n  metadata:\n{title}\n    tests:\n    - a scale of sorts\n"
        "  examples: |\n    - aaa\n    - bbb\nresponses:\n  utter_faq/zz:\n  - text: Zz.\n",
    )
    found = [test for test in sentences(project.root) if test.file == "data/nlu/zz.yml"]
    assert [(t.line, t.name, t.intent) for t in found] == [(6, "a scale of sorts", "faq/zz")]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"outcome": "BPO"}, None),
        ({"outcome": "KPO"}, "has the outcome BPO, not KPO"),
        ({"position": {"at_least": 50}}, "stands at 0, not from 50 to 100"),
        ({"safeguards": ["strict_access", "nda"]}, "has no safeguard nda"),
        ({"use_cases": ["hospitality_payroll"]}, None),
        ({"confidence": "high", "rule": "expert"}, "has the rule routine, not expert"),
    ],
)
def test_advice_is_compared_with_what_is_wanted(wanted: dict[str, Any], problem: str) -> None:
    answers = {"standardization": "high", "expertise": "low", "sensitivity": "high",
               "authority": "client", "core": "no", "goal": "cost"}  # fmt: skip
    test = Advised("tests/advice/new.yml", 1, "payroll", "payroll", answers, wanted)
    assert advice_problem(advice(), test) == problem


class Parrot:
    """Repeats what is said, in two replies, with a button."""

    def say(self, text: str) -> Sequence[dict[str, Any]]:
        buttons = [{"title": "Again", "payload": "/again"}]
        return [{"text": f"You said:\n{text}."}, {"text": "Go on", "buttons": buttons}]

    def press(self, title: str) -> Sequence[dict[str, Any]]:
        if title != "Again":
            raise KeyError(title)
        return self.say("again")


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([("user", "hi [you](process)"), ("bot", "said: hi you"), ("bot_is", "Go on")], None),
        ([("user", "hi"), ("bot", "Go on"), ("bot", "You said")],
         "f.yml:3: “You said” is not said; what is said: You said: hi. | Go on"),
        ([("user", "hi"), ("bot_is", "Go")], "f.yml:2: no reply is “Go”; what is said: You said"),
        ([("user", "hi"), ("bot_not", "Go")], "f.yml:2: “Go” is said"),
        ([("user", "hi"), ("buttons", ["Again", "Stop"])],
         "f.yml:2: the button “Stop” is not there; there: [Again]"),
        ([("user", "[Again]"), ("bot", "You said: again.")], None),
        ([("user", "[Stop]")], "f.yml:1: there is no button “[Stop]”"),
        ([("user", "hi"), ("action", "utter_bye")], "f.yml:2: utter_bye is not said; what is"),
        ([("user", "hi"), ("action", "utter_go"), ("action", "action_recommend")], None),
    ],
)  # fmt: skip
def test_a_dialogue_is_held_step_by_step(steps: list[tuple[str, Any]], problem: str | None) -> None:
    test = Dialogue("f.yml", 1, "a", tuple(Step(i, *s) for i, s in enumerate(steps, start=1)))
    found = dialogue_problem(test, Parrot(), {"utter_bye": ["Bye."], "utter_go": ["Go on"]})
    assert (found or "").startswith(problem or "") if problem else found is None


def test_what_is_said_can_be_checked_for_its_intent() -> None:
    always: Callable[[str], str] = lambda _: "greet"  # noqa: E731
    test = Dialogue("f.yml", 1, "a", (Step(4, "user", "hi", "stop"),))
    told = "f.yml:4: is understood as greet, not stop"
    assert dialogue_problem(test, Parrot(), {}, always) == told


@pytest.mark.parametrize("read", [sentences, advised, dialogues])
def test_each_kind_of_test_is_there_with_its_line(read: Callable[..., list[Case]]) -> None:
    found = read(PROJECT)
    assert found
    for case in found[:20]:
        text = (PROJECT / case.file).read_text(encoding="utf-8").splitlines()[case.line - 1]
        assert case.name in text.replace("\\", "") or text.strip().startswith("-")
