"""The stages of a turn, told by the functions that are at work."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

IDLE = "Idle: waiting for the next message"
OTHER = "Other"
_PATTERNS = (
    # What is done in many stages counts by itself, wherever it is done.
    ("Logging", r"/logging/__init__\.py:|/structlog/|/bot/logs\.py:"),
    ("JSON", r"/json/(__init__|decoder|encoder)\.py:|/ujson"),
    ("Metrics", r"/bot/(metrics|observing)\.py:|/prometheus_client/"),
    ("Lock", r"/rasa/core/lock(_store)?\.py:|/bot/(locks|shared_redis)\.py:"),
    (
        "Writing the store",
        r"tracker_store\.py:(save|_additional_events|stream_events)$"
        r"|/bot/conversation_tables\.py:(write|_claim|_row|_answered)$"
        r"|processor\.py:save_tracker$|:do_commit$",
    ),
    (
        "Reading the store",
        r"tracker_store\.py:|processor\.py:(fetch_|get_tracker)"
        r"|/bot/(conversations|conversation_tables|window|database)\.py:",
    ),
    ("Understanding", r"processor\.py:_?parse_message|/rasa/nlu/|/bot/nlu/"),
    ("Policies", r"processor\.py:_?predict_next_with|/rasa/core/policies/|/bot/policies"),
    (
        "Actions",
        r"/(actions|bot/advice|bot/conversation|rasa_sdk|rasa/core/actions)/"
        r"|/bot/engine/(actions|local)\.py:|processor\.py:(_?run_action)",
    ),
    # What all of the above stand on counts only where none of them is at work.
    ("Rest of Rasa", r"/rasa/|/bot/engine/"),
    ("HTTP and channel", r"/bot/channels/|/bot/(hardening|request_ids)\.py:|/sanic/|/httptools/"),
)
_STAGES = tuple((stage, re.compile(pattern)) for stage, pattern in _PATTERNS)
_SPECIFIC, _GENERAL = _STAGES[:-2], _STAGES[-2:]
_HOTTEST = 3
_LIBRARIES = re.compile(r".*/(?:site-packages|python3\.\d+)/")


def stage_of(stack: Sequence[str]) -> str:
    """Gives the stage that a stack belongs to.

    Args:
        stack: `file:function`, the innermost first; empty when nothing was at work.

    """
    if not stack:
        return IDLE
    for stages in (_SPECIFIC, _GENERAL):
        for frame in stack:
            for stage, pattern in stages:
                if pattern.search(frame):
                    return stage
    return OTHER


def summarise(
    stacks: Iterable[Mapping[str, Any]], seconds: float, root: str
) -> list[dict[str, Any]]:
    """Gives what each stage takes of a turn.

    Args:
        stacks: Each with `stack` and how often it was `seen`.
        seconds: What a turn takes.
        root: The project's folder, which is left out of the names of functions.

    Returns:
        By stage, the dearest first: `seconds` of a turn, `share` of the time, and the `hottest`
        functions with theirs, by what they take themselves.

    """
    seen: Counter[str] = Counter()
    inner: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in stacks:
        stage = stage_of(one["stack"])
        seen[stage] += one["seen"]
        if one["stack"]:
            inner[stage][_short(one["stack"][0], root)] += one["seen"]
    total = sum(seen.values()) or 1
    return [
        {
            "stage": stage,
            "share": count / total,
            "seconds": count / total * seconds,
            "hottest": {name: part / total for name, part in inner[stage].most_common(_HOTTEST)},
        }
        for stage, count in seen.most_common()
    ]


def _short(frame: str, root: str) -> str:
    return _LIBRARIES.sub("", frame).removeprefix(f"{root}/")
