"""From what went wrong to an edit of the content, by a reviewer's decisions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import BotError, ContentError
from bot.project import PROJECT
from bot.review.decisions import Decision
from bot.review.edits import propose, titles
from bot.review.work import assign, proposal, set_aside
from bot.yaml_source import read
from tests.support.project import Project, copy_of_content
from tests.support.talk import Talk
from tests.unit.review.conftest import Memory

Make = Callable[..., Memory]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The content, to be changed."""
    return copy_of_content(tmp_path)


def decided(text: str, intent: str) -> Decision:
    """A decision on a message of this text."""
    return Decision(f"mark of {text}", text, intent)


def test_what_was_decided_on_does_not_come_back(memory: Make) -> None:
    store = memory(Talk().not_understood("who buys the laptops").not_understood("a b c"))
    second, first = store.review().groups
    assign(store, first.items, "faq/cost", PROJECT)
    set_aside(store, second.items)

    assert store.review().groups == ()

    store.talks = (*store.talks, Talk().not_understood("Who buys the laptops?"))
    assert store.review().groups == ()
    store.take_back([first.items[0].mark])
    assert len(store.review().groups[0].items) == 2


def test_a_thumbs_down_comes_back_when_it_is_a_new_one(memory: Make) -> None:
    store = memory(Talk().answered("what is bpo").rates("down"))
    set_aside(store, store.review().groups[0].items)
    store.talks = (*store.talks, Talk().answered("what is bpo").rates("down"))

    assert [len(g.items) for g in store.review().groups] == [1]


def test_all_wordings_of_a_group_become_examples_or_only_one(memory: Make) -> None:
    talk = Talk().not_understood("who pays for laptops").not_understood("who pays for the laptops")
    store = memory(talk)
    (group,) = store.review().groups
    one = store.review().items(group.wordings[1][0].mark[:6])

    assert len(assign(store, store.review().items(group.ref), "faq/cost", PROJECT)) == 2
    assert len(assign(store, one, "faq/risks_outsourcing", PROJECT)) == 1
    diff = proposal(store, PROJECT).diff()
    assert diff.count("\n+ ") == 2
    assert "data/nlu/risks_outsourcing.yml" in diff


def test_an_example_goes_to_the_end_of_its_block_and_nothing_else_changes(project: Project) -> None:
    found = propose([decided("who buys the laptops", "faq/define_bpo")], project.root)

    (edit,) = found.edits
    old, new = edit.old.splitlines(), edit.new.splitlines()
    place = project.line("data/nlu/define_bpo.yml", "responses:") - 1
    assert new == [*old[:place], "    - who buys the laptops", *old[place:]]
    assert edit.diff().startswith("--- a/data/nlu/define_bpo.yml\n+++ b/data/nlu/define_bpo.yml\n")
    assert project.read(edit.file) == edit.old


def test_several_intents_of_one_file_each_get_theirs(project: Project) -> None:
    decisions = [decided(f"to {i} then", i) for i in ("greet", "goodbye", "complain", "greet")]
    found = propose([*decisions, decided("once more to greet", "greet")], project.root)
    found.write(project.root, project.faults)

    written = read(project.root / "data/nlu/conversation.yml", "conversation.yml").data["nlu"]
    last = {e["intent"]: e["examples"].rstrip().splitlines()[-1] for e in written}
    assert last["greet"] == "- once more to greet"
    assert last["goodbye"] == "- to goodbye then"
    assert last["complain"] == "- to complain then"
    assert project.faults() == []


def test_comments_odd_spacing_line_ends_and_a_missing_last_line_end_stay(project: Project) -> None:
    text = (
        "# ours\r\nnlu:\r\n-   intent: out_of_scope   # here\r\n"
        "    examples: |\r\n        - one thing\r\n\r\n        - another thing"
    )
    project.write("data/nlu/out_of_scope.yml", text)
    (edit,) = propose([decided("purple giraffes", "out_of_scope")], project.root).edits

    assert edit.new == f"{text}\r\n        - purple giraffes\r\n"


@pytest.mark.parametrize(
    ("said", "example"),
    [
        ("a [thing](process) and {this}", "a (thing)(process) and (this)"),
        ("two\nlines\tof  it", "two lines of it"),
        ("- - a list", "a list"),
        ("it: 'is' \"odd\" # really", "it: 'is' \"odd\" # really"),
    ],
)
def test_whatever_was_said_is_one_line_of_plain_text(
    project: Project, said: str, example: str
) -> None:
    propose([decided(said, "out_of_scope")], project.root).write(project.root, project.faults)

    written = read(project.root / "data/nlu/out_of_scope.yml", "out_of_scope.yml").data["nlu"]
    assert written[0]["examples"].rstrip().endswith(f"\n- {example}")


def test_what_is_there_already_is_not_added_twice(project: Project) -> None:
    found = propose(
        [decided("What is BPO?", "faq/define_bpo"), decided("what is bpo", "greet")], project.root
    )

    assert found.edits == ()
    assert found.marks == ("mark of What is BPO?",)
    assert list(found.left_out.values()) == [
        "“what is bpo” is already an example of faq/define_bpo"
    ]


def test_what_breaks_the_content_is_taken_back(project: Project) -> None:
    found = propose([decided("who buys the laptops", "faq/cost")], project.root)
    faults = iter([[], [ContentError("data/nlu/cost.yml", 9, "this is wrong", "mend it")]])

    with pytest.raises(BotError, match=r"this is wrong.*nothing was changed"):
        found.write(project.root, lambda: next(faults))
    assert project.read("data/nlu/cost.yml") == found.edits[0].old
    assert not list((project.root / "data/nlu").glob(".*"))


def test_a_fault_that_was_there_before_does_not_stand_in_the_way(project: Project) -> None:
    project.write("data/nlu/zz_empty.yml", "nlu:\n- intent: hm\n  examples: ''\n")
    found = propose([decided("who buys the laptops", "faq/cost")], project.root)

    found.write(project.root, project.faults)
    assert "- who buys the laptops\n" in project.read("data/nlu/cost.yml")


@pytest.mark.parametrize(
    ("intent", "hint"),
    [
        ("faq/define_bop", "did you mean “faq/define_bpo”?"),
        ("define_bpo", "did you mean “faq/define_bpo”?"),
        ("inform", "review topics"),
        ("nlu_fallback", "review topics"),
    ],
)
def test_what_cannot_be_assigned_to_is_refused_in_words(
    memory: Make, intent: str, hint: str
) -> None:
    store = memory(Talk().not_understood("who buys the laptops"))

    with pytest.raises(BotError) as refused:
        assign(store, store.review().groups[0].items, intent, PROJECT)
    assert f"there is no “{intent}” to assign it to" in str(refused.value)
    assert hint in str(refused.value)
    assert store.decisions() == []


@pytest.mark.parametrize("ref", ["", "g", "zzzz", "123456"])
def test_a_reference_that_leads_nowhere_is_refused_in_words(memory: Make, ref: str) -> None:
    review = memory(Talk().not_understood("who buys the laptops")).review()

    with pytest.raises(BotError, match="nothing to review is called"):
        review.items(ref)
    with pytest.raises(BotError, match="no conversation"):
        review.conversation(ref)


def test_out_of_scope_is_offered_last() -> None:
    offered = titles(PROJECT)

    assert list(offered)[-1] == "out_of_scope"
    assert offered["faq/define_bpo"] == "What is BPO?"
    assert not {"inform", "unsure", "nlu_fallback", "faq"} & offered.keys()
