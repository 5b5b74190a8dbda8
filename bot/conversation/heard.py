"""What a message says about the case: a process, answers, or an answer to be asked again.

The same words mean one thing while a question is open ("yes", "2", "quite a lot") and nothing
while none is, so the open question comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.advice.model import UNSURE, Advice, Criterion
from bot.advice.text import tokens, words

PROCESS = "process"

_NAMES_A_PROCESS = frozenset({"should_outsource", "should_outsource_unspecified", "process_only"})
_GIVES_ANSWERS = _NAMES_A_PROCESS | {"inform", "change_answer"}
_MAY_ANSWER = frozenset({"inform", "change_answer", "process_only", "nlu_fallback"})
"""Intents under which free text is read as an answer to the open question."""
ANSWERS_ONLY = frozenset({"inform", "affirm", "deny", "process_only", "unsure"})
"""Intents that make no sense but as an answer, so that failing to read them is worth saying."""
_STEERS = frozenset(
    """stop restart go_back help why_ask repeat progress talk_to_person who_are_you how_are_you
    greet goodbye thank praise complain unsure affirm deny typed_command
    compare_processes what_if should_outsource_unspecified another_process ask_summary
    ask_checklist show_use_cases explain_recommendation change_answer""".split()
)
"""Intents that are never the name of a process."""
_SWITCH = frozenset({"instead", "rather", "next"})
"""Words that make the name of a process a change of subject."""
_SENTENCE_WORDS = frozenset(
    "is are was were not no i we you they this that do does can an be have has should which".split()
)
"""Words that no name of a process has."""
_SURELY_NO_NAME = 0.85
"""Confidence from which an FAQ topic or something out of scope is not the name of a process."""
_LEAST_SHARE = 0.5
_LEAST_CONFIDENCE = {"nlu_fallback": 0.4}
_LEAST_OTHERWISE = 0.2
_OTHER_IS_SURE = 0.5
_LONGEST_PROCESS = 6

_ORDINALS = {
    "1": 0, "one": 0, "first": 0, "a": 0, "2": 1, "two": 1, "second": 1, "b": 1,
    "3": 2, "three": 2, "third": 2, "c": 2,
}  # fmt: skip
_FILLERS = frozenset(
    """the it its is i id would say im think guess maybe probably option number answer just
    well um er hmm oh so id one please i'd it's i'm""".split()
)
_UNSURE = frozenset(
    {"not sure", "unsure", "no idea", "dunno", "idk", "skip", "pass", "4", "i dont know"}
)


@dataclass(frozen=True)
class Heard:
    """A message as it was understood: intent, entities, and readings by criterion."""

    text: str
    intent: str
    confidence: float = 1.0
    entities: tuple[Mapping[str, Any], ...] = ()
    readings: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Heard:
        """Take it from a parsed message as Rasa hands it to actions."""
        intent = message.get("intent") or {}
        return cls(
            text=message.get("text") or "",
            intent=intent.get("name") or "",
            confidence=float(intent.get("confidence") or 0.0),
            entities=tuple(message.get("entities") or ()),
            readings=tuple(message.get("answers") or ()),
        )

    @property
    def pressed(self) -> bool:
        """Whether a button's payload, not words, said it."""
        return self.text.startswith("/")


@dataclass(frozen=True)
class Said:
    """What a message says about the case; empty when it says nothing about it."""

    process: str | None = None
    process_how: str | None = None
    process_text: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    reopened: str | None = None
    missed: bool = False
    """It was meant as an answer but could not be read."""

    @property
    def empty(self) -> bool:
        """Whether nothing was said about the case."""
        return self.process is None and not self.answers and self.reopened is None


def read(advice: Advice, heard: Heard, open_question: str | None) -> Said:
    """Read a message, knowing which question is open (a criterion, `process` or None)."""
    if open_question == PROCESS:
        return _read_process(advice, heard)
    criterion = advice.criteria.get(open_question or "")
    level = _answer(criterion, heard) if criterion else None
    if criterion and level:
        return Said(answers={**_other_answers(advice, heard), criterion.id: level})
    return _read_freely(advice, heard, criterion)


def answers_in(advice: Advice, heard: Heard) -> dict[str, str]:
    """Return the answers that a message gives whatever is open, by criterion."""
    # A sentence that names a process says much else; only its marked phrases are answers then.
    least = 1.0 if heard.intent in _NAMES_A_PROCESS else 0.0
    return {
        e["entity"]: e["value"]
        for e in heard.entities
        if e.get("entity") in advice.criteria
        and _is_level(advice, e["entity"], e.get("value"))
        and e.get("confidence_entity", 1.0) >= least
    }


def _is_level(advice: Advice, criterion: str, value: Any) -> bool:
    levels = {level.id for level in advice.criteria[criterion].levels}
    return value == UNSURE or value in levels


