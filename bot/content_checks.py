"""What can be wrong in data/nlu/, data/stories/ and domain.yml, found without Rasa."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.advice.text import words
from bot.conversation.topics import FAQ, topic_files
from bot.errors import ContentError
from bot.links import link_faults
from bot.nlu.examples import ANNOTATION, stems
from bot.yaml_source import Document, Place, read, schema_faults

LONGEST_ANSWER = 600
"""Characters of an answer; longer is not read in a chat."""
_MOST_NAMED = 12

_SCHEMAS = Path("data/schema")
_HALF_ANNOTATION = re.compile(r"\][({]")
Levels = Mapping[str, set[str]]


@dataclass
class _Seen:
    """What was met so far over all files."""

    examples: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    topics: dict[str, tuple[Document, int]] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)
    buttons: list[tuple[Document, Place, str]] = field(default_factory=list)


def conversation_faults(project: Path, criteria: Levels) -> Iterator[ContentError]:
    """Yield every fault of a project's conversation files; `criteria` are the levels by id."""
    faults: list[ContentError] = []
    domain = _read(project, [Path("domain.yml")], "domain", faults)
    _read(project, [Path("config.yml")], "config", faults)
    files = _read(project, topic_files(project), "topic", faults)
    yield from faults
    if not faults:  # what is not there cannot be referred to
        yield from _all_faults(domain[0], files, criteria)


def _read(
    project: Path, files: Iterable[Path], schema: str, faults: list[ContentError]
) -> list[Document]:
    """Return the documents; add what is wrong with their form to `faults`."""
    found = []
    for file in files:
        try:
            document = read(project / file, file.as_posix())
        except ContentError as fault:
            faults.append(fault)
            continue
        faults += schema_faults(document, project / _SCHEMAS / f"{schema}.json")
        found.append(document)
    return found


def _all_faults(
    domain: Document, files: list[Document], criteria: Levels
) -> Iterator[ContentError]:
    declared = set(_names(domain, "intents"))
    used = {intent for document in files for intent in _intents_in_steps(document)}
    said = {entry["intent"].split("/")[0] for d in files for entry in d.data.get("nlu", ())}
    # One that has examples and a rule needs no line in domain.yml: Rasa is told of it.
    intents = declared | (said & {intent.split("/")[0] for intent in used})
    seen = _Seen()
    for document in (domain, *files):
        yield from link_faults(document)
    for document in files:
        yield from _nlu(document, intents, criteria, seen)
        yield from _responses(document, seen)
    yield from _responses(domain, seen)
    yield from _topics_and_answers(files, intents, used, seen)
    yield from _buttons(intents, seen)
    actions = {*_names(domain, "actions"), *seen.answers, *domain.data.get("forms", ())}
    for document in files:
        yield from _stories(document, declared | said, actions)


def _intents_in_steps(document: Document) -> Iterator[str]:
    """Yield the intents that rules and stories of a file begin with or go on with."""
    for kind in ("rules", "stories"):
        for entry in document.data.get(kind, ()):
            for step in entry["steps"]:
                for either in (step, *step.get("or", ())):
                    yield from {str(either.get("intent", ""))} - {""}


def _actions_in_steps(document: Document) -> Iterator[str]:
    for kind in ("rules", "stories"):
        for entry in document.data.get(kind, ()):
            yield from (step["action"] for step in entry["steps"] if "action" in step)


def _names(domain: Document, kind: str) -> Iterator[str]:
    """Yield the names of a list whose entries are names or mappings from a name to its details."""
    for entry in domain.data[kind]:
        yield entry if isinstance(entry, str) else next(iter(entry))


def _near(name: str, known: set[str], otherwise: str = "") -> str:
    close = get_close_matches(name, sorted(known), n=1)
    if close:
        return f"did you mean “{close[0]}”?"
    if otherwise:
        return otherwise
    more = ", …" if len(known) > _MOST_NAMED else ""
    return f"known here: {', '.join(sorted(known)[:_MOST_NAMED])}{more}"


def _nlu(
    document: Document, intents: set[str], criteria: Levels, seen: _Seen
) -> Iterator[ContentError]:
    for index, entry in enumerate(document.data.get("nlu", ())):
        place = ("nlu", index)
        intent = entry["intent"]
        if intent.split("/")[0] not in intents:
            yield document.fault(
                (*place, "intent"),
                f"the intent “{intent}” is not in domain.yml, and no rule answers it",
                _near(intent.split("/")[0], intents, otherwise="add a rule for it to this file"),
            )
        seen.topics[intent] = (document, index)
        yield from _examples(document, place, intent, criteria, seen)


def _examples(
    document: Document, place: Place, intent: str, criteria: Levels, seen: _Seen
) -> Iterator[ContentError]:
    block = document.data["nlu"][place[1]]["examples"]
    first_line = document.line((*place, "examples"))
    count = 0
    for offset, line in enumerate(block.splitlines(), start=1):
        example = line.strip()
        if not example:
            continue
        where = (document.file, first_line + offset)
        if not example.startswith("- "):
            yield ContentError(*where, f"“{example[:40]}” is not an example", "start it with “- ”")
            continue
        count += 1
        yield from _annotations(example, where, criteria)
        key = stems(example[2:].strip()) or (example[2:].strip(),)
        other = seen.examples.setdefault(key, (intent, f"{where[0]}:{where[1]}"))
        if other[0] != intent:
            yield ContentError(
                *where,
                f"the same words stand under “{other[0]}” in {other[1]}",
                "keep them where they fit best",
            )
    if count < 2:
        yield document.fault(
            place,
            f"“{intent}” has {count or 'no'} example{'s' if not count else ''}",
            "give it at least two, better ten",
        )


