"""Changing an answer, trying one out, and comparing two processes."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, SafeAction, say
from actions.slots import FORM, case_for, case_of, heard_of
from bot.advice.compare import compare
from bot.advice.loader import advice
from bot.advice.model import Case
from bot.advice.recommend import recommend
from bot.conversation.heard import PROCESS, answers_in, read
from bot.conversation.wording import (
    ask_process,
    change_choices,
    compare_choices,
    comparison,
    what_if,
    what_if_choices,
)


class ActionChangeAnswer(SafeAction):
    """Goes on with an answer that was just changed, or asks which one to change."""

    action_name = "action_change_answer"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Follow up with the form, or offer the answers."""
        if not read(advice(), heard_of(tracker), None).empty:
            return [FollowupAction(FORM)]
        say(dispatcher, change_choices(advice(), case_of(tracker) or Case("")))
        return []


class ActionWhatIf(SafeAction):
    """Shows what other answers would lead to and changes nothing."""

    action_name = "action_what_if"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Answer the what-if, or offer some to try."""
        case = case_of(tracker)
        if case is None:
            say(dispatcher, ask_process(advice()))
            return []
        now = recommend(advice(), case)
        tried = answers_in(advice(), heard_of(tracker))
        if not tried:
            say(dispatcher, what_if_choices(advice(), now))
        else:
            say(dispatcher, what_if(advice(), now, recommend(advice(), case.with_answers(**tried))))
        return []


class ActionCompare(SafeAction):
    """Puts two processes side by side; the one under way counts with its answers."""

    action_name = "action_compare"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Compare the two that were named, or the one named with the one under way."""
        current = case_of(tracker)
        named = [e for e in heard_of(tracker).entities if e.get("entity") == PROCESS]
        named.sort(key=lambda e: e.get("start", 0))
        cases = [case_for(e["value"], {}) for e in named]
        if current is not None:
            cases = [current if c.name == current.name else c for c in cases]
            if len(cases) == 1 and cases[0] is not current:
                cases.insert(0, current)
        distinct = {c.name: c for c in cases}
        if len(distinct) < 2:
            say(dispatcher, compare_choices(advice(), current))
            return []
        left, right = list(distinct.values())[:2]
        say(dispatcher, comparison(advice(), compare(advice(), left, right)))
        return []
