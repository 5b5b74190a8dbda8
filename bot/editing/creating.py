"""Makes drafts of new content from an interview and from the content that there is."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.advice.finder import ProcessFinder
from bot.advice.model import Advice, Case, Outcome, Process
from bot.advice.verdict import decide
from bot.editing import drafts
from bot.editing.drafts import NewProcess, NewUseCase, Topic
from bot.editing.interview import Interview
from bot.editing.writing import Draft, slug
from bot.errors import BotError

_OUTCOMES = tuple(outcome.value for outcome in Outcome)
_LEVELS_OF_A_USE_CASE = ("standardization", "expertise", "sensitivity")


@dataclass(frozen=True)
class Created:
    """A draft, and the sentences to try once it is written, with what each should mean."""

    draft: Draft
    tries: Mapping[str, str]


Create = Callable[[Interview, Advice, Path], Created]


def faq(interview: Interview, _: Advice, __: Path) -> Created:
    """Make an FAQ topic: what people ask, and the answer."""
    topic = _topic(interview, "What is the question, as a title?", "What do people ask?")
    intent = f"faq/{topic.name}"
    return Created(drafts.faq(topic), dict.fromkeys(_to_try(topic), intent))


def story(interview: Interview, _: Advice, __: Path) -> Created:
    """Make a story: what people say, what is answered, what happens next."""
    topic = _topic(interview, "What is it about, as a title?", "What do people say?")
    then = interview.many(
        "then", "What else should be done after the answer (an action)?", optional=True
    )
    topic = dataclasses.replace(topic, then=then)
    return Created(drafts.story(topic), dict.fromkeys(_to_try(topic), topic.name))


def _topic(interview: Interview, title_question: str, examples_question: str) -> Topic:
    title = interview.one("title", title_question)
    name = interview.one("topic", "A short name for its file?", slug(title) if title else "")
    examples = interview.many("example", f"{examples_question} Ten ways or more are best.")
    answer = interview.one("answer", "The answer, in two or three sentences?")
    tests = interview.many("test", "Sentences to test it with, other than those?", optional=True)
    interview.check()
    return Topic(_id(name), title, examples, answer, tests)


def _to_try(topic: Topic) -> list[str]:
    return list(topic.tests or topic.examples[:3])


def process(interview: Interview, advice: Advice, project: Path) -> Created:
    """Make a process of the catalogue."""
    name = interview.one("name", "What is the process called?")
    short = interview.one("short", "And in a sentence: “should we outsource …?”", name.lower())
    process_id = interview.one("id", "Its id?", slug(short) if short else "")
    functions = _functions(advice, project)
    function = interview.one("function", f"Its function? Known: {', '.join(functions)}")
    said = interview.many("said", "What else do people call it?", [short] if short else [])
    industry = interview.many("industry", "In which industries?", ["any"])
    defaults = {}
    for criterion in advice.criteria.values():
        levels = {level.id: level.title for level in criterion.levels}
        meaning = "; ".join(f"{key}: {title}" for key, title in levels.items())
        defaults[criterion.id] = interview.one(
            criterion.id, f"{criterion.name}, usually? {meaning}", criterion.assume, [*levels]
        )
    sources = interview.many("source", "Keys of sources for it?", ["judgement"])
    note = str(interview.given.get("note") or "")
    interview.check()
    derived = _decided(advice, process_id, short, defaults)
    class_ = interview.one("class", "Its class?", derived, _OUTCOMES)
    known = {key.lower(): (key, file) for key, file in functions.items()}
    function, file = known.get(
        function.lower(), (function, drafts.PROCESSES / f"{slug(function)}.yml")
    )
    new = NewProcess(
        _id(process_id), name, short, function, said, industry, class_, defaults, sources, note
    )
    sentences = {f"should we outsource {text}?": new.id for text in (short, *said)}
    return Created(drafts.process(new, file), sentences)


def _functions(advice: Advice, project: Path) -> dict[str, Path]:
    """Return the file of each function, by the function's name."""
    owner = {process: p.function for process, p in advice.processes.items()}
    files = {}
    for file in sorted((project / drafts.PROCESSES).glob("*.yml")):
        text = file.read_text(encoding="utf-8")
        first = next((p for p in owner if f"\n  {p}:" in text), None)
        if first:
            files[owner[first]] = file.relative_to(project)
    return files


def _decided(advice: Advice, process_id: str, short: str, defaults: Mapping[str, str]) -> str:
    some = next(iter(advice.processes.values()))
    new: Process = dataclasses.replace(
        some, id=process_id, short=short, defaults=defaults, retained=None, separable=False
    )
    return decide(advice, Case(short, new)).outcome.value


def use_case(interview: Interview, advice: Advice, project: Path) -> Created:
    """Make a use case."""
    title = interview.one("title", "Who handed over what, as a title?")
    case_id = interview.one("id", "Its id?", slug(title) if title else "")
    text = interview.one("text", "What the provider does and what stays, in two sentences?")
    named = interview.many("process", "Which processes does it fit, the closest first?")
    if not named:
        interview.check()
    finder = ProcessFinder(advice.processes.values())
    processes = [_known(finder, name) for name in named]
    closest = advice.processes[processes[0]]
    outcome = interview.one("outcome", "The outcome?", closest.published.value, _OUTCOMES)
    industry = interview.one("industry", "The industry?", "any")
    tags = interview.many("tag", "A few words to find it by?", [closest.short])
    levels = {}
    for criterion in (advice.criteria[c] for c in _LEVELS_OF_A_USE_CASE):
        choices = [level.id for level in criterion.levels]
        usual = closest.defaults[criterion.id]
        levels[criterion.id] = interview.one(criterion.id, criterion.name, usual, choices)
    sources = interview.many("source", "Keys of sources for it?", ["judgement"])
    interview.check()
    new = NewUseCase(_id(case_id), title, text, outcome, processes, industry, tags, levels, sources)
    return Created(drafts.use_case(new, _file_of_cases(advice, project, closest)), {})


def _known(finder: ProcessFinder, name: str) -> str:
    process = finder.named(name)
    if process is None:
        raise BotError(f"there is no process “{name}”", "add it first: python -m bot new process")
    return process


def _file_of_cases(advice: Advice, project: Path, process: Process) -> Path:
    """Return the file that holds most cases of processes with the same function."""
    alike = [
        case.id
        for case in advice.use_cases
        if any(advice.processes[p].function == process.function for p in case.processes)
    ]
    counts: Counter[Path] = Counter()
    for file in sorted((project / drafts.USE_CASES).glob("*.yml")):
        text = file.read_text(encoding="utf-8")
        counts[file.relative_to(project)] = sum(f"\n  {case}:\n" in text for case in alike)
    best = counts.most_common(1)
    has_any = bool(best) and best[0][1] > 0
    return best[0][0] if has_any else drafts.USE_CASES / f"{slug(process.function)}.yml"


def _id(text: str) -> str:
    if slug(text) != text:
        raise BotError(f"“{text}” is not a valid id", f"use “{slug(text)}”")
    return text


KINDS: Mapping[str, Create] = {
    "faq": faq,
    "process": process,
    "use-case": use_case,
    "story": story,
}
