"""Not understood: ask back with the nearest meanings, then say what can be done instead."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, SafeAction, say
from actions.slots import heard_of
from bot.advice.loader import advice
from bot.conversation.heard import PROCESS
from bot.conversation.reply import Button, Reply, payload
from bot.conversation.topics import FAQ, topics

_OFFERED = 3
_LEAST = 0.05
_NOT_OFFERED = frozenset(
    """nlu_fallback inform unsure process_only affirm deny thank praise complain greet goodbye
    out_of_scope how_are_you repeat typed_command why_ask faq""".split()
)


class ActionAskBack(SafeAction):
    """Offers the nearest meanings; the second time in a row says what there is, and a person."""

    action_name = "action_ask_back"

    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Ask back, or give way."""
        nearest = _nearest(tracker)
        if _failures(tracker) > 1 or not nearest:
            say(dispatcher, _GIVE_WAY)
        else:
            text = "I am not sure that I understood. Did you mean one of these?"
            none = Button("None of these", payload("out_of_scope"))
            say(dispatcher, Reply(text, (*nearest, none)))
        return []


_GIVE_WAY = Reply(
    "I still do not understand. I can work out whether to outsource a process, and I explain BPO "
    "and KPO. Or ask a person.",
    (
        Button("Work out my case", payload("should_outsource_unspecified")),
        Button("What can you do?", "what can you do"),
        Button("Talk to a person", payload("talk_to_person")),
    ),
)


def _failures(tracker: Tracker) -> int:
    """Count how many messages in a row were not understood, the latest included."""
    count = 0
    for event in reversed(tracker.events):
        if event.get("event") != "user":
            continue
        intent = (event.get("parse_data") or {}).get("intent") or {}
        if intent.get("name") != "nlu_fallback":
            break
        count += 1
    return count


def _nearest(tracker: Tracker) -> tuple[Button, ...]:
    message = tracker.latest_message
    ranked = [
        (r["confidence"], r["name"])
        for r in message.get("intent_ranking") or ()
        if r["name"] not in _NOT_OFFERED
    ]
    selector = (message.get("response_selector") or {}).get(FAQ.rstrip("/")) or {}
    ranked += [(r["confidence"], r["intent_response_key"]) for r in selector.get("ranking", ())]
    ranked.sort(reverse=True)
    return tuple(
        _button(tracker, intent)
        for confidence, intent in ranked[:_OFFERED]
        if confidence >= _LEAST and intent in topics()
    )


def _button(tracker: Tracker, intent: str) -> Button:
    named = [e["value"] for e in heard_of(tracker).entities if e.get("entity") == PROCESS]
    if intent == "should_outsource" and named:
        process = advice().processes.get(named[-1])
        title = f"Should we outsource {process.short if process else named[-1]}?"
        return Button(title[:75], payload("should_outsource", process=named[-1]))
    return topics()[intent].button()
