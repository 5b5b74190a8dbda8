"""`bot diff` in a clone: edit, and see what is now answered differently."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.project import PROJECT
from tests.support.project import Project, copy_that_runs

CRITERIA = "data/advice/criteria.yml"
TOPIC = """\
nlu:
- intent: faq/sock_darning
  metadata:
    title: Darning socks
    tests:
    - could somebody explain sock darning to me
  examples: |
    - what is sock darning
    - explain the darning of socks
    - sock darning meaning
responses:
  utter_faq/sock_darning:
  - text: Mending socks with yarn.
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone of the project whose content is committed as it is."""
    project = copy_that_runs(tmp_path_factory.mktemp("clone"))
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "As it is")):
        subprocess.run(["git", *command], cwd=project.root, check=True)
    return project


def bot(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in the clone."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=project.root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def differences(project: Project, *arguments: str) -> dict[str, Any]:
    """What `diff --quick --json` finds."""
    run = bot(project, "diff", "--quick", "--json", *arguments)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_a_new_topic_is_better_for_its_sentence_than_the_last_commit(clone: Project) -> None:
    clone.write("data/nlu/sock_darning.yml", TOPIC)
    rows = differences(clone)["rows"]
    clone.delete("data/nlu/sock_darning.yml")
    told = {(r["verdict"], r["kind"], r["what"], r["now"]) for r in rows}
    assert ("new", "answers", "utter_faq/sock_darning", "Mending socks with yarn.") in told
    sentence = "could somebody explain sock darning to me"
    assert ("better", "sentences", sentence, "faq/sock_darning") in told


def test_a_changed_weight_shows_which_verdicts_move_though_it_is_not_sound_yet(
    clone: Project,
) -> None:
    before = clone.read(CRITERIA)
    assert bot(clone, "diff", "--quick", "--save", "saved.json").returncode == 0
    clone.write(CRITERIA, before.replace("points: 17", "points: 30", 1))
    run = bot(clone, "diff", "--quick", "--strict", "--against", "saved.json")
    clone.write(CRITERIA, before)
    assert run.returncode == 1
    assert "the defaults of" in run.stderr
    assert "combinations of answers lead elsewhere" in run.stdout
    assert "\nworse  process" in run.stdout


@pytest.mark.parametrize("state", ["no-such-branch", CRITERIA])
def test_a_state_that_is_none_is_said_in_words(clone: Project, state: str) -> None:
    run = bot(clone, "diff", "--quick", "--against", state)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "bot diff --save" in run.stderr


def test_dialogues_are_compared_too(tmp_path: Path) -> None:
    saved = str(tmp_path / "saved.json")
    run = subprocess.run(
        [sys.executable, "-m", "bot", "diff", "--save", saved], cwd=PROJECT, check=False
    )
    assert run.returncode == 0
    held = json.loads(Path(saved).read_text(encoding="utf-8"))["dialogues"]
    first = held["tests/dialogues/test_first_replies.yml: An FAQ is answered"]
    assert first["problem"] is None
    assert "Business process outsourcing" in first["replies"][0][1]
