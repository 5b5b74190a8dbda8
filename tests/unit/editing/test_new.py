"""`python -m bot new` writes one entry in one file, leaves the rest as it is, and tries it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bot.advice import loader
from bot.cli.adding import new
from bot.cli.main import main
from bot.editing.writing import folded, scalar, slug
from bot.errors import BotError
from bot.yaml_source import read
from tests.support.project import Project
from tests.unit.cli.command import run

SOCKS = {
    "name": "Sock darning",
    "function": "Finance",
    "said": ["mending socks", "holes in stockings"],
    "expertise": "low",
    "standardization": "high",
}
FINANCE = "data/advice/processes/finance.yml"
HOURS = {
    "title": "When we are there: hours",
    "topic": "opening_hours",
    "example": ["when are you open", "which office hours do you keep", "at what time do you close"],
    "answer": "From nine to five, Monday to Friday: always.",
}


def add(project: Project, kind: str, given: dict[str, Any]) -> None:
    """Adds something that must come out sound."""
    assert new(kind, given, train=False, project=project.root) == 0


def test_a_process_is_one_entry_at_the_end_of_its_functions_file(project: Project) -> None:
    before = project.read(FINANCE)

    add(project, "process", SOCKS)

    assert project.read(FINANCE).startswith(before)
    process = loader.load(project.root).processes["sock_darning"]
    assert process.function == "Finance"
    assert process.said == ("mending socks", "holes in stockings")
    assert process.published.value == "BPO"


def test_a_process_is_tried_by_its_names(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    add(project, "process", SOCKS)

    told = capsys.readouterr().out
    line = project.line(FINANCE, "  sock_darning:")
    assert told.startswith(f"Wrote {FINANCE}:{line}\nThe content is sound.\n")
    assert "should we outsource holes in stockings? → sock_darning (found by name)" in told
    assert "Sock darning: BPO" in told
    assert "nothing needs training" in told


def test_a_process_of_a_new_function_gets_a_file_with_a_comment(project: Project) -> None:
    add(project, "process", {**SOCKS, "function": "Textile care"})

    text = project.read("data/advice/processes/textile_care.yml")
    assert text.startswith("# Textile care: ")
    assert "function: Textile care\n" in text


def test_the_class_follows_from_the_usual_answers(project: Project) -> None:
    expert = {"standardization": "low", "expertise": "high", "authority": "provider"}
    add(project, "process", {**SOCKS, **expert})

    assert loader.load(project.root).processes["sock_darning"].published.value == "KPO"


def test_a_use_case_stands_with_its_like_and_takes_over_from_its_process(
    project: Project,
) -> None:
    given = {"title": "A hotel: payroll", "text": "All of it.", "process": ["paying employees"]}

    add(project, "use-case", given)

    text = project.read("data/advice/use_cases/people.yml")
    assert text.index("\n  a_hotel_payroll:\n") > text.index("hospitality_payroll")
    case = next(u for u in loader.load(project.root).use_cases if u.id == "a_hotel_payroll")
    assert (case.title, case.outcome.value) == ("A hotel: payroll", "BPO")
    assert case.processes == ("payroll",)


def test_an_faq_topic_is_one_file_and_its_test_sentence_is_tried(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {
        "title": "What is sock darning?",
        "example": ["what is sock darning", "tell me of darning socks", "darning socks meaning"],
        "answer": "Mending: “with” yarn, 100 % by hand.",
        "test": ["please explain to me what sock darning is"],
    }

    add(project, "faq", given)

    topic = read(project.root / "data/nlu/what_is_sock_darning.yml", "topic").data
    assert topic["responses"] == {"utter_faq/what_is_sock_darning": [{"text": given["answer"]}]}
    told = capsys.readouterr().out
    sentence = re.escape(given["test"][0])
    assert re.search(f"✓ {sentence} → faq/what_is_sock_darning 0\\.\\d\\d\n", told)
    assert "once it is trained" in told


def test_a_story_needs_no_line_in_any_other_file(project: Project) -> None:
    add(project, "story", {**HOURS, "then": ["action_summary"]})

    topic = read(project.root / "data/stories/opening_hours.yml", "topic").data
    steps = topic["rules"][0]["steps"]
    assert steps[1:] == [{"action": "utter_opening_hours"}, {"action": "action_summary"}]
    assert "opening_hours" not in project.read("domain.yml")


def test_what_is_not_sound_is_said_with_its_line(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {**HOURS, "then": ["action_sumary"]}

    assert new("story", wrong, train=False, project=project.root) == 1

    line = project.line("data/stories/opening_hours.yml", "action_sumary")
    assert (
        f"data/stories/opening_hours.yml:{line}: the action “action_sumary” is unknown, "
        "did you mean “action_summary”?" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        ("faq", {}, "still missing: --title (What is the question, as a title?)"),
        ("story", {**HOURS, "topic": "Öffnungs zeiten"}, "use “offnungs_zeiten”"),
        ("faq", {**HOURS, "topic": "spectrum"}, "data/nlu/spectrum.yml is there already"),
        ("process", {**SOCKS, "id": "risk_modelling"}, "stands in"),
        ("process", {**SOCKS, "goal": "fun"}, "--goal fun, use one of: cost, both, insight"),
        ("use-case", {"title": "x", "text": "y", "process": ["aura cleansing"]}, "no process"),
    ],
)
def test_nothing_is_written_where_something_is_missing_or_wrong(
    project: Project, kind: str, given: dict[str, Any], told: str
) -> None:
    if given.get("id"):
        entry = next(iter(read(project.root / FINANCE, FINANCE).data["processes"]))
        given = {**given, "id": entry}
    before = {f: f.read_bytes() for f in project.root.rglob("*.yml")}

    with pytest.raises(BotError, match=re.escape(told)):
        new(kind, given, train=False, project=project.root)

    assert {f: f.read_bytes() for f in project.root.rglob("*.yml")} == before


def test_an_entry_is_not_put_where_it_would_belong_to_something_else(project: Project) -> None:
    text = project.read(FINANCE).replace("function: Finance\n", "", 1) + "function: Finance\n"
    project.write(FINANCE, text)

    with pytest.raises(BotError, match="move `processes:` to the end"):
        new("process", SOCKS, train=False, project=project.root)

    assert project.read(FINANCE) == text


def test_what_flags_leave_out_is_asked_in_a_terminal(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed: Iterator[str] = iter(
        ["Sock darning", "", "", "Finance", "mending socks", "", "", "hihg", "high", "low"]
    )
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: next(typed, ""))

    add(project, "process", {})

    assert "Please type one of: high, partly, low." in capsys.readouterr().out
    process = loader.load(project.root).processes["sock_darning"]
    assert (process.defaults["standardization"], process.defaults["goal"]) == ("high", "both")


def test_the_flags_of_each_kind_are_told() -> None:
    result = run("new", "process", "--help")
    assert result.returncode == 0
    assert "--said" in result.stdout
    assert "--sensitivity" in result.stdout


def test_without_a_kind_the_kinds_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["new"])
    assert exit_.value.code == 2
    assert "faq|process|use-case|story" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ["plain", "no", "12", "a: b", "- a", "# a", "[a]", "it's", 'a "b"', "a, b", "ü 量", "yes", "~"],
)
def test_any_text_reads_back_as_it_was(text: str, project: Project) -> None:
    project.write("text.yml", f"flow: [{scalar(text)}]\nlist:\n- {scalar(text)}\nkey: "
                  f"{scalar(text)}\nfolded: {folded(text, 2)}")  # fmt: skip
    found = read(project.root / "text.yml", "text.yml").data
    assert found == {"flow": [text], "list": [text], "key": text, "folded": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("What's an SLA?", "whats_an_sla"), ("Über 3 km", "uber_3_km"), ("24/7", "t_24_7")],
)
def test_ids_are_made_of_titles(text: str, expected: str) -> None:
    assert slug(text) == expected
