"""Help, wrong usage and exit codes."""

from __future__ import annotations

import pytest

from bot.cli.main import main
from tests.unit.cli.command import run

COMMANDS = tuple(
    """serve train slack forget export retain backup chat ask try advise new diff validate graph
    review""".split()
)


def test_help_names_every_command_and_where_settings_are_told() -> None:
    result = run("--help")
    assert result.returncode == 0
    assert result.stderr == ""
    assert all(f"\n    {command} " in result.stdout for command in COMMANDS)
    assert "docs/settings.md" in result.stdout.replace("\n", " ")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([command, "--help"])
    assert exit_.value.code == 0
    assert f"usage: python -m bot {command}" in capsys.readouterr().out


def test_help_for_try_needs_no_model() -> None:
    result = run("try", "--help")
    assert result.returncode == 0
    assert "--json" in result.stdout
    assert "standard input" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["advice"],
        ["validate", "everything"],
        ["advise"],
        ["advise", "--process", "payroll", "--colour", "blue"],
        ["advise", "--process", "payroll", "--core"],
        ["advise", "--process", "payroll", "--json", "--brief"],
        ["serve", "--port", "web"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_says_what_is_right(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    printed = capsys.readouterr()
    assert exit_.value.code == 2
    assert printed.out == ""
    assert "usage: python -m bot" in printed.err


def test_wrong_usage_is_2_for_the_shell_too() -> None:
    result = run("advice")
    assert (result.returncode, result.stdout) == (2, "")
    assert "invalid choice: 'advice'" in result.stderr


@pytest.mark.parametrize("model", ["no/such/file", "config.yml", "data"])
def test_a_model_that_is_none_is_said_in_words(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["try", "hello", "--model", model]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"{model} is not a model, give one from models/\n"
