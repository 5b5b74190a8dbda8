"""Runs the actions in this process, where Rasa would send them to an action server."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any, overload

import rasa_sdk.interfaces as sdk
from rasa.core.actions.action import ActionExecutionRejection
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa_sdk.executor import ActionExecutor

from bot.errors import without_words
from bot.metrics import Stage, stage
from bot.window import EventData

_log = logging.getLogger(__name__)


class LocalActions:
    """What the SDK's server does, without the server.

    Args:
        package: The package whose actions are run.

    """

    def __init__(self, package: str) -> None:
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def run(
        self, name: str, tracker: DialogueStateTracker, domain: Domain
    ) -> tuple[list[EventData], list[dict[str, Any]]]:
        """Runs an action.

        Args:
            name: Its name.
            tracker: The conversation so far.
            domain: Given to actions that ask for it in domain.yml.

        Returns:
            The events and the responses that it answers with.

        Raises:
            ActionExecutionRejection: when the action rejects to run.
            RasaException: when there is none of that name, or it fails.

        """
        needs_domain = domain.does_custom_action_explicitly_need_domain(name)
        call = {
            "next_action": name,
            "sender_id": tracker.sender_id,
            "tracker": _state(tracker),
            "domain": domain.as_dict() if needs_domain else {},
        }
        try:
            with stage(Stage.ACT):
                result = await self._executor.run(call)
        except sdk.ActionExecutionRejection as error:
            raise ActionExecutionRejection(error.action_name, error.message) from error
        except Exception as error:
            _log.error("Action %s failed with %s", name, without_words(error))
            raise RasaException(f"Failed to execute custom action '{name}'") from None
        # Through JSON, so that nothing is shared with the action, and what would not do for an
        # action server does not do here either.
        answer = json.loads(json.dumps(result))
        return answer["events"], answer["responses"]


def _state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Give what an action server would be sent of a conversation, as far as the SDK reads it."""
    return {
        "sender_id": tracker.sender_id,
        "slots": tracker.current_slot_values(),
        "latest_message": tracker._latest_message_data(),
        "events": _Events(tracker.events),
        "paused": tracker.is_paused(),
        "followup_action": tracker.followup_action,
        "active_loop": {"name": tracker.active_loop_name} if tracker.active_loop_name else {},
        "latest_action_name": tracker.latest_action_name,
    }


class _Events(Sequence[EventData]):
    """Events as actions see them, told only where an action looks at them."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = tuple(events)

    @overload
    def __getitem__(self, place: int) -> EventData: ...

    @overload
    def __getitem__(self, place: slice) -> list[EventData]: ...

    def __getitem__(self, place: int | slice) -> EventData | list[EventData]:
        """Give an event, or a list of some."""
        if isinstance(place, slice):
            return [event.as_dict() for event in self._events[place]]
        return dict(self._events[place].as_dict())

    def __len__(self) -> int:
        """Give how many there are."""
        return len(self._events)
