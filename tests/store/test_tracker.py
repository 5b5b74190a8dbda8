"""The tracker that remembers gives the same as Rasa's, whatever happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.tracker import RememberingTracker

_FORM = "sourcing_form"
_EVENTS: list[Event] = [
    UserUttered("hello", {"name": "greet"}),
    UserUttered("payroll", {"name": "inform"}),
    ActionExecuted("action_listen"),
    ActionExecuted("utter_greet"),
    ActionExecuted(_FORM),
    ActiveLoop(_FORM),
    ActiveLoop(None),
    ActionExecutionRejected(_FORM),
    LoopInterrupted(True),
    SlotSet("requested_slot", "core"),
    SlotSet("requested_slot", None),
    BotUttered("hello"),
    FollowupAction("utter_greet"),
    UserUtteranceReverted(),
    ActionReverted(),
    Restarted(),
    SessionStarted(),
]


@given(st.lists(st.sampled_from(_EVENTS), max_size=40), st.integers(0, 40), st.data())
def test_it_gives_the_same_as_rasas(
    domain: Domain, events: list[Event], copied_at: int, data: st.DataObject
) -> None:
    theirs = DialogueStateTracker("somebody", domain.slots)
    ours: DialogueStateTracker = RememberingTracker("somebody", domain.slots)
    for number, event in enumerate(events):
        if number == copied_at:
            before, ours = ours, ours.copy()
            before.update(ActionExecuted("utter_greet"))  # goes its own way
        theirs.update(event)
        ours.update(event)
        if data.draw(st.booleans()):  # what is asked in between changes nothing
            assert ours.past_states(domain) == theirs.past_states(domain)
        assert ours.applied_events() == theirs.applied_events()
    assert ours.past_states(domain) == theirs.past_states(domain)
    assert ours.current_slot_values() == theirs.current_slot_values()
    assert ours.active_loop_name == theirs.active_loop_name
    assert ours.latest_action_name == theirs.latest_action_name
    assert ours.followup_action == theirs.followup_action
