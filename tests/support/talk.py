"""Conversations as the tracker store keeps them, told in a few words."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Mapping
from typing import Any

Event = dict[str, Any]

NOW = 1_775_000_000.0
"""The present moment in tests: the last day of March 2026, 23:33 UTC."""
MINUTE, HOUR, DAY = 60, 3600, 86400
_NONE = {"title": "None of these", "payload": "/out_of_scope"}


class Talk:
    """The events of one conversation, one message a second.

    Args:
        start: When the first message comes.
    """

    def __init__(self, start: float = NOW - DAY) -> None:
        self.events: list[Event] = []
        self.ratings: dict[str, str] = {}
        self._clock = itertools.count(start)
        self._message_id = ""

    def says(
        self, text: str, intent: str = "greet", *, pressed: bool = False, near: str = ""
    ) -> Talk:
        """The person says something, or presses a button with this payload."""
        self._message_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{len(self.events)}{text}"))
        ranking = [{"name": n, "confidence": 0.5 - i / 10} for i, n in enumerate(near.split())]
        parsed: dict[str, Any] = {"intent": {"name": intent}, "intent_ranking": ranking}
        if intent.startswith("faq/"):
            parsed["intent"] = {"name": "faq", "full_retrieval_intent_name": intent}
        return self._add(
            "user",
            text=text,
            message_id=self._message_id,
            metadata={"pressed": True} if pressed else {},
            parse_data=parsed,
        )

    def does(self, action: str) -> Talk:
        """The assistant does something."""
        return self._add("action", name=action)

    def hears(self, text: str, *buttons: Mapping[str, str], custom: Any = None) -> Talk:
        """The assistant says something."""
        return self._add("bot", text=text, data={"buttons": list(buttons), "custom": custom})

    def sets(self, **slots: Any) -> Talk:
        """The assistant notes something."""
        for name, value in slots.items():
            self._add("slot", name=name, value=value)
        return self

    def rates(self, rating: str) -> Talk:
        """The person rates the latest answer."""
        self.ratings[self._message_id] = rating
        return self

    # --- what often happens

    def not_understood(self, text: str, near: str = "faq/cost faq/define_bpo") -> Talk:
        """Something is not understood; two meanings are offered."""
        self.says(text, "nlu_fallback", near=near).does("action_ask_back")
        return self.hears(
            "I am not sure that I understood. Did you mean one of these?",
            {"title": "What does outsourcing cost?", "payload": "how much is it"},
            {"title": "Start over", "payload": "/restart"},
            _NONE,
        )

    def answered(self, text: str, intent: str = "faq/define_bpo") -> Talk:
        """An FAQ is answered."""
        return self.says(text, intent).does("utter_faq").hears("BPO is …")

    def begins(self, process: str, question: str = "standardization") -> Talk:
        """Questions about a process begin."""
        self.says(f"should we outsource {process}?", "should_outsource")
        self.sets(process=process, topic=process).does("sourcing_form")
        return self.sets(requested_slot=question).hears("1 of about 4: …")

    def answers(self, text: str, criterion: str, following: str | None) -> Talk:
        """A question is answered and the next one asked."""
        self.says(text, "inform").sets(**{criterion: "low"}).does("sourcing_form")
        return self.sets(requested_slot=following).hears("2 of about 4: …")

    def recommends(self, outcome: str) -> Talk:
        """The last answer leads to a recommendation."""
        self.says("we decide", "inform").sets(authority="client").does("sourcing_form")
        self.sets(requested_slot=None).does("action_recommend")
        return self.hears("Advice.", custom={"recommendation": {"outcome": outcome}})

    def rows(self, sender: str) -> list[dict[str, Any]]:
        """The events as rows of the table."""
        return [
            {
                "sender_id": sender,
                "type_name": event["event"],
                "timestamp": event["timestamp"],
                "intent_name": None,
                "action_name": event.get("name"),
                "data": json.dumps(event),
            }
            for event in self.events
        ]

    def _add(self, event: str, **data: Any) -> Talk:
        self.events.append({"event": event, "timestamp": float(next(self._clock)), **data})
        return self
