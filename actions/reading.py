"""Takes what a message says about the case into the slots, before anything else happens."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, SafeAction
from actions.slots import (
    DECIDED,
    REQUESTED,
    TOPIC,
    answers_of,
    case_for,
    heard_of,
    is_asking,
    open_question,
)
from bot.advice.loader import advice
from bot.advice.questions import next_question
from bot.conversation.heard import ANSWERS_ONLY, PROCESS, Said, read
from bot.conversation.wording import noted, started

_CARRIED = ("goal",)
"""Answers about the organisation rather than the process; they hold for the next one too."""
_LEADS_INTO_THE_FORM = ANSWERS_ONLY | {"should_outsource", "should_outsource_unspecified"}
_MISSED = "I could not place that answer; the closest choice below will do, or “not sure”."


class ActionReadAnswers(SafeAction):
    """Reads the latest message; Rasa runs an action of this name after every message."""

    action_name = "action_validate_slot_mappings"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Set the process and the answers that the message gives."""
        heard = heard_of(tracker)
        said = read(advice(), heard, open_question(tracker))
        if said.missed:
            dispatcher.utter_message(text=_MISSED)
        if said.process is not None and said.process != tracker.get_slot(TOPIC):
            return self._new_topic(dispatcher, tracker, said)
        if said.empty and self._asks_anew(tracker, heard.intent):
            return [SlotSet(PROCESS, None), *_clear(tracker, _CARRIED)]
        if note := _noted(tracker, said):
            dispatcher.utter_message(text=note)
        events = [SlotSet(c, level) for c, level in said.answers.items()]
        if said.reopened:
            events.append(SlotSet(said.reopened, None))
        return events

    def _new_topic(self, dispatcher: CollectingDispatcher, tracker: Tracker, said: Said) -> Events:
        """Start on another process: old answers go, but for those that hold for any process."""
        had_topic = tracker.get_slot(TOPIC) is not None
        old = answers_of(tracker)
        kept = {c: v for c, v in old.items() if not had_topic or c in _CARRIED}
        assert said.process is not None
        case = case_for(said.process, {**kept, **said.answers})
        carried = [c for c in kept if had_topic and c not in said.answers]
        note = started(advice(), case, said.process_how, said.process_text, carried)
        told = noted(advice(), said.answers) if said.answers else ""
        if note or told:
            dispatcher.utter_message(text=f"{note} {told}".strip())
        cleared = _clear(tracker, kept) if had_topic else []
        return [
            *cleared,
            SlotSet(PROCESS, said.process),
            SlotSet(TOPIC, said.process),
            *(SlotSet(c, level) for c, level in said.answers.items()),
        ]

    def _asks_anew(self, tracker: Tracker, intent: str) -> bool:
        decided = (tracker.get_slot(DECIDED) or {}).get(PROCESS)
        is_finished = decided is not None and decided == tracker.get_slot(PROCESS)
        return is_finished and not is_asking(tracker) and intent == "should_outsource_unspecified"


def _noted(tracker: Tracker, said: Said) -> str:
    """Acknowledge answers other than to the open question, which would pass unseen."""
    given = answers_of(tracker)
    open_now = open_question(tracker)
    aside = {c: v for c, v in said.answers.items() if c != open_now and given.get(c) != v}
    if not aside or not (is_asking(tracker) or _is_more_to_ask(tracker, said)):
        return ""
    return noted(advice(), aside)


def _is_more_to_ask(tracker: Tracker, said: Said) -> bool:
    """Tell whether questions follow; a recommendation says itself what changed."""
    process = tracker.get_slot(PROCESS)
    if not process:
        return True
    case = case_for(process, {**answers_of(tracker), **said.answers})
    return next_question(advice(), case) is not None


def _clear(tracker: Tracker, keep: object) -> Events:
    kept = set(keep) if isinstance(keep, (dict, tuple)) else set()
    return [SlotSet(c, None) for c in answers_of(tracker) if c not in kept]


class ValidateSourcingForm(SafeAction):
    """Tells the form which question comes next, or that nothing more needs asking."""

    action_name = "validate_sourcing_form"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Set the requested slot to the next question's criterion, or to None when done."""
        events = [SlotSet(REQUESTED, self._next(tracker))]
        if heard_of(tracker).intent in _LEADS_INTO_THE_FORM:
            # Any other slot keeps the form from giving way to a rule, as there is none but itself.
            events.append(SlotSet(TOPIC, tracker.get_slot(TOPIC)))
        return events

    def _next(self, tracker: Tracker) -> str | None:
        process = tracker.get_slot(PROCESS)
        if not process:
            return PROCESS
        question = next_question(advice(), case_for(process, answers_of(tracker)))
        return question.id if question else None
