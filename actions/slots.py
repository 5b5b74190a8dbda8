"""The one place that turns slots into a case and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from bot.advice.loader import advice, finder
from bot.advice.model import Case
from bot.conversation.heard import PROCESS, Heard

TOPIC = "topic"
DECIDED = "decided"
REQUESTED = "requested_slot"
FORM = "sourcing_form"


def case_for(process: str, answers: Mapping[str, str]) -> Case:
    """Return the case for a slot's process: a catalogue id, or a name as it was said."""
    known = advice().processes.get(process)
    if known is None:
        known_id = finder().named(process)
        known = advice().processes[known_id] if known_id else None
    return Case(known.short if known else process, known, dict(answers))


def case_of(tracker: Tracker) -> Case | None:
    """Return the case that the conversation is about, or None when no process is named."""
    process = tracker.get_slot(PROCESS)
    return case_for(process, answers_of(tracker)) if process else None


def answers_of(tracker: Tracker) -> dict[str, str]:
    """Return the answers given so far, in asking order."""
    values = {c: tracker.get_slot(c) for c in advice().criteria}
    return {c: v for c, v in values.items() if v is not None}


def decided_of(tracker: Tracker) -> Case | None:
    """Return the case that was last recommended on, or None."""
    kept = tracker.get_slot(DECIDED)
    return case_for(kept[PROCESS], kept["answers"]) if kept else None


def keep_decided(tracker: Tracker, case: Case) -> dict[str, Any]:
    """Return the event that remembers the case just recommended on."""
    kept = {PROCESS: tracker.get_slot(PROCESS), "answers": dict(case.answers)}
    return dict(SlotSet(DECIDED, kept))


def heard_of(tracker: Tracker) -> Heard:
    """Return the latest message."""
    return Heard.from_message(tracker.latest_message)


def open_question(tracker: Tracker) -> str | None:
    """Return the slot whose question is open, or None."""
    return tracker.get_slot(REQUESTED) if is_asking(tracker) else None


def is_asking(tracker: Tracker) -> bool:
    """Say whether the questions are under way."""
    return (tracker.active_loop or {}).get("name") == FORM
