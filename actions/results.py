"""Results: the recommendation, and everything that can be asked about it."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, SafeAction, say
from actions.slots import case_of, decided_of, is_asking, keep_decided
from bot.advice.loader import advice
from bot.advice.recommend import Recommendation, recommend
from bot.conversation.reply import Reply
from bot.conversation.wording import (
    ask_process,
    checklist,
    explanation,
    recommendation,
    summary,
    use_cases,
)


class ActionRecommend(SafeAction):
    """Recommends, and says what changed when the same process was recommended on before."""

    action_name = "action_recommend"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Send the recommendation and remember its case."""
        case = case_of(tracker)
        if case is None:
            return []
        before = decided_of(tracker)
        same = before if before is not None and before.name == case.name else None
        say(dispatcher, recommendation(advice(), recommend(advice(), case), same))
        return [keep_decided(tracker, case)]


class AboutTheCase(SafeAction, ABC):
    """Something told about the case; asks for a process when there is none yet."""

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Tell it on the answers so far."""
        case = case_of(tracker)
        if case is None and is_asking(tracker):
            dispatcher.utter_message(text="That comes once I know the process.")
        elif case is None:
            say(dispatcher, ask_process(advice()))
        else:
            say(dispatcher, self.tell(recommend(advice(), case)))
        return []

    @abstractmethod
    def tell(self, found: Recommendation) -> Reply:
        """Word it."""


class ActionExplain(AboutTheCase):
    """Explains the recommendation answer by answer."""

    action_name = "action_explain"

    def tell(self, found: Recommendation) -> Reply:
        """Word the explanation."""
        return explanation(advice(), found)


class ActionSummary(AboutTheCase):
    """Writes the brief."""

    action_name = "action_summary"

    def tell(self, found: Recommendation) -> Reply:
        """Word the brief."""
        return summary(advice(), found)


class ActionChecklist(AboutTheCase):
    """Lists all safeguards."""

    action_name = "action_checklist"

    def tell(self, found: Recommendation) -> Reply:
        """Word the checklist."""
        return checklist(found)


class ActionUseCases(AboutTheCase):
    """Tells the closest use cases."""

    action_name = "action_use_cases"

    def tell(self, found: Recommendation) -> Reply:
        """Word the use cases."""
        return use_cases(found)
