"""Rasa's kinds of action that lead to actions of ours, which are run in this process."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import (
    Action,
    ActionExtractSlots,
    RemoteAction,
    action_for_name_or_text,
)
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import (
    ACTION_EXTRACT_SLOTS,
    ACTION_LISTEN_NAME,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.engine.actions import LocalActions
from bot.engine.tracker import RememberingTracker
from bot.window import read_event


def named(name: str, domain: Domain, actions: LocalActions) -> Action:
    """Gives the action of a name, as Rasa's `action_for_name_or_text` does, to be run here.

    Args:
        name: Its name.
        domain: Rasa's domain.
        actions: What runs our actions.

    """
    action = action_for_name_or_text(name, domain, None)
    if isinstance(action, RemoteAction):
        return LocalAction(name, actions)
    if isinstance(action, ActionExtractSlots):
        return LocalExtraction(actions)
    return LocalForm(name, actions) if type(action) is FormAction else action


class LocalAction(RemoteAction):
    """An action of ours.

    Args:
        name: Its name.
        actions: What runs it.

    """

    def __init__(self, name: str, actions: LocalActions) -> None:
        super().__init__(name, None)
        self._actions = actions

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Runs the action; see Rasa's `Action.run`."""
        events, responses = await self._actions.run(self.name(), tracker, domain)
        said = await self._utter_responses(responses, output_channel, nlg, tracker)
        return [*said, *map(read_event, events)]


class LocalExtraction(ActionExtractSlots):
    """Rasa's reading of slots, with our action for it.

    Args:
        actions: What runs our action.

    """

    def __init__(self, actions: LocalActions) -> None:
        super().__init__(None)
        self._actions = actions

    async def _run_custom_action(
        self,
        custom_action: str,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            action = named(custom_action, domain, self._actions)
            events = await action.run(output_channel, nlg, tracker, domain)
        except RasaException:
            return []  # it is logged where it failed
        return [event for event in events if isinstance(event, (SlotSet, BotUttered))]


class LocalForm(FormAction):
    """A form whose actions are run here.

    Args:
        name: Its name.
        actions: What runs its actions.

    """

    def __init__(self, name: str, actions: LocalActions) -> None:
        super().__init__(name, None)
        self._actions = actions

    async def activate(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Opens the form: reads slots once more, and validates those that are filled."""
        extraction = named(ACTION_EXTRACT_SLOTS, domain, self._actions)
        found = await extraction.run(output_channel, nlg, tracker, domain)
        tracker.update_with_events(found, domain)
        slots = [event for event in found if isinstance(event, SlotSet)]
        filled = {
            name: tracker.get_slot(name)
            for name in self.required_slots(domain)
            if tracker.get_slot(name) is not None
        }
        validated = await self.validate_slots(filled, tracker, domain, output_channel, nlg)
        names = {event.key for event in validated if isinstance(event, SlotSet)}
        return [*validated, *(slot for slot in slots if slot.key not in names)]

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        """Has our action look at the slots; see Rasa's `FormAction.validate_slots`."""
        name = f"validate_{self.name()}"
        if name not in domain.action_names_or_texts:
            return []
        slots = [SlotSet(key, value) for key, value in slot_candidates.items()]
        filled = self._temporary_tracker(tracker, slots, domain)
        action = named(name, domain, self._actions)
        return list(await action.run(output_channel, nlg, filled, domain))

    async def _validate_if_required(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        is_answer = (
            tracker.latest_action_name == ACTION_LISTEN_NAME
            and not tracker.is_active_loop_interrupted
        )
        if is_answer or not tracker.active_loop:
            return list(await self.validate(tracker, domain, output_channel, nlg))
        return await self.validate_slots({}, tracker, domain, output_channel, nlg)

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> list[Event]:
        name = self._name_of_utterance(domain, slot_name)
        if not name:
            return []
        action = named(name, domain, self._actions)
        return list(await action.run(output_channel, nlg, tracker, domain))

    def _temporary_tracker(
        self, current_tracker: DialogueStateTracker, additional_events: list[Event], domain: Domain
    ) -> DialogueStateTracker:
        if not isinstance(current_tracker, RememberingTracker):
            return super()._temporary_tracker(current_tracker, additional_events, domain)
        tracker = current_tracker.copy()
        tracker.update(SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker)))
        tracker.update(ActionExecuted(self.name()))
        tracker.update_with_events(additional_events, domain, override_timestamp=False)
        return tracker
