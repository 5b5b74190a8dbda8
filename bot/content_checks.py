"""What can be wrong in data/nlu/, data/stories/ and domain.yml, found without Rasa."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.advice.text import words
from bot.conversation.topics import FAQ, NLU_FOLDER
from bot.errors import ContentError
from bot.yaml_source import Document, Place, read, schema_faults

LONGEST_ANSWER = 600
"""Characters of an answer; longer is not read in a chat."""
_MOST_NAMED = 12

_STORIES_FOLDER = Path("data/stories")


def _mapping(properties: Mapping[str, object], required: str = "") -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _list(items: object, least: int = 0) -> dict[str, object]:
    return {"type": "array", "items": items, "minItems": least}


_TEXT = {"type": "string"}
_NAMED = {"type": ["string", "object"], "minProperties": 1}
_ANY: dict[str, object] = {}
_BUTTON = _mapping({"title": _TEXT, "payload": _TEXT}, required="title payload")
_RESPONSE = {"type": "object", "properties": {"text": _TEXT, "buttons": _list(_BUTTON)}}
_RESPONSES = {"type": "object", "additionalProperties": _list(_RESPONSE, least=1)}
_ENTRY = {
    "intent": {**_TEXT, "minLength": 1},
    "metadata": {"type": "object", "properties": {"title": _TEXT}},
    "examples": _TEXT,
}
_ENTRIES = _list(_mapping(_ENTRY, required="intent examples"))
_NLU_FORM = _mapping({"version": _ANY, "nlu": _ENTRIES, "responses": _RESPONSES})
_STEP = {
    "intent": _TEXT,
    "entities": _list(_ANY),
    "action": _TEXT,
    "active_loop": _TEXT,
    "slot_was_set": _list(_ANY),
    "checkpoint": _TEXT,
}
_STEPS = _list(_mapping({**_STEP, "or": _list(_mapping(_STEP))}), least=1)
_STORY = {"story": _TEXT, "steps": _STEPS, "metadata": _ANY}
_RULE = {
    "rule": _TEXT,
    "steps": _STEPS,
    "condition": _list(_ANY),
    "conversation_start": _ANY,
    "wait_for_user_input": _ANY,
    "metadata": _ANY,
}
_STORY_FORM = _mapping(
    {
        "version": _ANY,
        "rules": _list(_mapping(_RULE, required="rule steps")),
        "stories": _list(_mapping(_STORY, required="story steps")),
    }
)
_DOMAIN = {
    "version": _ANY,
    "session_config": _ANY,
    "intents": _list(_NAMED),
    "entities": _list(_NAMED),
    "slots": {"type": "object"},
    "forms": {"type": "object"},
    "actions": _list(_NAMED),
    "responses": _RESPONSES,
}
_DOMAIN_FORM = _mapping(_DOMAIN, required="intents actions")
_CONFIG_FORM = {
    "type": "object",
    "properties": {
        "pipeline": _list({"type": "object"}, 1),
        "policies": _list({"type": "object"}, 1),
    },
    "required": ["pipeline", "policies"],
}
_ANNOTATION = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<name>[^)]*)\)|(?P<json>\{[^}]*\}))")
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
    domain = _read(project, [Path("domain.yml")], _DOMAIN_FORM, faults)
    _read(project, [Path("config.yml")], _CONFIG_FORM, faults)
    files = _read(project, _in(project, NLU_FOLDER), _NLU_FORM, faults)
    stories = _read(project, _in(project, _STORIES_FOLDER), _STORY_FORM, faults)
    yield from faults
    if not faults:  # what is not there cannot be referred to
        yield from _all_faults(domain[0], files, stories, criteria)


def _in(project: Path, folder: Path) -> list[Path]:
    return [f.relative_to(project) for f in sorted((project / folder).glob("*.yml"))]


def _read(
    project: Path, files: list[Path], form: Mapping[str, Any], faults: list[ContentError]
) -> list[Document]:
    """Return the documents; add what is wrong with their form to `faults`."""
    found = []
    for file in files:
        try:
            document = read(project / file, file.as_posix())
        except ContentError as fault:
            faults.append(fault)
            continue
        faults += schema_faults(document, form)
        found.append(document)
    return found


def _all_faults(
    domain: Document, files: list[Document], stories: list[Document], criteria: Levels
) -> Iterator[ContentError]:
    intents = set(_names(domain, "intents"))
    seen = _Seen()
    for document in files:
        yield from _nlu(document, intents, criteria, seen)
        yield from _responses(document, seen)
    yield from _responses(domain, seen)
    yield from _topics_and_answers(files, seen)
    yield from _buttons(intents, seen)
    actions = {*_names(domain, "actions"), *seen.answers, *domain.data.get("forms", ())}
    for document in stories:
        yield from _stories(document, intents, actions)


def _names(domain: Document, kind: str) -> Iterator[str]:
    """Yield the names of a list whose entries are names or mappings from a name to its details."""
    for entry in domain.data[kind]:
        yield entry if isinstance(entry, str) else next(iter(entry))


def _near(name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    if close:
        return f"did you mean “{close[0]}”?"
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
                f"the intent “{intent}” is not in domain.yml",
                _near(intent.split("/")[0], intents),
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
        plain = words(_ANNOTATION.sub(lambda m: m["text"], example[2:]))
        key = plain or (example[2:].strip(),)
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
    if _HALF_ANNOTATION.search(_ANNOTATION.sub("", example)):
        yield ContentError(*where, "an annotation is not closed", _ANNOTATION_FORM)
    for match in _ANNOTATION.finditer(example):
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


def _topics_and_answers(files: list[Document], seen: _Seen) -> Iterator[ContentError]:
    for intent, (document, index) in seen.topics.items():
        if intent.startswith(FAQ) and f"utter_{intent}" not in seen.answers:
            yield document.fault(
                ("nlu", index), f"“{intent}” has no answer", f"add `utter_{intent}:` to responses"
            )
    for document in files:
        for name in document.data.get("responses", {}):
            if name.removeprefix("utter_") not in seen.topics:
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


def _stories(document: Document, intents: set[str], actions: set[str]) -> Iterator[ContentError]:
    for kind in ("rules", "stories"):
        for index, entry in enumerate(document.data.get(kind, ())):
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


_NO_LOOP = {"null", "~", ""}
_RASA_ACTIONS = {"action_listen", "action_restart", "action_default_fallback"}
