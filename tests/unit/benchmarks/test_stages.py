from __future__ import annotations

import pytest

from benchmarks.turns.stages import IDLE, OTHER, stage_of, summarise

RASA = "/venv/lib/python3.10/site-packages/rasa"
TURN = ("/project/bot/channels/turns.py:_run", "/venv/lib/python3.10/asyncio/events.py:_run")


@pytest.mark.parametrize(
    ("stack", "stage"),
    [
        ((f"{RASA}/core/processor.py:save_tracker", *TURN), "Writing the store"),
        (
            (
                f"{RASA}/shared/core/trackers.py:from_events",
                f"{RASA}/core/tracker_store.py:retrieve",
            ),
            "Reading the store",
        ),
        (
            ("/venv/lib/python3.10/json/decoder.py:decode", f"{RASA}/core/tracker_store.py:x"),
            "JSON",
        ),
        (
            (f"{RASA}/engine/graph.py:__call__", f"{RASA}/core/processor.py:parse_message"),
            "Understanding",
        ),
        (
            (
                f"{RASA}/engine/graph.py:__call__",
                f"{RASA}/core/processor.py:_predict_next_with_tracker",
            ),
            "Policies",
        ),
        (("/project/bot/advice/verdict.py:judge", "/project/actions/form.py:run"), "Actions"),
        ((f"{RASA}/shared/core/trackers.py:copy", *TURN), "Rest of Rasa"),
        (TURN, "HTTP and channel"),
        (("/somewhere/else.py:f",), OTHER),
        ((), IDLE),
    ],
)
def test_a_stack_belongs_to_the_stage_that_it_is_done_for(
    stack: tuple[str, ...], stage: str
) -> None:
    assert stage_of(stack) == stage


def test_stages_share_the_time_of_a_turn() -> None:
    stacks = [
        {"stack": ["/project/actions/form.py:run"], "seen": 3},
        {"stack": ["/project/bot/nlu/text.py:clean"], "seen": 1},
    ]

    dearest, other = summarise(stacks, seconds=0.02, root="/project")

    assert dearest == {
        "stage": "Actions",
        "share": 0.75,
        "seconds": 0.015,
        "hottest": {"actions/form.py:run": 0.75},
    }
    assert (other["stage"], other["seconds"]) == ("Understanding", 0.005)
