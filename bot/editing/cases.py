"""The tests that support teams write beside the content, as they stand in YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.advice.text import words
from bot.conversation.topics import documents, example_places, in_file
from bot.errors import ContentError
from bot.nlu.examples import stems
from bot.yaml_source import Document, read, schema_faults

SENTENCES, ADVICE, DIALOGUES = "tests/nlu", "tests/advice", "tests/dialogues"
NOT_UNDERSTOOD = "nlu_fallback"
KNOWN_FAILURES = Path("tests/known_failures.yml")
_SCHEMAS = {SENTENCES: "test_nlu", ADVICE: "test_advice", DIALOGUES: "test_dialogues"}


@dataclass(frozen=True)
class Case:
    """One test: where it stands, what it is called, and what is wanted."""

    file: str
    line: int
    name: str

    @property
    def key(self) -> tuple[str, str]:
        """What a known failure names it by."""
        return self.file, self.name

    @property
    def place(self) -> str:
        """Where it stands, as an editor can jump to it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Sentence(Case):
    """A sentence, and what must be understood of it; None where that does not matter."""

    intent: str
    process: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    reply: str | None = None


@dataclass(frozen=True)
class Advised(Case):
    """Answers, and what must be advised."""

    process: str
    answers: Mapping[str, str]
    wanted: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One step of a dialogue: what it is (`user`, `bot`, …) and its value."""

    line: int
    kind: str
    value: Any
    intent: str | None = None


@dataclass(frozen=True)
class Dialogue(Case):
    """A conversation, step by step."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class KnownFailure(Case):
    """A test that is known to fail, and why it still stands; named by file and test."""

    test_file: str
    why: str

    @property
    def key(self) -> tuple[str, str]:
        """The key of the test that fails."""
        return self.test_file, self.name


def sentences(project: Path) -> list[Sentence]:
    """Return the sentences of tests/nlu/ and those that topics are tested with."""
    found = [case for document in _read(project, SENTENCES) for case in _sentences(document)]
    for document in documents(project):
        found += _of_topics(document)
    return found


def _sentences(document: Document) -> Iterator[Sentence]:
    for index, entry in enumerate(document.data["tests"]):
        for number, text in enumerate(entry["sentences"]):
            yield Sentence(
                document.file,
                document.line(("tests", index, "sentences", number)),
                text,
                entry["intent"],
                entry.get("process"),
                entry.get("answers", {}),
                entry.get("reply"),
            )


def _of_topics(document: Document) -> Iterator[Sentence]:
    for index, entry in enumerate(document.data.get("nlu", ())):
        for number, text in enumerate(entry.get("metadata", {}).get("tests", ())):
            line = document.line(("nlu", index, "metadata", "tests", number))
            yield Sentence(document.file, line, text, entry["intent"])


def advised(project: Path) -> list[Advised]:
    """Return the cases of tests/advice/."""
    return [
        Advised(
            document.file,
            document.line(("tests", index)),
            entry["case"],
            entry["process"],
            entry.get("answers", {}),
            {k: v for k, v in entry.items() if k not in ("case", "process", "answers")},
        )
        for document in _read(project, ADVICE)
        for index, entry in enumerate(document.data["tests"])
    ]


def dialogues(project: Path) -> list[Dialogue]:
    """Return the stories of tests/dialogues/."""
    return [
        Dialogue(
            document.file,
            document.line(("stories", index)),
            story["story"],
            tuple(_steps(document, index, story["steps"])),
        )
        for document in _read(project, DIALOGUES)
        for index, story in enumerate(document.data["stories"])
    ]


def _steps(document: Document, story: int, steps: list[Mapping[str, Any]]) -> Iterator[Step]:
    for number, step in enumerate(steps):
        kind = next(key for key in step if key != "intent")
        line = document.line(("stories", story, "steps", number))
        yield Step(line, kind, step[kind], step.get("intent"))


def known_failures(project: Path) -> list[KnownFailure]:
    """Return the tests that are known to fail."""
    if not (project / KNOWN_FAILURES).exists():
        return []
    document = read(project / KNOWN_FAILURES, KNOWN_FAILURES.as_posix())
    return [
        KnownFailure(
            document.file,
            document.line(("known_failures", index)),
            entry["test"],
            entry["file"],
            entry["why"],
        )
        for index, entry in enumerate(document.data["known_failures"])
    ]


def responses(project: Path) -> dict[str, list[str]]:
    """Return the texts of all fixed replies, by name."""
    domain = read(project / "domain.yml", "domain.yml")
    found: dict[str, list[str]] = {}
    for document in (domain, *documents(project)):
        for name, variants in document.data.get("responses", {}).items():
            found[name] = [variant.get("text", "") for variant in variants]
    return found


def case_files(project: Path, folder: str) -> list[Path]:
    """Return the test files of a folder, relative to the project."""
    return [f.relative_to(project) for f in sorted((project / folder).glob("*.yml"))]


def _read(project: Path, folder: str) -> Iterator[Document]:
    for file in case_files(project, folder):
        yield read(project / file, file.as_posix())


def case_faults(project: Path) -> Iterator[ContentError]:
    """Yield what is wrong with the form of test files, and known failures that name no test."""
    schemas = project / "data" / "schema"
    faults = [
        fault
        for folder, schema in _SCHEMAS.items()
        for file in case_files(project, folder)
        for fault in _form_faults(project, file, schemas / f"{schema}.json")
    ]
    if (project / KNOWN_FAILURES).exists():
        faults += _form_faults(project, KNOWN_FAILURES, schemas / "known_failures.json")
    yield from faults
    if not faults:
        yield from _repeated_and_missing(project)


def _form_faults(project: Path, file: Path, schema: Path) -> list[ContentError]:
    try:
        return list(schema_faults(read(project / file, file.as_posix()), schema))
    except ContentError as fault:
        return [fault]


def _unknown_intents(project: Path) -> Iterator[ContentError]:
    known = {topic.intent for document in documents(project) for topic in in_file(document)}
    for document in _read(project, SENTENCES):
        for index, entry in enumerate(document.data["tests"]):
            intent = entry["intent"]
            if intent not in known and intent != NOT_UNDERSTOOD:
                close = get_close_matches(intent, sorted(known), n=1)
                hint = f"did you mean “{close[0]}”?" if close else "add it, or test another"
                what = f"there is no intent “{intent}”"
                yield document.fault(("tests", index, "intent"), what, hint)


def _examples_as_tests(project: Path) -> Iterator[ContentError]:
    examples = {
        stems(text): f"{document.file}:{line}"
        for document in documents(project)
        for _, text, line in example_places(document)
    }
    for case in sentences(project):
        said = words(case.name)
        if said and said in examples:
            what = f"the test “{case.name}” is an example too, in {examples[said]}"
            yield ContentError(case.file, case.line, what, "test with a sentence that is none")


def _repeated_and_missing(project: Path) -> Iterator[ContentError]:
    seen: dict[tuple[str, str], Case] = {}
    yield from _examples_as_tests(project)
    yield from _unknown_intents(project)
    for case in (*sentences(project), *advised(project), *dialogues(project)):
        if case.key in seen:
            what = f"the test “{case.name}” stands in line {seen[case.key].line} too"
            yield ContentError(case.file, case.line, what, "delete or rename one of the two")
        seen.setdefault(case.key, case)
    for known in known_failures(project):
        if known.key not in seen:
            what = f"there is no test “{known.name}” in {known.test_file}"
            yield ContentError(known.file, known.line, what, "correct it, or delete the entry")
