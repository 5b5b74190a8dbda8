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
from bot.conversation.topics import FAQ, documents
from bot.errors import ContentError
from bot.yaml_source import Document, read

LONGEST_ANSWER = 600
"""Characters of an answer; longer is not read in a chat."""

_NLU_KEYS = {"version", "nlu", "responses"}
_STORY_KEYS = {"version", "rules", "stories"}
_ANNOTATION = re.compile(r"\[[^\]]+\](?:\((?P<name>[^)]*)\)|(?P<json>\{[^}]*\}))")
Levels = Mapping[str, set[str]]


@dataclass
class _Seen:
    """What was met so far over all files."""

    examples: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    topics: dict[str, tuple[Document, int]] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)
    buttons: list[tuple[Document, tuple[str | int, ...], str]] = field(default_factory=list)


def conversation_faults(project: Path, criteria: Levels) -> Iterator[ContentError]:
    """Yield every fault of a project's conversation files; `criteria` are the levels by id."""
    try:
        domain = read(project / "domain.yml", "domain.yml")
        files = list(documents(project))
        stories = [
            read(f, f.relative_to(project).as_posix())
            for f in sorted((project / "data" / "stories").glob("*.yml"))
        ]
    except ContentError as fault:
        yield fault
        return
    intents = {str(i) for i in domain.data.get("intents", ())}
    seen = _Seen()
    for document in files:
        yield from _unknown_keys(document, _NLU_KEYS)
        yield from _nlu(document, intents, criteria, seen)
        yield from _responses(document, seen)
    yield from _responses(domain, seen)
    yield from _topics_and_answers(files, seen)
    yield from _buttons(intents, seen)
    for document in stories:
        yield from _unknown_keys(document, _STORY_KEYS)
        yield from _stories(document, intents, _actions(domain, seen))


def _unknown_keys(document: Document, known: set[str]) -> Iterator[ContentError]:
    for key in document.data:
        if key not in known:
            yield document.fault((key,), f"“{key}” is not a known key", _near(key, known))


def _near(name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f"did you mean “{close[0]}”?" if close else f"known here: {', '.join(sorted(known))}"


def _nlu(
    document: Document, intents: set[str], criteria: Levels, seen: _Seen
) -> Iterator[ContentError]:
    for index, entry in enumerate(document.data.get("nlu") or ()):
        place = ("nlu", index)
        intent = entry.get("intent")
        if not intent:
            yield document.fault(place, "this entry has no intent", "add `intent:`")
            continue
        if intent.split("/")[0] not in intents:
            yield document.fault(
                (*place, "intent"),
                f"the intent “{intent}” is not in domain.yml",
                _near(intent, intents),
            )
        seen.topics[intent] = (document, index)
        yield from _examples(document, place, intent, criteria, seen)


def _examples(
    document: Document, place: tuple[str | int, ...], intent: str, criteria: Levels, seen: _Seen
) -> Iterator[ContentError]:
    block = document.data["nlu"][place[1]].get("examples", "")
    first_line = document.line((*place, "examples"))
    count = 0
    for offset, line in enumerate(str(block).splitlines(), start=1):
        example = line.strip()
        if not example:
            continue
        where = (document.file, first_line + offset)
        if not example.startswith("- "):
            yield ContentError(*where, f"“{example[:40]}” is not an example", "start it with “- ”")
            continue
        count += 1
        yield from _annotations(example, where, criteria)
        plain = words(_ANNOTATION.sub(lambda m: m.group()[1 : m.group().index("]")], example[2:]))
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
            place, f"“{intent}” has {count} examples", "give it at least two, better ten"
        )


def _annotations(example: str, where: tuple[str, int], criteria: Levels) -> Iterator[ContentError]:
    for match in _ANNOTATION.finditer(example):
        if match["name"] is not None:
            entity, value = match["name"], None
        else:
            try:
                marked = json.loads(match["json"])
                entity, value = marked["entity"], marked.get("value")
            except (ValueError, KeyError, TypeError):
                yield ContentError(
                    *where,
                    f"“{match['json']}” cannot be read",
                    'write it as {"entity": "…", "value": "…"}',
                )
                continue
        if entity in criteria:
            if value not in criteria[entity]:
                yield ContentError(
                    *where,
                    f"“{value}” is no level of {entity}",
                    _near(str(value), criteria[entity]),
                )
        elif criteria and entity not in {"process", "criterion"}:
            yield ContentError(
                *where, f"the entity “{entity}” is unknown", _near(entity, {*criteria, "process"})
            )


def _responses(document: Document, seen: _Seen) -> Iterator[ContentError]:
    for name, variants in (document.data.get("responses") or {}).items():
        seen.answers.add(name)
        for index, variant in enumerate(variants or ()):
            place = ("responses", name, index)
            text = variant.get("text", "") if isinstance(variant, dict) else ""
            if not str(text).strip():
                yield document.fault(place, f"“{name}” has no text", "add `text:`")
                continue
            if len(text) > LONGEST_ANSWER:
                yield document.fault(
                    (*place, "text"),
                    f"the answer has {len(text)} characters, too long for a chat",
                    f"keep it to {LONGEST_ANSWER}",
                )
            for number, button in enumerate(variant.get("buttons") or ()):
                where = (*place, "buttons", number)
                seen.buttons.append((document, where, str(button.get("payload", ""))))


def _topics_and_answers(files: list[Document], seen: _Seen) -> Iterator[ContentError]:
    for intent, (document, index) in seen.topics.items():
        if intent.startswith(FAQ) and f"utter_{intent}" not in seen.answers:
            yield document.fault(
                ("nlu", index), f"“{intent}” has no answer", f"add `utter_{intent}:` to responses"
            )
    for document in files:
        for name in document.data.get("responses") or {}:
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


def _actions(domain: Document, seen: _Seen) -> set[str]:
    known = {a if isinstance(a, str) else next(iter(a)) for a in domain.data.get("actions", ())}
    return known | seen.answers | set(domain.data.get("forms", {}))


def _stories(document: Document, intents: set[str], actions: set[str]) -> Iterator[ContentError]:
    for kind in ("rules", "stories"):
        for index, entry in enumerate(document.data.get(kind) or ()):
            place = (kind, index)
            if not entry.get("steps"):
                yield document.fault(place, "it has no steps", "add `steps:`")
                continue
            for number, step in enumerate(entry["steps"]):
                yield from _step(document, (*place, "steps", number), step, intents, actions)


def _step(
    document: Document,
    place: tuple[str | int, ...],
    step: Mapping[str, Any],
    intents: set[str],
    actions: set[str],
) -> Iterator[ContentError]:
    for number, either in enumerate(step.get("or") or ()):
        yield from _step(document, (*place, "or", number), either, intents, actions)
    intent, action = step.get("intent"), step.get("action")
    if intent and intent.split("/")[0] not in intents:
        yield document.fault(place, f"the intent “{intent}” is unknown", _near(intent, intents))
    if action and action not in actions and not action.startswith("action_"):
        yield document.fault(place, f"the action “{action}” is unknown", _near(action, actions))
    if action and action.startswith("action_") and action not in actions | _RASA_ACTIONS:
        yield document.fault(place, f"the action “{action}” is unknown", _near(action, actions))


_RASA_ACTIONS = {"action_listen", "action_restart", "action_default_fallback"}
