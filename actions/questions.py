"""Asking: the questions themselves, why, how far we are, back, stop."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, SafeAction, say
from actions.slots import FORM, REQUESTED, TOPIC, answers_of, case_of, is_asking, open_question
from bot.advice.loader import advice
from bot.advice.questions import next_question, progress
from bot.conversation.heard import PROCESS
from bot.conversation.wording import EXPLAIN, ask, ask_process, why_asked


class ActionAskProcess(SafeAction):
    """Asks which process it is about."""

    action_name = "action_ask_process"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Send the question."""
        say(dispatcher, ask_process(advice()))
        return []


class AskCriterion(SafeAction, ABC):
    """Asks one criterion's question, worded for the process."""

    @property
    @abstractmethod
    def criterion(self) -> str:
        """The criterion that is asked about."""

    def name(self) -> str:
        """Return the name under which Rasa's form looks for it."""
        return f"action_ask_{self.criterion}"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Send the question."""
        case = case_of(tracker)
        if case is not None:
            say(dispatcher, ask(advice(), case, advice().criteria[self.criterion]))
        return []


class ActionAskStandardization(AskCriterion):
    """How far the work follows rules."""

    criterion = "standardization"


class ActionAskExpertise(AskCriterion):
    """What the people must know."""

    criterion = "expertise"


class ActionAskSensitivity(AskCriterion):
    """What data is touched."""

    criterion = "sensitivity"


class ActionAskAuthority(AskCriterion):
    """Who decides."""

    criterion = "authority"


class ActionAskCore(AskCriterion):
    """Whether it sets the business apart."""

    criterion = "core"


class ActionAskGoal(AskCriterion):
    """What is wanted most."""

    criterion = "goal"


class ActionWhyAsk(SafeAction):
    """Says why the open question is asked."""

    action_name = "action_why_ask"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Explain the open question, or the recommendation when none is open."""
        question = open_question(tracker)
        criterion = advice().criteria.get(question or "")
        if criterion:
            say(dispatcher, why_asked(criterion))
        elif question == PROCESS:
            dispatcher.utter_message(
                text="What to advise depends on the work itself, so I start with its name."
            )
        else:
            dispatcher.utter_message(
                text="No question is open. Do you want to know how I got to the advice?",
                buttons=[{"title": EXPLAIN.title, "payload": EXPLAIN.payload}],
            )
        return []


class ActionProgress(SafeAction):
    """Says how far we are."""

    action_name = "action_progress"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Count the questions; the open one follows anyway."""
        case = case_of(tracker)
        if not is_asking(tracker):
            dispatcher.utter_message(response="utter_nothing_open")
        elif case is not None:
            place = progress(advice(), case)
            left = place.total - place.number + 1
            dispatcher.utter_message(text=f"About {left} to go, never more than six in all.")
        return []


class ActionGoBack(SafeAction):
    """Takes the last answer back, so that its question is asked again."""

    action_name = "action_go_back"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Clear the latest answer, or the process when there is none."""
        given = list(_answered_in_order(tracker))
        if given:
            return [SlotSet(given[-1], None), SlotSet(REQUESTED, None)]
        if tracker.get_slot(PROCESS):
            return [SlotSet(PROCESS, None), SlotSet(TOPIC, None), SlotSet(REQUESTED, None)]
        dispatcher.utter_message(text="This is the first question.")
        return []


def _answered_in_order(tracker: Tracker) -> list[str]:
    """Return the answered criteria, the one answered last at the end."""
    answered = answers_of(tracker)
    order: dict[str, None] = {}
    for event in tracker.events:
        if event.get("event") == "slot" and event.get("name") in answered:
            order.pop(event["name"], None)
            order[event["name"]] = None
    return list(order)


class ActionStop(SafeAction):
    """Ends the questions and keeps the answers."""

    action_name = "action_stop"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Close the form."""
        case = case_of(tracker)
        text = "All right, I stop here."
        if is_asking(tracker) and case is not None and case.answers:
            text += f" Your answers on {case.name} are kept; say “continue” to go on."
        dispatcher.utter_message(text=text)
        return [ActiveLoop(None), SlotSet(REQUESTED, None)]


class ActionContinue(SafeAction):
    """Goes on with questions that were left open; else says what can be done."""

    action_name = "action_continue"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Take the form up again where something is left to ask."""
        case = case_of(tracker)
        if case is not None and next_question(advice(), case) is not None:
            return [FollowupAction(FORM)]
        dispatcher.utter_message(response="utter_affirm")
        return []


class ActionAnotherProcess(SafeAction):
    """Makes room for another process; what holds for any process is kept."""

    action_name = "action_another_process"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Clear the process; its answers go when the next one is named."""
        return [SlotSet(PROCESS, None), SlotSet(REQUESTED, None)]
