"""What is wrong in data/advice/ is named with its file, its line and a way to mend it."""

from __future__ import annotations

import pytest

from tests.support.project import Project
from tests.unit.content.edits import (
    Edit,
    appended,
    assert_only_fault,
    deleted,
    replaced,
    written,
)

CRITERIA = "data/advice/criteria.yml"
DECISIONS = "data/advice/decisions.yml"
SAFEGUARDS = "data/advice/safeguards.yml"
SOURCES = "data/advice/sources.yml"
IP = "data/advice/processes/ip.yml"
STRATEGY = "data/advice/processes/strategy.yml"
CASES = "data/advice/use_cases/article.yml"
NEW = "data/advice/processes/zz_new.yml"

PROCESS = """\
function: New
processes:
  {id}:
    name: {name}
    short: {name}
    said: [{said}]
    industry: [any]
    class: BPO
    defaults:
      {{standardization: high, expertise: low, sensitivity: low,
       authority: client, core: no, goal: cost}}
    sources: [article]
"""
NEW_PROCESS = {"id": "sock_darning", "name": "Sock darning", "said": "darning socks"}


def process(**changes: str) -> str:
    """A file with one sound process, but for the changes."""
    return PROCESS.format(**{**NEW_PROCESS, **changes})


YAML = [
    pytest.param(
        replaced(STRATEGY, "    class: KEEP", "\tclass: KEEP"),
        STRATEGY, "class: KEEP", "a tab stands where spaces should", "indent with spaces",
        id="tab",
    ),
    pytest.param(
        replaced(STRATEGY, "    class: KEEP", "   class: KEEP"),
        STRATEGY, "class: KEEP", "not valid YAML", "check indents",
        id="indent",
    ),
    pytest.param(
        replaced(STRATEGY, "    note: A", "    note: Beware: a"),
        STRATEGY, "note: Beware", "a colon is not expected here", "in quotes",
        id="colon in a text",
    ),
    pytest.param(
        written(NEW, process().replace("name: ", "name: '")),
        NEW, "name:", "a quoted text is not closed", "the same quote at its end",
        id="quote not closed",
    ),
    pytest.param(
        replaced(STRATEGY, "    note: A", "    note: @A"),
        STRATEGY, "note:", "cannot begin with “@”", "put it in quotes",
        id="text that begins with @",
    ),
    pytest.param(
        replaced(STRATEGY, "    note: A", "    note: *A"),
        STRATEGY, "note:", "cannot begin with “*”", "put it in quotes",
        id="text that begins with *",
    ),
    pytest.param(
        appended(STRATEGY, "---\nfunction: Two\n"),
        STRATEGY, "---", "a second document", "delete the line “---”",
        id="second document",
    ),
    pytest.param(
        replaced(STRATEGY, "    class: KEEP", "    class: KEEP\n    class: BPO"),
        STRATEGY, "class: BPO", "“class” is given twice here", "merge the two",
        id="duplicate key",
    ),
    pytest.param(
        replaced(STRATEGY, "    note:", "    ? [a, b]\n    : c\n    note:"),
        STRATEGY, "? [a, b]", "cannot be a key", "in quotes",
        id="list as a key",
    ),
    pytest.param(
        written(NEW, process().replace("darning socks", "&a [*a]")),
        NEW, 1, "nested too deeply", "without so many levels",
        id="list that holds itself",
    ),
    pytest.param(
        written(NEW, process().replace("[any]", "[" * 2000 + "]" * 2000)),
        NEW, 1, "nested too deeply", "without so many levels",
        id="thousands of levels",
    ),
    pytest.param(
        written(NEW, process(name="Café").encode("latin-1")),
        NEW, 4, "not UTF-8", "save it as UTF-8",
        id="other encoding",
    ),
    pytest.param(
        written(NEW, process(name="Sock\x02darning")),
        NEW, 4, "an invisible character stands here (U+0002)", "delete it",
        id="control character",
    ),
    pytest.param(written(NEW, ""), NEW, 1, "this file is empty", "delete it", id="empty file"),
    pytest.param(
        written(NEW, "# Nothing yet.\n"), NEW, 1, "this file is empty", "delete it",
        id="file with comments only",
    ),
    pytest.param(deleted(SOURCES), SOURCES, 1, "missing", "restore it", id="missing file"),
]  # fmt: skip