def _other_answers(advice: Advice, heard: Heard) -> dict[str, str]:
    return answers_in(advice, heard) if heard.intent in _GIVES_ANSWERS else {}


def _read_freely(advice: Advice, heard: Heard, open_criterion: Criterion | None) -> Said:
    if heard.intent not in _GIVES_ANSWERS:
        missed = open_criterion is not None and heard.intent in ANSWERS_ONLY
        return Said(missed=missed)
    process = _process(heard, may_switch=_may_name_process(heard, open_criterion))
    answers = answers_in(advice, heard)
    reopened = None if answers else _named_criterion(advice, heard)
    nothing = process is None and not answers and reopened is None
    return Said(
        process=process["value"] if process else None,
        process_how=process.get("how") if process else None,
        process_text=_text_of(process, heard) if process else "",
        answers=answers,
        reopened=reopened,
        missed=nothing and open_criterion is not None and heard.intent in ANSWERS_ONLY,
    )


def _may_name_process(heard: Heard, open_criterion: Criterion | None) -> bool:
    if heard.intent in {"process_only", "change_answer"} and _SWITCH & set(words(heard.text)):
        return True
    if open_criterion is None:
        return heard.intent in _NAMES_A_PROCESS
    return heard.intent in {"should_outsource", "should_outsource_unspecified"}


def _process(heard: Heard, may_switch: bool) -> Mapping[str, Any] | None:
    if not may_switch:
        return None
    named = [e for e in heard.entities if e.get("entity") == PROCESS and e.get("value")]
    return named[-1] if named else None


def _text_of(entity: Mapping[str, Any], heard: Heard) -> str:
    if heard.pressed or "start" not in entity:
        return str(entity["value"])
    return heard.text[entity["start"] : entity["end"]]


def _named_criterion(advice: Advice, heard: Heard) -> str | None:
    named = (e["value"] for e in heard.entities if e.get("entity") == "criterion")
    found = next((c for c in named if c in advice.criteria), None)
    if found or heard.intent != "change_answer":
        return found
    said = set(words(heard.text))
    return next((c.id for c in advice.criteria.values() if said & set(words(c.name)[-1:])), None)


def _read_process(advice: Advice, heard: Heard) -> Said:
    answers = _other_answers(advice, heard)
    entity = _process(heard, may_switch=heard.intent in _GIVES_ANSWERS | {"nlu_fallback"})
    if entity:
        return Said(entity["value"], entity.get("how"), _text_of(entity, heard), answers)
    if not answers and (name := _as_a_name(heard)):
        return Said(name, "context", name)
    return Said(answers=answers, missed=heard.intent in ANSWERS_ONLY and not answers)


def _as_a_name(heard: Heard) -> str | None:
    """Return what was said as the name of a process, or None when it can be none."""
    if heard.pressed or heard.intent in _STEERS or "?" in heard.text:
        return None
    if heard.intent in {"faq", "out_of_scope"} and heard.confidence >= _SURELY_NO_NAME:
        return None
    kept = [t.text for t in tokens(heard.text) if t.text not in _FILLERS | {"our", "my"}]
    if _SENTENCE_WORDS & {t.text for t in tokens(heard.text)}:
        return None
    if not 0 < len(kept) <= _LONGEST_PROCESS or not any(c.isalpha() for c in "".join(kept)):
        return None
    return " ".join(kept)


def _answer(criterion: Criterion, heard: Heard) -> str | None:
    """Return the level that a message gives to the open question, or None."""
    pressed = next((e["value"] for e in heard.entities if e.get("entity") == criterion.id), None)
    if heard.pressed:
        return str(pressed) if pressed else None
    return _typed_short(criterion, heard.text) or _unsure(heard) or _in_words(criterion, heard)


def _typed_short(criterion: Criterion, text: str) -> str | None:
    said = words(text)
    kept = tuple(w for w in said if w not in _FILLERS) or said
    for level in criterion.levels:
        if said == words(level.title):
            return level.id
        if any(words(short) in (said, kept) for short in level.short):
            return level.id
    place = _ORDINALS.get(" ".join(kept))
    return criterion.levels[place].id if place is not None else None


def _unsure(heard: Heard) -> str | None:
    plain = " ".join(words(heard.text)) or heard.text.strip()
    return UNSURE if heard.intent == "unsure" or plain in _UNSURE else None


def _in_words(criterion: Criterion, heard: Heard) -> str | None:
    if heard.intent not in _MAY_ANSWER:
        return None
    own = next((r for r in heard.readings if r["criterion"] == criterion.id), None)
    if (
        own is None
        or own["share"] < _LEAST_SHARE
        or own["confidence"] < _LEAST_CONFIDENCE.get(heard.intent, _LEAST_OTHERWISE)
    ):
        return None
    others = (r["confidence"] for r in heard.readings if r["criterion"] != criterion.id)
    if max(others, default=0.0) >= _OTHER_IS_SURE > own["confidence"]:
        return None
    return str(own["level"])