def _annotations(example: str, where: tuple[str, int], criteria: Levels) -> Iterator[ContentError]:
    if _HALF_ANNOTATION.search(ANNOTATION.sub("", example)):
        yield ContentError(*where, "an annotation is not closed", _ANNOTATION_FORM)
    for match in ANNOTATION.finditer(example):
        if match["name"] is not None:
            entity, value = match["name"], match["text"]
        else:
            try:
                marked = json.loads(match["json"])
                entity, value = marked["entity"], marked.get("value", match["text"])
            except (ValueError, KeyError, RecursionError):
                yield ContentError(*where, f"“{match['json']}” cannot be read", _ANNOTATION_FORM)
                continue
        if criteria:
            yield from _meaning(str(entity), str(value), where, criteria)


_ANNOTATION_FORM = 'write it as [text]{"entity": "…", "value": "…"}'


def _meaning(
    entity: str, value: str, where: tuple[str, int], criteria: Levels
) -> Iterator[ContentError]:
    if entity in criteria and value not in criteria[entity]:
        yield ContentError(
            *where, f"“{value}” is no level of {entity}", _near(value, criteria[entity])
        )
    if entity == "criterion" and value not in criteria:
        yield ContentError(*where, f"“{value}” is no criterion", _near(value, set(criteria)))
    known = {*criteria, "process", "criterion"}
    if entity not in known:
        yield ContentError(*where, f"the entity “{entity}” is unknown", _near(entity, known))


def _responses(document: Document, seen: _Seen) -> Iterator[ContentError]:
    for name, variants in document.data.get("responses", {}).items():
        seen.answers.add(name)
        for index, variant in enumerate(variants):
            place = ("responses", name, index)
            text = variant.get("text", "")
            if not text.strip():
                yield document.fault(place, f"“{name}” has no text", "add `text:`")
                continue
            if len(text) > LONGEST_ANSWER:
                yield document.fault(
                    (*place, "text"),
                    f"the answer has {len(text)} characters, too long for a chat",
                    f"keep it to {LONGEST_ANSWER}",
                )
            for number, button in enumerate(variant.get("buttons", ())):
                where = (*place, "buttons", number, "payload")
                seen.buttons.append((document, where, button["payload"]))


def _topics_and_answers(
    files: list[Document], intents: set[str], answered: set[str], seen: _Seen
) -> Iterator[ContentError]:
    for intent, (document, index) in seen.topics.items():
        name = intent.split("/")[0]
        if name in intents and not {name, intent} & (answered | _BUILT_IN):
            answered.add(name)  # telling it once is enough
            yield document.fault(
                ("nlu", index), f"“{intent}” is met with silence", "add a rule that answers it"
            )
        if intent.startswith(FAQ) and f"utter_{intent}" not in seen.answers:
            yield document.fault(
                ("nlu", index), f"“{intent}” has no answer", f"add `utter_{intent}:` to responses"
            )
    used = {action for document in files for action in _actions_in_steps(document)}
    for document in files:
        for name in document.data.get("responses", {}):
            if name.removeprefix("utter_") not in seen.topics and name not in used:
                yield document.fault(
                    ("responses", name),
                    f"“{name}” answers a topic that does not exist",
                    _near(name.removeprefix("utter_"), set(seen.topics)),
                )


def _buttons(intents: set[str], seen: _Seen) -> Iterator[ContentError]:
    for document, place, payload in seen.buttons:
        if payload.startswith("/"):
            intent = re.split(r"[{@]", payload[1:])[0]
            if intent not in intents:
                yield document.fault(
                    place, f"the button's intent “{intent}” is unknown", _near(intent, intents)
                )
        elif words(payload) not in seen.examples:
            yield document.fault(
                place,
                f"the button says “{payload}”, which is no example of any topic",
                "use an example of the topic that it should lead to",
            )


_ONE = {"rules": "rule", "stories": "story"}


def _stories(document: Document, intents: set[str], actions: set[str]) -> Iterator[ContentError]:
    for kind in ("rules", "stories"):
        for index, entry in enumerate(document.data.get(kind, ())):
            last = entry["steps"][-1]
            if "intent" in last or "or" in last:
                what = f"nothing follows in “{entry[_ONE[kind]]}”"
                yield document.fault((kind, index), what, "add an `action:` to its steps")
            for number, step in enumerate(entry["steps"]):
                place = (kind, index, "steps", number)
                yield from _step(document, place, step, intents, actions)
                for choice, either in enumerate(step.get("or", ())):
                    where = (*place, "or", choice)
                    yield from _step(document, where, either, intents, actions)


def _step(
    document: Document,
    place: Place,
    step: Mapping[str, Any],
    intents: set[str],
    actions: set[str],
) -> Iterator[ContentError]:
    intent, action = step.get("intent"), step.get("action")
    if intent is not None and intent.split("/")[0] not in intents:
        what = f"the intent “{intent}” is unknown"
        hint = _near(intent.split("/")[0], intents)
        yield document.fault((*place, "intent"), what, hint)
    if action is not None and action not in actions | _RASA_ACTIONS:
        what = f"the action “{action}” is unknown"
        yield document.fault((*place, "action"), what, _near(action, actions))
    loop = step.get("active_loop")
    if loop is not None and loop not in actions | _NO_LOOP:
        what = f"the form “{loop}” is unknown"
        yield document.fault((*place, "active_loop"), what, _near(loop, actions))


_BUILT_IN = {"restart"}
"""Intents that Rasa itself answers."""
_NO_LOOP = {"null", "~", ""}
_RASA_ACTIONS = {"action_listen", "action_restart", "action_default_fallback"}
