"""`python -m bot advise`, as a person or a program runs it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.advice.loader import advice
from bot.advice.model import UNSURE, Outcome
from bot.cli.main import CRITERIA, main
from tests.unit.cli.command import run

ADVICE = advice()
LEVELS = [(c.id, v.id) for c in ADVICE.criteria.values() for v in c.levels]
CONTRACT = {
    "process", "outcome", "confidence", "position", "reasons", "assumed", "safeguards",
    "use_cases", "flip",
}  # fmt: skip
EVERYTHING = [
    "--standardization", "high", "--expertise", "low", "--sensitivity", "high",
    "--authority", "client", "--core", "no", "--goal", "cost",
]  # fmt: skip


def advised(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """What `advise --json` answers."""
    assert main(["advise", "--json", *arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.count("\n") == 1
    return json.loads(printed.out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a refused `advise` says."""
    assert main(["advise", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err


def test_a_program_gets_one_object_with_all_that_was_agreed() -> None:
    result = run("advise", "--process", "payroll", *EVERYTHING, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    data = json.loads(result.stdout)
    assert set(data) >= CONTRACT
    assert (data["process"], data["outcome"], data["position"]) == ("payroll", "BPO", 0)
    assert data["confidence"] in {"high", "medium", "low"}
    assert data["assumed"] == []
    for reason in data["reasons"]:
        assert set(reason) >= {"criterion", "level", "weight", "text"}
    assert {r["criterion"]: r["level"] for r in data["reasons"]} == dict(
        zip((a.removeprefix("--") for a in EVERYTHING[::2]), EVERYTHING[1::2], strict=True)
    )


def test_a_person_gets_words() -> None:
    result = run("advise", "--process", "payroll", *EVERYTHING)
    assert (result.returncode, result.stderr) == (0, "")
    assert "payroll" in result.stdout
    assert "BPO" in result.stdout
    assert not result.stdout.startswith("{")


def test_the_brief_is_markdown() -> None:
    result = run("advise", "--process", "payroll", *EVERYTHING, "--brief")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("# Outsourcing brief: payroll\n\n**Advice: BPO**")
    assert "\n## Safeguards\n\n- [ ] " in result.stdout
    assert "\n|---|---|---|---|\n" in result.stdout
    assert result.stdout.endswith("\n")
    assert not result.stdout.endswith("\n\n")


def test_the_options_are_the_criteria_of_the_content() -> None:
    assert set(CRITERIA) == set(ADVICE.criteria)


@pytest.mark.parametrize(("criterion", "level"), [*LEVELS, *((c, UNSURE) for c in CRITERIA)])
def test_every_level_of_every_criterion_is_accepted(
    capsys: pytest.CaptureFixture[str], criterion: str, level: str
) -> None:
    data = advised(capsys, "--process", "sock darning", f"--{criterion}", level)
    assert data["outcome"] in {outcome.value for outcome in Outcome}
    assert 0 <= data["position"] <= 100
    if level != UNSURE:
        assert level in [r["level"] for r in data["reasons"] if r["criterion"] == criterion]
        assert criterion not in [a["criterion"] for a in data["assumed"]]


def test_what_is_left_out_counts_as_not_sure(capsys: pytest.CaptureFixture[str]) -> None:
    every = [part for c in CRITERIA for part in (f"--{c}", UNSURE)]
    said = advised(capsys, "--process", "payroll", *every)
    silent = advised(capsys, "--process", "payroll")
    assert {k: said[k] for k in CONTRACT} == {k: silent[k] for k in CONTRACT}
    assert [a["criterion"] for a in silent["assumed"]] == list(ADVICE.criteria)


def test_a_typo_in_the_process_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert advised(capsys, "--process", "payrol")["process"] == "payroll"


@pytest.mark.parametrize("name", ["aura cleansing", "量子 café 🎉", "Ω", "???", "a" * 5000])
def test_a_process_that_is_unknown_is_taken_as_said(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    data = advised(capsys, "--process", f"  {name} ")
    assert data["process"] is None
    assert data["process_name"] == name


@pytest.mark.parametrize("form", [[], ["--json"], ["--brief"]])
def test_any_script_is_printed_as_it_was_typed(
    capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    assert main(["advise", "--process", "量子 café 🎉", *form]) == 0
    assert "量子 café 🎉" in capsys.readouterr().out


def test_bytes_that_are_no_text_do_no_harm() -> None:
    result = run("advise", "--process", b"\xe9 caf\xc3\xa9", "--json")
    assert result.returncode == 0
    assert json.loads(result.stdout)["process_name"] == "? café"


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_process_without_a_name_is_refused(capsys: pytest.CaptureFixture[str], name: str) -> None:
    told = refused(capsys, "--process", name)
    assert told == "the process has no name, say what is to be outsourced\n"


@pytest.mark.parametrize("level", ["sometimes", "", "HIGH", "高"])
def test_an_unknown_level_is_refused_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str], level: str
) -> None:
    told = refused(capsys, "--process", "payroll", "--expertise", level, "--json")
    assert f"--expertise {level}: use one of low, medium, high, unsure" in told


def test_all_unknown_levels_are_named_at_once() -> None:
    result = run("advise", "--process", "payroll", "--core", "yes", "--goal", "fun")
    assert (result.returncode, result.stdout) == (1, "")
    assert "--core yes: use one of no, supporting, core, unsure" in result.stderr
    assert "--goal fun: use one of cost, both, insight, unsure" in result.stderr
    assert "Traceback" not in result.stderr
