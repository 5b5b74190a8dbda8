"""From decisions to edits of data/nlu: new examples, with all that stands there kept as it is."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.advice.text import words
from bot.conversation.topics import Topic, documents, in_file
from bot.errors import BotError
from bot.review.conversations import OUT_OF_SCOPE
from bot.review.decisions import Decision
from bot.yaml_source import Document

# Answers to a question need their meaning marked in the text, which takes an editor.
_NOT_ASSIGNABLE = frozenset({"inform", "unsure"})
_LONGEST_EXAMPLE = 200
_ANNOTATION = str.maketrans("[]{}", "()()")


@dataclass(frozen=True)
class Place:
    """Where an intent's examples stand.

    Args:
        file: The file, from the project's folder.
        line: The line of `examples:`, counted from 1.
        topic: The intent.

    """

    file: str
    line: int
    topic: Topic


@dataclass(frozen=True)
class Edit:
    """A file's new text.

    Args:
        file: The file, from the project's folder.
        old: Its text as it is.
        new: Its text as proposed.

    """

    file: str
    old: str
    new: str

    def diff(self) -> str:
        """Gives the change as a unified diff that `git apply` takes."""
        lines = difflib.unified_diff(
            self.old.splitlines(keepends=True),
            self.new.splitlines(keepends=True),
            f"a/{self.file}",
            f"b/{self.file}",
        )
        return "".join(lines)


@dataclass(frozen=True)
class Proposal:
    """What decisions come to.

    Args:
        edits: The files that change.
        marks: The decisions that are in the edits, or in the content already.
        left_out: Why a decision cannot be carried out, in words, by its mark.

    """

    edits: tuple[Edit, ...]
    marks: tuple[str, ...]
    left_out: Mapping[str, str]

    def diff(self) -> str:
        """Gives all changes as one unified diff."""
        return "".join(edit.diff() for edit in self.edits)

    def write(self, project: Path, check: Callable[[], Iterable[BotError]]) -> None:
        """Writes the edits, and takes them back where the content is then at fault.

        Args:
            project: The project's folder.
            check: Gives what is wrong with the content.

        Raises:
            BotError: when something is wrong with it; nothing is changed then.

        """
        before = {str(fault) for fault in check()}
        for edit in self.edits:
            _replace(project / edit.file, edit.new)
        new = [str(fault) for fault in check() if str(fault) not in before]
        if new:
            for edit in self.edits:
                _replace(project / edit.file, edit.old)
            raise BotError("\n".join(new), "so nothing was changed; take that one back and go on")


def _replace(path: Path, text: str) -> None:
    """Writes a file in one step, so that nobody reads half of it."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(text.encode("utf-8"))
    draft.chmod(path.stat().st_mode)
    draft.replace(path)


def places(project: Path) -> dict[str, Place]:
    """Gives every intent and FAQ topic that a message can be assigned to, by its full name."""
    found: dict[str, Place] = {}
    for document in documents(project):
        for number, topic in enumerate(in_file(document)):
            line = _line(document, topic.intent, number)
            if topic.intent not in _NOT_ASSIGNABLE and topic.examples:
                found.setdefault(topic.intent, Place(document.file, line, topic))
    return found


def _line(document: Document, intent: str, near: int) -> int:
    entries = document.data["nlu"]
    index = next(i for i, e in enumerate(entries) if i >= near and e.get("intent") == intent)
    return document.line(("nlu", index, "examples"))


def titles(project: Path) -> dict[str, str]:
    """Gives the title of everything that a message can be assigned to, out of scope last."""
    found = {intent: place.topic.title for intent, place in places(project).items()}
    last = found.pop(OUT_OF_SCOPE, "Out of scope")
    return {**dict(sorted(found.items(), key=lambda kv: kv[1].lower())), OUT_OF_SCOPE: last}


def as_example(text: str) -> str:
    """Gives a message as an example can hold it: one line without marks of Rasa's."""
    line = re.sub(r"\s+", " ", text.translate(_ANNOTATION)).strip().lstrip("- ")
    return line[:_LONGEST_EXAMPLE].strip()


def propose(decisions: Iterable[Decision], project: Path) -> Proposal:
    """Works out the edits that decisions come to; writes nothing.

    Args:
        decisions: What was decided; what is set aside or applied already changes nothing.
        project: The project's folder.

    """
    where = places(project)
    known = _known(where.values())
    new: dict[str, list[str]] = {}
    marks: list[str] = []
    left_out: dict[str, str] = {}
    for decision in decisions:
        if decision.intent is None or decision.is_applied:
            continue
        example = as_example(decision.text)
        reason = _reason(decision.intent, example, where, known)
        if reason:
            left_out[decision.mark] = reason
            continue
        marks.append(decision.mark)
        if words(example) not in known:
            new.setdefault(decision.intent, []).append(example)
            known[words(example)] = decision.intent
    return Proposal(_edits(new, where, project), tuple(marks), left_out)


def _known(places: Iterable[Place]) -> dict[tuple[str, ...], str]:
    return {words(e): p.topic.intent for p in places for e in p.topic.examples}


def _reason(
    intent: str,
    example: str,
    where: Mapping[str, Place],
    known: Mapping[tuple[str, ...], str],
) -> str | None:
    if intent not in where:
        return f"there is no “{intent}” any more"
    if not words(example):
        return f"“{example}” has no words"
    other = known.get(words(example), intent)
    return f"“{example}” is already an example of {other}" if other != intent else None


def _edits(
    new: Mapping[str, list[str]], where: Mapping[str, Place], project: Path
) -> tuple[Edit, ...]:
    by_file: dict[str, list[str]] = {}
    for intent in new:
        by_file.setdefault(where[intent].file, []).append(intent)
    edits = []
    for file in sorted(by_file):
        old = (project / file).read_bytes().decode("utf-8")
        lines = old.splitlines(keepends=True)
        # From the end, so that the lines above keep their numbers.
        for intent in sorted(by_file[file], key=lambda i: -where[i].line):
            _insert(lines, where[intent].line, new[intent])
        edits.append(Edit(file, old, "".join(lines)))
    return tuple(edits)


def _insert(lines: list[str], key: int, examples: Iterable[str]) -> None:
    """Puts examples after the last one of the block whose key stands in line `key`."""
    last = first = key
    depth = _indent(lines[key - 1])
    for number in range(key, len(lines)):
        if lines[number].strip() and _indent(lines[number]) <= depth:
            break
        if lines[number].lstrip().startswith("- "):
            last = number
    indent = lines[first][: _indent(lines[first])]
    end = "\r\n" if lines[key - 1].endswith("\r\n") else "\n"
    if not lines[last].endswith("\n"):
        lines[last] += end
    lines[last + 1 : last + 1] = [f"{indent}- {example}{end}" for example in examples]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
