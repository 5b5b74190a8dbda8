"""What can be asked, in plain words: the titles of intents and FAQ topics in data/nlu/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.conversation.reply import Button, payload
from bot.project import PROJECT
from bot.yaml_source import Document, read

FAQ = "faq/"
NLU_FOLDER = Path("data/nlu")


@dataclass(frozen=True)
class Topic:
    """An intent by its full name, what it is called to people, and its examples."""

    intent: str
    title: str
    examples: tuple[str, ...]

    def button(self) -> Button:
        """Return a button that means this topic."""
        is_faq = self.intent.startswith(FAQ)
        return Button(self.title, self.examples[0] if is_faq else payload(self.intent))


@lru_cache(maxsize=1)
def topics() -> Mapping[str, Topic]:
    """Return the project's topics by intent. Raises ContentError for a file that is not YAML."""
    return {topic.intent: topic for document in documents(PROJECT) for topic in in_file(document)}


def documents(project: Path) -> Iterator[Document]:
    """Yield the NLU files of a project."""
    for file in sorted((project / NLU_FOLDER).glob("*.yml")):
        yield read(file, file.relative_to(project).as_posix())


def in_file(document: Document) -> Iterator[Topic]:
    """Yield the topics of one NLU file."""
    for entry in document.data.get("nlu", []):
        if "intent" in entry:
            yield _topic(entry)


def _topic(entry: Mapping[str, Any]) -> Topic:
    intent = entry["intent"]
    found = tuple(examples(entry.get("examples", "")))
    title = (entry.get("metadata") or {}).get("title")
    return Topic(intent, title or (found[0] if found else intent), found)


def examples(block: str) -> Iterator[str]:
    """Yield the examples of an `examples: |` block, annotations included."""
    for line in block.splitlines():
        if line.strip().startswith("- "):
            yield line.strip()[2:].strip()
