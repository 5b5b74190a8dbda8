"""The pictures show the content as it is, all of it, and again in words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.advice.loader import advice
from bot.cli.main import main
from bot.graph.files import FOLDER, files
from bot.graph.svg import wrap
from bot.project import PROJECT
from bot.yaml_source import read
from tests.support.project import Project, copy_of_content

DOMAIN = read(PROJECT / "domain.yml", "domain.yml").data


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """What the content gives."""
    return files(PROJECT)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The content, to be changed."""
    return copy_of_content(tmp_path)


def words(markup: str) -> str:
    """All text of a page or picture, as one line."""
    return " ".join(
        unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", markup, flags=re.S)).split()
    )


@pytest.mark.parametrize("name", ["conversation.svg", "decision.svg", "index.html"])
def test_what_stands_in_the_docs_is_what_the_content_gives(
    name: str, drawn: dict[str, str]
) -> None:
    kept = (PROJECT / FOLDER / name).read_text(encoding="utf-8")

    assert kept == drawn[name], "run `python -m bot graph` after a change of the content"


def test_every_intent_and_action_is_drawn_and_told(drawn: dict[str, str]) -> None:
    # The form's own: what it asks stands in the picture as its questions.
    behind = re.compile(r"action_ask_(?!back)|validate_|action_validate_")
    named = {i if isinstance(i, str) else next(iter(i)) for i in DOMAIN["intents"]}
    named |= {action for action in DOMAIN["actions"] if not behind.match(action)}
    for file in ("conversation.svg", "index.html"):
        assert named <= set(re.findall(r"[a-z_]+", words(drawn[file]))), file


def test_every_answer_rule_outcome_and_safeguard_is_told(drawn: dict[str, str]) -> None:
    told = words(drawn["index.html"])
    for criterion in advice().criteria.values():
        assert criterion.name in told
        assert criterion.why in told
        assert all(f"{level.title} {level.points}" in told for level in criterion.levels)
    assert all(rule.reason in told for rule in advice().rules if "{" not in rule.reason)
    assert all(outcome.summary in told for outcome in advice().outcomes.values())
    assert all(safeguard.text in told for safeguard in advice().safeguards)


def test_a_changed_weight_is_drawn(project: Project, drawn: dict[str, str]) -> None:
    project.replace("data/advice/criteria.yml", "points: 17", "points: 16")
    changed = files(project.root)

    assert "16 points, assumed" in words(changed["decision.svg"])
    assert changed["conversation.svg"] == drawn["conversation.svg"]


def test_a_changed_rule_is_drawn_where_it_stands(project: Project) -> None:
    new = """  - id: cheap_and_core
    when: {core: [supporting], goal: [cost]}
    outcome: BPO
    reason: It is cheap.
    sources: [article]
  - id: undocumented
"""
    project.replace("data/advice/decisions.yml", "  - id: undocumented\n", new)

    rule = "Core to the business is “It supports what does”, and what you want most is “Lower"
    assert f"4 {rule}" in words(files(project.root)["index.html"])


def test_a_new_rule_and_a_new_story_are_drawn(project: Project) -> None:
    project.write(
        "data/stories/zz_new.yml",
        'version: "3.1"\nstories:\n- story: Praised\n  steps:\n  - intent: greet\n'
        "  - action: utter_greet\n  - intent: praise\n  - action: utter_praise\n",
    )
    told = words(files(project.root)["index.html"])

    assert "Stories Intent Action" in told
    assert "Say hello, Give praise greet, praise utter_greet, utter_praise" in told


def test_more_examples_topics_and_processes_change_nothing(
    project: Project, drawn: dict[str, str]
) -> None:
    project.replace("data/nlu/define_bpo.yml", "    - bpo meaning\n", "    - bpo, means what\n")
    process = project.read("data/advice/processes/sales.yml")
    project.write("data/advice/processes/sales.yml", process.replace("said: [", "said: [abc, ", 1))

    assert files(project.root) == drawn


@pytest.mark.parametrize("name", ["conversation.svg", "decision.svg"])
def test_a_picture_is_sound_and_says_what_it_is(name: str, drawn: dict[str, str]) -> None:
    picture = ElementTree.fromstring(drawn[name])
    space = "{http://www.w3.org/2000/svg}"
    title, description = picture.find(f"{space}title"), picture.find(f"{space}desc")

    assert title is not None
    assert description is not None
    assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert "prefers-color-scheme:dark" in drawn[name]


def test_it_can_be_drawn_elsewhere_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "flow"
    assert main(["graph", "--folder", str(folder), "--check"]) == 1
    assert "no longer shows the content, run `python -m bot graph`" in capsys.readouterr().err

    assert main(["graph", "--folder", str(folder)]) == 0
    assert main(["graph", "--folder", str(folder), "--check"]) == 0
    assert sorted(p.name for p in folder.iterdir()) == [
        "conversation.svg",
        "decision.svg",
        "index.html",
    ]


def test_text_is_wrapped_between_words_only() -> None:
    assert wrap("a very-long-word-indeed b", "text", 60) == ["a", "very-long-word-indeed", "b"]
    assert wrap("", "text", 60) == []
