"""What is wrong in data/nlu/, data/stories/ and domain.yml is named with its file and line."""

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

DOMAIN = "domain.yml"
CONFIG = "config.yml"
ANSWERS = "data/nlu/answers.yml"
SPECTRUM = "data/nlu/spectrum.yml"
NEW = "data/nlu/zz_new.yml"
STORIES = "data/stories/zz_new.yml"

TOPIC = """\
version: "3.1"
nlu:
- intent: faq/sock_darning
  metadata:
    title: Darning socks
  examples: |
    - who darns my socks abroad
    - offshore sock darning
responses:
  utter_faq/sock_darning:
  - text: Nobody does.
    buttons:
    - title: Greet
      payload: /greet
"""
RULE = """\
version: "3.1"
rules:
- rule: Greet twice
  steps:
  - intent: greet
  - action: utter_greet
"""


def topic(old: str, new: str, without_answer: bool = False) -> Edit:
    """A file with one more topic, sound but for one change."""
    assert old in TOPIC
    text = TOPIC[: TOPIC.index("responses:")] if without_answer else TOPIC
    return written(NEW, text.replace(old, new, 1))


def rule(old: str, new: str) -> Edit:
    """A file with one more rule, sound but for one change."""
    assert old in RULE
    return written(STORIES, RULE.replace(old, new, 1))


def example(line: str) -> Edit:
    """One more topic with one more example."""
    return topic("    - offshore", f"    {line}\n    - offshore")


