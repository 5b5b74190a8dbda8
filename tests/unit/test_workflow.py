"""The workflows run commands that there are, on every kind of content and every lock."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.cli.main import _parser
from bot.project import PROJECT

WORKFLOWS = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))
    for file in (PROJECT / ".github" / "workflows").glob("*.yml")
}
WORKFLOW = WORKFLOWS["content"]
STEPS = WORKFLOW["jobs"]["content"]["steps"]
COMMANDS = re.findall(r"python -m bot ([^\n>|]+)", "\n".join(s.get("run", "") for s in STEPS))
CONTENT = [
    *(PROJECT / "data").rglob("*.yml"),
    *(
        f
        for kind in ("nlu", "advice", "dialogues")
        for f in (PROJECT / "tests" / kind).glob("*.yml")
    ),
    PROJECT / "domain.yml",
    PROJECT / "tests" / "known_failures.yml",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_understood(command: str) -> None:
    arguments = [part.strip('"').replace("$BASE", "HEAD") for part in command.split()]
    assert _parser().parse_args(arguments).run


def test_it_runs_for_every_content_file() -> None:
    patterns = [p.replace("**", "**/*") for p in WORKFLOW[True]["pull_request"]["paths"]]
    covered = {file for pattern in patterns for file in PROJECT.glob(pattern)}
    assert {file.relative_to(PROJECT) for file in set(CONTENT) - covered} == set[Path]()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_to_a_version(name: str) -> None:
    jobs = WORKFLOWS[name]["jobs"].values()
    used = [step["uses"] for job in jobs for step in job["steps"] if "uses" in step]
    assert used
    assert [action for action in used if not re.search(r"@v\d+$|@[0-9a-f]{40}$", action)] == []


def test_it_may_do_no_more_than_read_and_comment() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read", "pull-requests": "write"}


def test_the_audit_covers_every_lock_and_runs_every_week() -> None:
    triggers = WORKFLOWS["security"][True]
    patterns = triggers["pull_request"]["paths"]
    covered = {file for pattern in patterns for file in PROJECT.glob(pattern)}
    locks = {*PROJECT.glob("requirements*.txt"), PROJECT / "widget" / "package-lock.json"}

    assert locks <= covered
    assert triggers["schedule"]