FORM = [
    pytest.param(
        written(NEW, "- just\n- a list\n"),
        NEW, 1, "the file should be a mapping", "neighbouring entry",
        id="list where a mapping is wanted",
    ),
    pytest.param(
        replaced(STRATEGY, "    class: KEEP", "    clas: KEEP\n    class: KEEP"),
        STRATEGY, "clas: KEEP", "“clas” is not a known key", "did you mean “class”?",
        id="misspelt key",
    ),
    pytest.param(
        replaced(STRATEGY, "    class: KEEP", "    class: KEEP\n    xyzzy: KEEP"),
        STRATEGY, "xyzzy", "“xyzzy” is not a known key", "known here: name, short, said",
        id="unknown key",
    ),
    pytest.param(
        replaced(STRATEGY, "    short: corporate strategy and deal decisions\n", ""),
        STRATEGY, "corporate_strategy:", "“short” is missing in “corporate_strategy”",
        "add `short:`",
        id="missing key",
    ),
    pytest.param(
        replaced(STRATEGY, "    industry: [any]", "    industry: any"),
        STRATEGY, "industry:", "“industry” should be a list", "neighbouring entry",
        id="text where a list is wanted",
    ),
    pytest.param(
        replaced(STRATEGY, "    industry: [any]", "    industry:"),
        STRATEGY, "industry:", "“industry” should be a list", "neighbouring entry",
        id="nothing where a list is wanted",
    ),
    pytest.param(
        replaced(STRATEGY, "      - corporate strategy", "      - 1099"),
        STRATEGY, "- 1099", "entry 1 of “said” should be text", 'put it in quotes: "1099"',
        id="number where text is wanted",
    ),
    pytest.param(
        replaced(STRATEGY, "    short: ", "    short: true #"),
        STRATEGY, "short: true", "“short” should be text", 'put it in quotes: "true"',
        id="truth value where text is wanted",
    ),
    pytest.param(
        replaced(CRITERIA, "points: 17", "points: many"),
        CRITERIA, "points: many", "“points” should be a whole number", "neighbouring entry",
        id="text where a number is wanted",
    ),
    pytest.param(
        replaced(CRITERIA, "points: 17", "points: " + "9" * 5000),
        CRITERIA, "points: 9", "“points” should be a whole number", "neighbouring entry",
        id="number longer than Python reads",
    ),
    pytest.param(
        replaced(CRITERIA, "points: 17", "points: 117"),
        CRITERIA, "points: 117", "117 is not possible for “points”", "use 0 to 100",
        id="number out of range",
    ),
    pytest.param(
        replaced(CRITERIA, "short: [high,", "short: [{high: 1},"),
        CRITERIA, "short: [{high", "entry 1 of “short” should be text or a whole number", "",
        id="mapping among short answers",
    ),
    pytest.param(
        replaced(STRATEGY, "class: KEEP", "class: KEEPS"),
        STRATEGY, "class: KEEPS", "“KEEPS” is not possible for “class”", "use one of: BPO, KPO",
        id="unknown class",
    ),
    pytest.param(
        replaced(STRATEGY, "expertise: high", "expertise: higher"),
        STRATEGY, "expertise: higher", "“higher” is not possible for “expertise”",
        "use one of: low, medium, high",
        id="unknown level",
    ),
    pytest.param(
        replaced(STRATEGY, "    industry: [any]", "    industry: []"),
        STRATEGY, "industry:", "“industry” is empty", "fill it",
        id="empty list",
    ),
    pytest.param(
        replaced(STRATEGY, "  corporate_strategy:", "  corporate-strategy:"),
        STRATEGY, "corporate-strategy:", "“corporate-strategy” is not a valid id",
        "use letters, digits and _",
        id="id with a dash",
    ),
    pytest.param(
        replaced(STRATEGY, "    note: A", "    note: " + "Very " * 60 + "a"),
        STRATEGY, "note:", "“note” is too long (3", "keep it to 240",
        id="text too long",
    ),
    pytest.param(
        written(SOURCES, "sources:\n  here:\n    title: Here\n    url: www.example.org\n"),
        SOURCES, "url:", "“www.example.org” is not a valid url", "begin it with https://",
        id="bad URL",
    ),
]  # fmt: skip

