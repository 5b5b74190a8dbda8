"""What can be asked, in plain words: the titles of intents and FAQ topics in data/nlu/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversation.reply import Button, payload
from bot.project import PROJECT
from bot.yaml_source import Document, read

FAQ = "faq/"
FOLDERS = ("data/nlu", "data/stories")
"""Where topics stand. A file in either may hold examples, answers and rules of one topic."""


@dataclass(frozen=True)
class Topic:
    """An intent by its full name, what it is called to people, its examples and its tests.

    Tests are sentences that no example repeats and that must be understood as the topic.
    """

    intent: str
    title: str
    examples: tuple[str, ...]
    tests: tuple[str, ...] = ()

    def button(self) -> Button:
        """Return a button that means this topic."""
        is_faq = self.intent.startswith(FAQ)
        return Button(self.title, self.examples[0] if is_faq else payload(self.intent))


class _Held:
    """The topics as they are now; None before they were asked for."""

    topics: Mapping[str, Topic] | None = None


def topics() -> Mapping[str, Topic]:
    """Return the project's topics by intent. Raises ContentError for a file that is not YAML."""
    if _Held.topics is None:
        _Held.topics = load(PROJECT)
    return _Held.topics


def load(project: Path) -> Mapping[str, Topic]:
    """Return the topics of a project by intent. Raises ContentError as `topics` does."""
    return {topic.intent: topic for document in documents(project) for topic in in_file(document)}


def replace(new: Mapping[str, Topic]) -> None:
    """Have these topics from now on."""
    _Held.topics = new


def documents(project: Path) -> Iterator[Document]:
    """Yield the topic files of a project."""
    for file in topic_files(project):
        yield read(project / file, file.as_posix())


def topic_files(project: Path) -> list[Path]:
    """Return the topic files of a project, relative to it."""
    found = (f for folder in FOLDERS for f in sorted((project / folder).glob("*.yml")))
    return [file.relative_to(project) for file in found]


def in_file(document: Document) -> Iterator[Topic]:
    """Yield the topics of one file."""
    for entry in document.data.get("nlu", []):
        if "intent" in entry:
            yield _topic(entry)


def _topic(entry: Mapping[str, Any]) -> Topic:
    intent = entry["intent"]
    found = tuple(examples(entry.get("examples", "")))
    metadata = entry.get("metadata") or {}
    title = metadata.get("title") or (found[0] if found else intent)
    return Topic(intent, title, found, tuple(metadata.get("tests", ())))


def examples(block: str) -> Iterator[str]:
    """Yield the examples of an `examples: |` block, annotations included."""
    for line in block.splitlines():
        if line.strip().startswith("- "):
            yield line.strip()[2:].strip()


def example_places(document: Document) -> Iterator[tuple[str, str, int]]:
    """Yield intent, text and line of each example of a file."""
    for index, entry in enumerate(document.data.get("nlu", ())):
        first = document.line(("nlu", index, "examples"))
        for offset, line in enumerate(entry.get("examples", "").splitlines(), start=1):
            if line.strip().startswith("- "):
                yield entry["intent"], line.strip()[2:].strip(), first + offset