NLU = [
    pytest.param(
        topic("faq/sock_darning\n", "fqa/sock_darning\n", without_answer=True),
        NEW, "intent: fqa", "the intent “fqa/sock_darning” is not in domain.yml",
        "did you mean “faq”?",
        id="unknown intent",
    ),
    pytest.param(
        topic("faq/sock_darning\n", "sock_darning\n", without_answer=True),
        NEW, "intent: sock", "the intent “sock_darning” is not in domain.yml, and no rule",
        "add a rule for it to this file",
        id="new intent that no rule answers",
    ),
    pytest.param(
        replaced("data/stories/conversation.yml", "intent: praise", "intent: thank"),
        "data/nlu/conversation.yml", "intent: praise", "“praise” is met with silence",
        "add a rule that answers it",
        id="intent whose rule is gone",
    ),
    pytest.param(
        example("- Why do you ASK that?"),
        NEW, "- Why do you ASK", "the same words stand under “why_ask” in data/nlu/conv",
        "keep them where they fit best",
        id="same example under two intents",
    ),
    pytest.param(
        example('- [socks]{"entity": standardization}'),
        NEW, "- [socks]", "cannot be read", 'write it as [text]{"entity"',
        id="annotation that is not JSON",
    ),
    pytest.param(
        example('- [socks]{"entity": "standardization"'),
        NEW, "- [socks]", "an annotation is not closed", 'write it as [text]{"entity"',
        id="annotation that is not closed",
    ),
    pytest.param(
        example('- [socks]{"value": "high"}'),
        NEW, "- [socks]", "cannot be read", 'write it as [text]{"entity"',
        id="annotation without an entity",
    ),
    pytest.param(
        example('- [socks]{"entity": "standardization", "value": "hihg"}'),
        NEW, "- [socks]", "“hihg” is no level of standardization", "did you mean “high”?",
        id="unknown level",
    ),
    pytest.param(
        example('- [socks]{"entity": "goal", "value": ["cost"]}'),
        NEW, "- [socks]", "“['cost']” is no level of goal", "cost",
        id="list as a level",
    ),
    pytest.param(
        example("- [socks](standardization)"),
        NEW, "- [socks]", "“socks” is no level of standardization", "high, low, partly",
        id="text that is no level, marked as one",
    ),
    pytest.param(
        example('- [socks]{"entity": "standardisation", "value": "high"}'),
        NEW, "- [socks]", "the entity “standardisation” is unknown",
        "did you mean “standardization”?",
        id="unknown entity",
    ),
    pytest.param(
        example('- [socks]{"entity": ["goal"], "value": "cost"}'),
        NEW, "- [socks]", "the entity “['goal']” is unknown", "",
        id="list as an entity",
    ),
    pytest.param(
        example('- [socks]{"entity": "criterion", "value": "socks"}'),
        NEW, "- [socks]", "“socks” is no criterion", "known here: authority",
        id="unknown criterion",
    ),
    pytest.param(
        example("darning in general"),
        NEW, "darning in", "“darning in general” is not an example", "start it with “- ”",
        id="example without a dash",
    ),
    pytest.param(
        topic("    - offshore sock darning\n", ""),
        NEW, "intent:", "“faq/sock_darning” has 1 example", "at least two",
        id="intent with one example",
    ),
    pytest.param(
        topic("  examples: |\n    - who darns my socks abroad\n    - offshore sock darning\n", ""),
        NEW, "intent:", "“examples” is missing in entry 1 of “nlu”", "add `examples:`",
        id="intent without examples",
    ),
    pytest.param(
        topic("examples: |", "examples:"),
        NEW, "examples:", "“examples” should be text", "neighbouring entry",
        id="examples as a list",
    ),
    pytest.param(
        topic("intent: faq/sock_darning", "intent: 5"),
        NEW, "intent:", "“intent” should be text", 'put it in quotes: "5"',
        id="number as an intent",
    ),
    pytest.param(
        topic("  metadata:\n", "  metdata:\n"),
        NEW, "metdata:", "“metdata” is not a known key", "did you mean “metadata”?",
        id="unknown key of an intent",
    ),
    pytest.param(
        topic("nlu:", "nlus:"),
        NEW, "nlus:", "“nlus” is not a known key", "did you mean “nlu”?",
        id="unknown key of a file",
    ),
    pytest.param(
        written(NEW, "version: '3.1'\nnlu:\n"),
        NEW, "nlu:", "“nlu” should be a list", "neighbouring entry",
        id="nothing where intents are wanted",
    ),
    pytest.param(
        topic("", "", without_answer=True),
        NEW, "intent:", "“faq/sock_darning” has no answer", "add `utter_faq/sock_darning:`",
        id="FAQ topic without an answer",
    ),
    pytest.param(
        replaced(SPECTRUM, "utter_faq/spectrum:", "utter_faq/spectrum:\n  - text: It.\n"
                 "  utter_faq/spectra:"),
        SPECTRUM, "utter_faq/spectra:", "answers a topic that does not exist",
        "did you mean “faq/spectrum”?",
        id="answer without a topic",
    ),
    pytest.param(
        topic("Nobody does.", "Nobody does. " * 50),
        NEW, "text: Nobody", "the answer has 649 characters", "keep it to 600",
        id="answer too long",
    ),
    pytest.param(
        topic("text: Nobody does.", "text: ''"),
        NEW, "text:", "“utter_faq/sock_darning” has no text", "add `text:`",
        id="answer that says nothing",
    ),
    pytest.param(
        topic("  - text: Nobody does.\n    buttons:\n    - title: Greet\n      payload: /greet\n",
              "    []\n"),
        NEW, "utter_faq/sock_darning:", "“utter_faq/sock_darning” is empty", "fill it",
        id="answer without a variant",
    ),
    pytest.param(
        topic("- text: Nobody does.", "- text: 12"),
        NEW, "text: 12", "“text” should be text", 'put it in quotes: "12"',
        id="number as an answer",
    ),
    pytest.param(
        topic("/greet", "/great"),
        NEW, "/great", "the button's intent “great” is unknown", "did you mean “greet”?",
        id="button to an unknown intent",
    ),
    pytest.param(
        topic("/greet", "tell me about sock puppets"),
        NEW, "puppets", "the button says “tell me about sock puppets”, which is no example",
        "use an example of the topic",
        id="button text that is no example",
    ),
    pytest.param(
        topic("\n      payload: /greet", ""),
        NEW, "- title: Greet", "“payload” is missing in entry 1 of “buttons”", "add `payload:`",
        id="button without a payload",
    ),
    pytest.param(
        topic("title: Darning", "titel: Darning"),
        NEW, "titel:", "“titel” is not a known key", "did you mean “title”?",
        id="misspelt title",
    ),
    pytest.param(
        topic("examples: |", "exmaples: |"),
        NEW, "exmaples:", "“exmaples” is not a known key", "did you mean “examples”?",
        id="misspelt key that is needed is told once",
    ),
    pytest.param(
        topic("title: Darning socks", "title: Darning socks\n    tests: [Offshore sock darning!]"),
        NEW, "tests:", "the test “Offshore sock darning!” is an example too, in data/nlu/zz_new",
        "test with a sentence that is none",
        id="test that is an example",
    ),
    pytest.param(
        topic("title: Darning socks", "title: " + "Darning socks " * 6),
        NEW, "title:", "“title” is too long (83 characters)", "keep it to 75",
        id="title too long for a button",
    ),
    *(
        pytest.param(
            topic("Nobody does.", f"See {link} for who does."),
            NEW, "text: See", f"the link “{link}” is malformed", "write it as https://host/path",
            id=f"malformed link {number}",
        )
        for number, link in enumerate(
            ("https:/a.example/x", "htp://a.example", "http//a.example", "www.a.example", "https://a",
             "https://a..example", "https://a.example:port", "ftp://a.example")
        )
    ),
    pytest.param(written(NEW, ""), NEW, 1, "this file is empty", "delete it", id="empty file"),
    pytest.param(
        topic("    title: Darning", "\ttitle: Darning"),
        NEW, "title: Darning", "a tab stands", "indent with spaces",
        id="tab",
    ),
]  # fmt: skip

