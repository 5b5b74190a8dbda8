"""What all actions share: replies of ours through Rasa's dispatcher, and failing politely."""

from __future__ import annotations

import logging
import secrets
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.conversation.reply import Reply

log = logging.getLogger(__name__)

Events = list[dict[str, Any]]


class SafeAction(Action, ABC):
    """An action whose failure is told to the person with a reference and changes no state."""

    action_name: str

    def name(self) -> str:
        """Return the name that domain.yml knows the action by."""
        return self.action_name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Run `perform`; on an error apologise, log it without user text, and set nothing."""
        try:
            return self.perform(dispatcher, tracker)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            reference = secrets.token_hex(4)
            # The traceback has code lines only; the message of an error may hold user text.
            log.error(
                "%s failed with %s (reference %s)",
                self.name(),
                type(error).__name__,
                reference,
                exc_info=error if log.isEnabledFor(logging.DEBUG) else None,
            )
            dispatcher.messages.clear()
            dispatcher.utter_message(
                text="Sorry, something went wrong on my side "
                f"(reference {reference}). Your answers are safe; please try again."
            )
            return []

    @abstractmethod
    def perform(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Do the work; return the events for the tracker."""


def say(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Send a reply."""
    dispatcher.utter_message(
        text=reply.text,
        buttons=[{"title": b.title, "payload": b.payload} for b in reply.buttons],
        json_message=reply.custom or {},
    )
