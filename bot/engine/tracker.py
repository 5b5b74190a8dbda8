"""A tracker that does not work out anew what has not changed."""

from __future__ import annotations

import copy
from typing import Any

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_UNDOING = frozenset((ActionReverted, Restarted, SessionStarted, UserUtteranceReverted))


class RememberingTracker(DialogueStateTracker):
    """Rasa's tracker, which remembers which events apply and what the states were.

    Rasa works both out from all events whenever a policy or an action asks, and copies the
    tracker for each action by applying all events again. What comes out is the same.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self._applied: list[Event] | None = None
        self._loops: set[str] = set()
        self._replay: _Replay | None = None
        super().__init__(*arguments, **more)

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Takes an event; see Rasa's tracker."""
        is_anew = type(event) in _UNDOING or self._opens_another_loop(event)
        if is_anew:
            self._applied = self._replay = None
        super().update(event, domain)
        if is_anew:  # to undo something, Rasa asks which events apply, before it is done
            self._applied = self._replay = None
        elif self._applied is not None:
            self._apply(event, self._applied)

    def applied_events(self) -> list[Event]:
        """Gives the events that have not been undone."""
        if self._applied is None:
            self._applied = super().applied_events()
            loops = (event for event in self.events if isinstance(event, ActiveLoop))
            self._loops = {loop.name for loop in loops if loop.name}
        return list(self._applied)

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """Gives the states that the policies go by; see Rasa's tracker."""
        if omit_unset_slots or ignore_rule_only_turns:
            return super().past_states(
                domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data
            )
        applied = self.applied_events()
        if self._replay is None or self._replay.domain is not domain:
            self._replay = _Replay(self.init_copy(), domain)
        return self._replay.states(applied)

    def copy(self) -> DialogueStateTracker:
        """Gives a tracker in the same state, which goes its own way."""
        other = copy.copy(self)
        other.events = self.events.copy()
        other.slots = {name: _copied(slot) for name, slot in self.slots.items()}
        other.active_loop = copy.copy(self.active_loop)
        other._applied = None if self._applied is None else list(self._applied)
        other._loops = set(self._loops)
        other._replay = None
        return other

    def _opens_another_loop(self, event: Event) -> bool:
        # What ran under its name before counts from now on as running the loop.
        return type(event) is ActiveLoop and bool(event.name) and event.name not in self._loops

    def _apply(self, event: Event, applied: list[Event]) -> None:
        """Add an event as Rasa's `applied_events` does."""
        is_loop = type(event) is ActionExecuted and event.action_name in self._loops
        if not is_loop or self._first_loop_execution_or_unhappy_path(event.action_name, applied):
            applied.append(event)
            return
        self._undo_till_previous_loop_execution(event.action_name, applied)
        self._replay = None


def _copied(slot: Slot) -> Slot:
    # As `copy.copy` does, in a tenth of its time: there are a few dozen of them for each action.
    other = object.__new__(type(slot))
    other.__dict__.update(slot.__dict__)
    return other


class _Replay:
    """The states before each action, as far as the events have been replayed.

    Args:
        tracker: An empty tracker.
        domain: Rasa's domain.

    """

    def __init__(self, tracker: DialogueStateTracker, domain: Domain) -> None:
        self.domain = domain
        self._tracker = tracker
        self._states: list[State] = []
        self._count = 0

    def states(self, applied: list[Event]) -> list[State]:
        """Give the states for these events, which begin with those of the last time."""
        for event in applied[self._count :]:
            if type(event) is ActionExecuted:
                self._states.append(self.domain.get_active_state(self._tracker))
            self._tracker.update(event)
        self._count = len(applied)
        states = [*self._states, self.domain.get_active_state(self._tracker)]
        # The policies change what they get.
        return [{name: dict(part) for name, part in state.items()} for state in states]