RULES = [
    pytest.param(
        replaced("data/stories/conversation.yml", "intent: faq\n", "intent: faq/spectrum\n"),
        "data/nlu/bpo_benefits.yml", "intent:", "“faq/bpo_benefits” is met with silence",
        "add a rule that answers it",
        id="rule for one topic only",
    ),
    pytest.param(
        rule("\n  - action: utter_greet", ""),
        STORIES, "- rule: Greet twice", "nothing follows in “Greet twice”", "add an `action:`",
        id="rule that does nothing",
    ),
    pytest.param(
        rule("intent: greet", "intent: great"),
        STORIES, "intent: great", "the intent “great” is unknown", "did you mean “greet”?",
        id="rule with an unknown intent",
    ),
    pytest.param(
        rule("action: utter_greet", "action: utter_great"),
        STORIES, "utter_great", "the action “utter_great” is unknown",
        "did you mean “utter_greet”?",
        id="rule with an unknown response",
    ),
    pytest.param(
        rule("action: utter_greet", "action: action_recomend"),
        STORIES, "action_recomend", "the action “action_recomend” is unknown",
        "did you mean “action_recommend”?",
        id="rule with an unknown action",
    ),
    pytest.param(
        rule("action: utter_greet", "action: utter_greet\n  - active_loop: sorcing_form"),
        STORIES, "sorcing_form", "the form “sorcing_form” is unknown",
        "did you mean “sourcing_form”?",
        id="rule with an unknown form",
    ),
    pytest.param(
        rule("- intent: greet", "- or:\n    - intent: greet\n    - intent: great"),
        STORIES, "great", "the intent “great” is unknown", "did you mean “greet”?",
        id="rule with an unknown intent among several",
    ),
    pytest.param(
        written(STORIES, RULE[: RULE.index("  steps:")]),
        STORIES, "rule:", "“steps” is missing in entry 1 of “rules”", "add `steps:`",
        id="rule without steps",
    ),
    pytest.param(
        rule("  steps:\n  - intent: greet\n  - action: utter_greet", "  steps: []"),
        STORIES, "steps:", "“steps” is empty", "fill it",
        id="rule with no step",
    ),
    pytest.param(
        rule("- intent: greet", "- greet"),
        STORIES, "- greet", "entry 1 of “steps” should be a mapping", "neighbouring entry",
        id="step that is only a name",
    ),
    pytest.param(
        rule("- intent: greet", "- intnet: greet"),
        STORIES, "intnet", "“intnet” is not a known key", "did you mean “intent”?",
        id="misspelt key of a step",
    ),
    pytest.param(
        rule("rules:", "rule:"),
        STORIES, "rule:", "“rule” is not a known key", "did you mean “rules”?",
        id="misspelt key of a file",
    ),
]  # fmt: skip

