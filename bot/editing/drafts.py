"""The form of new content: an FAQ topic, a process, a use case, a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.editing.writing import Draft, example_lines, flow, flow_map, folded, listed, scalar

_NLU = Path("data/nlu")
_STORIES = Path("data/stories")
PROCESSES = Path("data/advice/processes")
USE_CASES = Path("data/advice/use_cases")


@dataclass(frozen=True)
class Topic:
    """What is known of a new FAQ topic or story."""

    name: str
    title: str
    examples: Sequence[str]
    answer: str
    tests: Sequence[str] = ()
    then: Sequence[str] = ()


def faq(topic: Topic) -> Draft:
    """Return the file of a new FAQ topic."""
    head = f"# {_sentence(topic.title)} Add what people ask to the examples, one a line.\n"
    text = (
        f'version: "3.1"\n\nnlu:\n  - intent: faq/{topic.name}\n{_said(topic)}\n'
        f"responses:\n{_answer(f'utter_faq/{topic.name}', topic.answer)}"
    )
    return Draft(_NLU / f"{topic.name}.yml", text, head)


def story(topic: Topic) -> Draft:
    """Return the file of a new story: what is said, what is answered, what happens next."""
    head = f"# {_sentence(topic.title)} All of it stands here; domain.yml needs no line.\n"
    then = "".join(f"      - action: {action}\n" for action in topic.then)
    text = (
        f'version: "3.1"\n\nnlu:\n  - intent: {topic.name}\n{_said(topic)}\n'
        "# What happens when somebody says it. More steps may follow: another `- action:` says or\n"
        "# does one thing more (an answer below, or an action of domain.yml).\n"
        f"rules:\n  - rule: {scalar(topic.title)}\n    steps:\n      - intent: {topic.name}\n"
        f"      - action: utter_{topic.name}\n{then}\n"
        f"responses:\n{_answer(f'utter_{topic.name}', topic.answer)}"
    )
    return Draft(_STORIES / f"{topic.name}.yml", text, head)


def _sentence(title: str) -> str:
    return title if title.endswith((".", "?", "!")) else f"{title}."


def _said(topic: Topic) -> str:
    tests = ""
    if topic.tests:
        tests = (
            "      # Sentences that must be understood as this topic. No example may repeat them.\n"
            f"      tests:\n{listed(topic.tests, 8)}"
        )
    return (
        "    metadata:\n      # What it is called on buttons.\n"
        f"      title: {scalar(topic.title)}\n{tests}"
        f"    examples: |\n{example_lines(topic.examples, 6)}"
    )


def _answer(name: str, text: str) -> str:
    return (
        "  # Two or three sentences; at most 600 characters are read in a chat.\n"
        f"  {name}:\n    - text: {folded(text, 8)}"
    )


@dataclass(frozen=True)
class NewProcess:
    """What is known of a new process."""

    id: str
    name: str
    short: str
    function: str
    said: Sequence[str]
    industry: Sequence[str]
    class_: str
    defaults: Mapping[str, str]
    sources: Sequence[str]
    note: str = ""


def process(new: NewProcess, file: Path) -> Draft:
    """Return the entry of a new process, at the end of its function's file."""
    head = (
        f"# {new.function}: the processes we know, each with the answers we assume until the "
        "person gives their own.\n# To add one, copy a block, give it a new id, change it and run "
        f"`python -m bot validate`.\nfunction: {scalar(new.function)}\nprocesses:\n"
    )
    note = f"    note: {folded(new.note, 6)}" if new.note else ""
    text = (
        f"  {new.id}:\n"
        f"    name: {scalar(new.name)}\n"
        f"    short: {scalar(new.short)}\n"
        "    # What people call it, longest and shortest forms too. Typos need no entry.\n"
        f"    said:\n{listed(new.said, 6)}"
        f"    industry: {flow(new.industry)}\n"
        "    # What the usual answers below lead to; the check says when they do not.\n"
        f"    class: {new.class_}\n"
        f"    defaults: {flow_map(new.defaults.items())}\n"
        "    # Keys of data/advice/sources.yml: where the class comes from.\n"
        f"    sources: {flow(new.sources)}\n"
        f"{note}"
    )
    return Draft(file, text, head, "processes", new.id)


@dataclass(frozen=True)
class NewUseCase:
    """What is known of a new use case."""

    id: str
    title: str
    text: str
    outcome: str
    processes: Sequence[str]
    industry: str
    tags: Sequence[str]
    levels: Mapping[str, str]
    sources: Sequence[str]


def use_case(new: NewUseCase, file: Path) -> Draft:
    """Return the entry of a new use case, at the end of its file."""
    head = (
        "# Use cases.\n# To add one: copy a block, give it an id of its own, change it, run "
        "`python -m bot validate`.\n# They are typical situations, not claims about named "
        "companies. Processes stand closest first.\nuse_cases:\n"
    )
    text = (
        f"  {new.id}:\n"
        f"    title: {scalar(new.title)}\n"
        f"    text: {folded(new.text, 6)}"
        f"    outcome: {new.outcome}\n"
        "    # Ids of data/advice/processes/, the closest first.\n"
        f"    processes: {flow(new.processes)}\n"
        f"    industry: {scalar(new.industry)}\n"
        f"    tags: {flow(new.tags)}\n"
        f"    levels: {flow_map(new.levels.items())}\n"
        f"    sources: {flow(new.sources)}\n"
    )
    return Draft(file, text, head, "use_cases", new.id)
