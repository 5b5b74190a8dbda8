"""`python -m bot validate`, as a person or a program runs it."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import pytest

from bot.cli import validating
from bot.cli.main import main
from bot.cli.validating import notes
from tests.support.project import Project, copy_of_content
from tests.unit.cli.command import run, run_python

SLOW = ("rasa", "tensorflow", "sanic", "sklearn", "numpy", "wordllama")


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with two faults, which the commands take for their own."""
    project = copy_of_content(tmp_path)
    project.write("data/nlu/zz_new.yml", "")
    project.write("data/stories/zz_new.yml", "rules:\n- rule: Grüße\n  steps: none\n")
    monkeypatch.setattr(validating, "faults", project.faults)
    return project


def test_this_project_is_sound_and_that_is_said_in_under_two_seconds() -> None:
    # Processor time, as other work on the machine is no fault of the command's.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = run("validate")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == "The content is sound.\n"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


def test_a_sound_project_is_no_output_at_all_for_a_program() -> None:
    result = run("validate", "--json")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "arguments",
    [["validate"], ["advise", "--process", "payroll"]],
)
def test_nothing_slow_is_imported(arguments: list[str]) -> None:
    result = run_python(
        "import sys; from bot.cli.main import main; code = main(sys.argv[1:]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr); sys.exit(code)",
        *arguments,
    )
    assert result.returncode == 0
    assert not set(SLOW) & set(result.stderr.split())


def test_faults_are_printed_one_a_line_and_counted(
    broken: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate"]) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "data/nlu/zz_new.yml:1: this file is empty, fill it or delete it",
        "data/stories/zz_new.yml:3: “steps” should be a list, "
        "look at a neighbouring entry for the form",
    ]
    assert printed.err == "2 faults found.\n"


def test_faults_are_objects_for_a_program(
    broken: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out.splitlines()[0]) == {
        "file": "data/nlu/zz_new.yml",
        "line": 1,
        "severity": "error",
        "what": "this file is empty",
        "hint": "fill it or delete it",
    }
    assert printed.err == ""


def test_one_fault_is_not_faults(broken: Project, capsys: pytest.CaptureFixture[str]) -> None:
    broken.delete("data/nlu/zz_new.yml")
    assert main(["validate"]) == 1
    assert capsys.readouterr().err == "1 fault found.\n"


def test_github_shows_faults_on_the_lines_of_a_pull_request(
    broken: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.write("data/nlu/zz, 100%.yml", "")
    assert main(["validate", "--github"]) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        "::error file=data/nlu/zz%2C 100%25.yml,line=1::this file is empty, fill it or delete it",
        "::error file=data/nlu/zz_new.yml,line=1::this file is empty, fill it or delete it",
    ]


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A sound project with an example that says what another one says."""
    project = copy_of_content(tmp_path)
    project.replace("data/nlu/spectrum.yml", "examples: |\n", "examples: |\n    - KPO, means?\n")
    project.replace("data/nlu/spectrum.yml", "examples: |\n", "examples: |\n    - kpo means\n")
    monkeypatch.setattr(validating, "faults", project.faults)
    monkeypatch.setattr(validating, "notes", lambda: notes(project.root))
    return project


def test_a_note_is_told_and_refuses_nothing(
    noted: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate"]) == 0
    printed = capsys.readouterr()
    line = noted.line("data/nlu/spectrum.yml", "KPO, means?")
    assert printed.out.startswith(
        f"data/nlu/spectrum.yml:{line}: note: “KPO, means?” says no more than "
        f"data/nlu/spectrum.yml:{line - 1}, “kpo means”, delete one of the two\n"
    )
    assert printed.err.startswith("The content is sound; ")


def test_notes_count_where_that_is_wanted_and_are_warnings_for_github(
    noted: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "--strict", "--github"]) == 1
    assert capsys.readouterr().out.startswith("::warning file=data/nlu/spectrum.yml,line=")


def test_this_project_has_no_notes() -> None:
    assert [str(note) for note in notes()] == []