MEANING = [
    pytest.param(
        written(NEW, process().replace("[article]", "[artikle]")),
        NEW, "artikle", "the source “artikle” is unknown", "did you mean “article”?",
        id="unknown source",
    ),
    pytest.param(
        appended(
            SAFEGUARDS,
            "  - id: one_more\n    when: {}\n    text: One more.\n    sources: [qqqq]\n",
        ),
        SAFEGUARDS, "qqqq", "the source “qqqq” is unknown", "use one that exists",
        id="unknown source that is like no other",
    ),
    pytest.param(
        replaced(CASES, "processes: [accounts_payable,", "processes: [accounts_payabel,"),
        CASES, "accounts_payabel", "there is no process “accounts_payabel”",
        "did you mean “accounts_payable”?",
        id="unknown process in a use case",
    ),
    pytest.param(
        written(NEW, process(id="patent_search")),
        NEW, "patent_search:", "“patent_search” already stands in data/advice/processes/ip.yml:5",
        "rename or merge it",
        id="same id in two files",
    ),
    pytest.param(
        replaced(SAFEGUARDS, "  - id: keep_preparation", "  - id: keep_review  # again"),
        SAFEGUARDS, "# again", "“keep_review” is given twice", "rename it",
        id="same id twice in a list",
    ),
    pytest.param(
        written(NEW, process(said="patents")),
        NEW, "patents", "“patents” already means the process “patent_search”",
        "keep it where it fits best",
        id="synonym of two processes",
    ),
    pytest.param(
        written(NEW, process().replace("short: Sock darning", "short: Patent")),
        NEW, "short: Patent", "“Patent” already means the process “patent_search”",
        "keep it where it fits best",
        id="name that is another process's synonym",
    ),
    pytest.param(
        written(NEW, process(said='"?!"')),
        NEW, "?!", "“?!” has no word in it", "write it in words",
        id="synonym without a word",
    ),
    pytest.param(
        written(NEW, process().replace("class: BPO", "class: KPO")),
        NEW, "class: KPO", "the defaults of “sock_darning” lead to BPO, not to KPO",
        "so that they agree",
        id="defaults that contradict the class",
    ),
    pytest.param(
        replaced(CRITERIA, "points: 35", "points: 36"),
        CRITERIA, "criteria:", "the highest points add up to 101", "add up to 100",
        id="points that do not make 100",
    ),
    pytest.param(
        replaced(CRITERIA, "points: 0", "points: 18"),
        CRITERIA, "levels:", "the points of standardization fall", "from the BPO side",
        id="points that fall",
    ),
    pytest.param(
        replaced(CRITERIA, "assume: partly", "assume: perhaps"),
        CRITERIA, "assume: perhaps", "“perhaps” is no level of standardization",
        "use one of: high, partly, low",
        id="assumed level that does not exist",
    ),
    pytest.param(
        replaced(CRITERIA, "      level: high", "      level: huge"),
        CRITERIA, "level: huge", "“huge” is no level of sensitivity", "low, medium, high",
        id="tie break on a level that does not exist",
    ),
    pytest.param(
        replaced(CRITERIA, "at_least: 60", "at_least: 66"),
        CRITERIA, "tie_break:", "no place is both at least 66 and at most 64", "swap the two",
        id="tie break that can never hold",
    ),
    pytest.param(
        replaced(CRITERIA, "short: [partly,", "short: [mostly, partly,"),
        CRITERIA, "short: [mostly,", "“mostly” already means “high”", "one level only",
        id="short answer with two meanings",
    ),
    pytest.param(
        replaced(CRITERIA, "How far can {process}", "How far can {proces}"),
        CRITERIA, "{proces}", "only {process} is filled in here", "delete all other braces",
        id="unknown placeholder in a question",
    ),
    pytest.param(
        replaced(DECISIONS, "reason: This is mostly", "reason: This {is mostly"),
        DECISIONS, "reason: This {", "only {because} is filled in here", "delete all other braces",
        id="lone brace in a reason",
    ),
    pytest.param(
        replaced(IP, "can one search method", "can {process}"),
        IP, "{process}", "nothing is filled in here", "without braces",
        id="placeholder where none is filled in",
    ),
    pytest.param(
        replaced(DECISIONS, "{core: [core], position", "{core: [core], goal: [cost], position"),
        DECISIONS, "id: brand_routine", "“brand_routine” can never decide anything", "move it up",
        id="rule whose cases all go to others",
    ),
    pytest.param(
        replaced(DECISIONS, "  - id: routine\n    when: {position: {at_most: 35}}",
                 "  - id: routine\n    when: {position: {at_least: 40, at_most: 35}}"),
        DECISIONS, "id: routine", "“routine” can never decide anything", "move it up",
        id="rule that contradicts itself",
    ),
    pytest.param(
        replaced(DECISIONS, "    when: {}", "    when: {separable: true}"),
        DECISIONS, "decisions:", "no rule covers standardization ",
        "add a last rule with `when: {}`",
        id="no last rule",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "file", "at", "what", "hint"), [*YAML, *FORM, *MEANING])
def test_a_fault_is_named_where_it_stands(
    project: Project, edit: Edit, file: str, at: str | int, what: str, hint: str
) -> None:
    edit(project)
    assert_only_fault(project, file, at, what, hint)
