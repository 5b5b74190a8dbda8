"""The part of a conversation that a turn needs, with what came before carried along.

Rasa replays all events of a conversation in every turn, so that a turn costs more the longer the
conversation is. Its policies look at the last few states only, and the actions at the slots. So a
tracker is made of the last few turns, led in by events that set the slots and the loop as they
were before: the way in which Rasa itself begins a new session with what is carried over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

TURNS = 4
"""How many turns are replayed at least; the policies look three states back."""
MOST_TURNS = 8
"""How many at most, while a form is open: its first question and every answer to it."""

Carried = dict[str, Any]
EventData = dict[str, Any]

_EVENTS = {cls.type_name: cls for cls in all_subclasses(Event)}


def read_event(data: EventData) -> Event:
    """Gives the event that its data tells of, as Rasa's `Event.from_parameters` does.

    Rasa looks through all kinds of events for each; here the kind is looked up.
    """
    kind = _EVENTS.get(data["event"])
    if kind is None:
        return Event.from_parameters(data)  # it tells what is wrong
    return kind._from_parameters(data)


def carried(tracker: DialogueStateTracker) -> Carried:
    """Gives what has to be carried over from a tracker's end to what follows.

    Args:
        tracker: A conversation up to the end of a turn.

    Returns:
        For JSON: the slots that hold something, the one set last at the end, the active loop and
        whether the conversation is paused.

    """
    initial = {name: slot.initial_value for name, slot in tracker.slots.items()}
    slots: dict[str, Any] = {}
    for event in tracker.events:
        if isinstance(event, SlotSet) and event.key in tracker.slots:
            slots.pop(event.key, None)
            slots[event.key] = tracker.get_slot(event.key)
    found: Carried = {"slots": [[k, v] for k, v in slots.items() if v != initial[k]]}
    loop = tracker.active_loop
    if loop is not None and loop.name:
        found["loop"] = [loop.name, loop.rejected]
    if tracker.is_paused():
        found["paused"] = True
    return found


def lead_in(before: Carried) -> list[Event]:
    """Gives the events that bring a new tracker to where `carried` found another."""
    events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    events += [SlotSet(name, value) for name, value in before.get("slots", ())]
    if "loop" in before:
        name, is_rejected = before["loop"]
        events += [ActionExecuted(name), ActiveLoop(name)]
        events += [ActionExecutionRejected(name)] if is_rejected else []
    if before.get("paused"):
        events.append(ConversationPaused())
    return [*events, ActionExecuted(ACTION_LISTEN_NAME)]


def session_start(events: Sequence[EventData]) -> int:
    """Gives the place where the latest session starts; 0 where that is not among the events."""
    for place in range(len(events) - 1, -1, -1):
        if events[place]["event"] == SessionStarted.type_name:
            # The action that starts a session stands before it.
            return place - 1 if place and events[place - 1]["event"] == "action" else place
    return 0


def cut(events: Sequence[EventData], has_loop: bool) -> int:
    """Gives the place from which events are still needed, always the beginning of a turn.

    Args:
        events: The events after those that were cut before, oldest first.
        has_loop: Whether a loop is active before the first of them.

    Returns:
        0 where all are needed.

    """
    turns = list(_turns(events, has_loop))
    for place, is_free in reversed(turns[-MOST_TURNS : len(turns) - TURNS + 1]):
        if is_free:
            return place
    return turns[-MOST_TURNS][0] if len(turns) > MOST_TURNS else 0


def _turns(events: Iterable[EventData], has_loop: bool) -> Iterable[tuple[int, bool]]:
    """Yield where each turn begins, and whether no loop is active there."""
    for place, event in enumerate(events):
        if event["event"] == "user":
            yield place, not has_loop
        elif event["event"] == ActiveLoop.type_name:
            has_loop = bool(event.get("name"))