STRAY = [
    pytest.param(
        written("data/nlu/zz_new.yaml", TOPIC),
        "data/nlu/zz_new.yaml", 1, "nothing reads this file", "rename it to zz_new.yml",
        id="other ending",
    ),
    pytest.param(
        written("data/advice/process.yml", "a: b"), "data/advice/process.yml", 1,
        "nothing reads this file", "move it to one of data/nlu, data/stories, data/advice/proc",
        id="wrong folder",
    ),
    pytest.param(
        written("data/notes.csv", "a,b"), "data/notes.csv", 1, "nothing reads this file",
        "or delete it",
        id="no YAML",
    ),
]  # fmt: skip

SETUP = [
    pytest.param(
        replaced(DOMAIN, "intents:\n", "intents:\n  - [\n"),
        DOMAIN, "- faq", "not valid YAML", "brackets",
        id="domain that is not YAML",
    ),
    pytest.param(
        written(DOMAIN, "just a text\n"),
        DOMAIN, 1, "the file should be a mapping", "neighbouring entry",
        id="domain that is a text",
    ),
    pytest.param(deleted(DOMAIN), DOMAIN, 1, "missing", "restore it", id="domain missing"),
    pytest.param(
        replaced(DOMAIN, "intents:", "intentions:\n  - none\nintents:"),
        DOMAIN, "intentions:", "“intentions” is not a known key", "did you mean “intents”?",
        id="misspelt key of the domain",
    ),
    pytest.param(
        replaced(DOMAIN, "  - faq\n", "  - faq\n  - 5\n"),
        DOMAIN, "- 5", "entry 2 of “intents” should be text or a mapping", 'quotes: "5"',
        id="number among the domain's intents",
    ),
    pytest.param(
        replaced(DOMAIN, "    - text: You are welcome.", "      You are welcome."),
        DOMAIN, "utter_thank:", "“utter_thank” should be a list", "neighbouring entry",
        id="response of the domain that is only a text",
    ),
    pytest.param(
        appended(CONFIG, "\tpolicies:\n"),
        CONFIG, "\tpolicies", "a tab stands where spaces should", "indent with spaces",
        id="configuration with a tab",
    ),
    pytest.param(
        written(CONFIG, "pipeline:\n- name: x\n"),
        CONFIG, 1, "“policies” is missing", "add `policies:`",
        id="configuration without policies",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "file", "at", "what", "hint"), [*NLU, *RULES, *STRAY, *SETUP])
def test_a_fault_is_named_where_it_stands(
    project: Project, edit: Edit, file: str, at: str | int, what: str, hint: str
) -> None:
    edit(project)
    assert_only_fault(project, file, at, what, hint)


def test_an_intent_may_have_details_in_the_domain(project: Project) -> None:
    project.replace(DOMAIN, "  - greet\n", "  - greet:\n      use_entities: []\n")
    assert project.faults() == []


def test_a_sound_topic_and_a_sound_rule_are_no_fault(project: Project) -> None:
    project.write(NEW, TOPIC)
    project.write(STORIES, RULE)
    assert project.faults() == []


def test_faults_of_several_files_are_all_named(project: Project) -> None:
    project.write(NEW, "")
    project.write(STORIES, "\tno")
    project.delete("data/advice/sources.yml")
    assert {f.file for f in project.faults()} == {NEW, STORIES, "data/advice/sources.yml"}


def test_the_project_as_it_is_has_no_fault(sound: Project) -> None:
    assert sound.faults() == []


def test_an_intent_with_its_rule_in_the_same_file_needs_no_line_in_the_domain(
    project: Project,
) -> None:
    told = "".join(RULE.splitlines(keepends=True)[1:]).replace("greet", "sock_darning")
    project.write(NEW, TOPIC.replace("faq/sock_darning", "sock_darning") + told)
    assert project.faults() == []
