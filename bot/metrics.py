"""What is counted and timed for Prometheus; docs/operating.md says what each figure means.

No label holds what people say nor who they are, and each label has few values: names that are not
expected count as "other".
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# When each series began: as many lines again, which nothing here needs.
disable_created_metrics()  # type: ignore[no-untyped-call]

OTHER = "other"
_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Outcome(str, Enum):
    """What a turn came to."""

    ANSWERED = "answered"
    REPEATED = "repeated"
    """The message had been answered before, and got the same replies."""
    REFUSED = "refused"
    """A choice that was not on offer."""
    FAILED = "failed"
    """The person got an apology."""


class Stage(str, Enum):
    """What a turn spends its time on."""

    LOCK = "lock"
    """Waiting for the turn before in the same conversation."""
    READ = "read"
    UNDERSTAND = "understand"
    ACT = "act"
    WRITE = "write"
    REST = "rest"
    """All else: Rasa's own work, and passing replies on."""


TURNS = Counter("sourcing_turns", "Turns that have ended.", ["channel", "outcome"])
TURN_SECONDS = Histogram(
    "sourcing_turn_seconds",
    "How long turns took, from the message to its last reply.",
    ["channel"],
    buckets=_SECONDS,
)
STAGE_SECONDS = Histogram(
    "sourcing_turn_stage_seconds", "What turns spent on each stage.", ["stage"], buckets=_SECONDS
)
UNDER_WAY = Gauge("sourcing_turns_under_way", "Turns that are under way, waiting ones included.")
INTENTS = Counter("sourcing_intents", "Messages by how they were understood.", ["intent", "by"])
RECOMMENDATIONS = Counter("sourcing_recommendations", "Recommendations by outcome.", ["outcome"])
STORE_ERRORS = Counter(
    "sourcing_store_errors", "Failed calls of a store, by kind of failure.", ["store", "kind"]
)
REDIS_AWAY = Gauge("sourcing_redis_away", "1 while Redis cannot be asked, else 0.", ["store"])
RATE_LIMITED = Counter("sourcing_rate_limited", "Requests refused as too fast.", ["limit"])
SLACK_UNDER_WAY = Gauge("sourcing_slack_events_under_way", "Events of Slack being answered here.")
SLACK_GIVEN_UP = Counter("sourcing_slack_given_up", "Messages that Slack would not take.")
RETIRED = Counter(
    "sourcing_retired_conversations", "Old conversations that were retired.", ["action"]
)
READY = Gauge("sourcing_ready", "1 while this replica can take turns, else 0.")
BUILD = Gauge("sourcing_build_info", "Always 1; what is served.", ["version", "model"])

CHANNELS = ("web", "slack")
LIMITS = ("messages", "sessions", "reads", "requests")
STORES = {Stage.LOCK: "locks", Stage.READ: "conversations", Stage.WRITE: "conversations"}
_KINDS = {
    "OperationalError": "operational",  # cannot be reached, is locked, or lacks a table
    "InterfaceError": "operational",
    "ConnectionError": "operational",
    "TimeoutError": "operational",
    "OSError": "operational",
    "LockError": "busy",
    "ConversationMoved": "moved",  # somebody else went on with it meanwhile
    "IntegrityError": "refused",
    "DatabaseError": "refused",
}
_KNOWN_INTENTS: set[str] = set()
_KNOWN_OUTCOMES: set[str] = set()


@dataclass
class Turn:
    """A turn under way."""

    channel: str
    outcome: Outcome = Outcome.FAILED
    started: float = field(default_factory=time.perf_counter)
    stages: dict[Stage, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.perf_counter() - self.started


_TURN: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def measured(channel: str) -> Iterator[Turn]:
    """Counts and times a turn while the context lasts.

    Args:
        channel: The channel's name.

    Returns:
        The turn; it counts as failed until its outcome is set.

    """
    turn = Turn(channel)
    token = _TURN.set(turn)
    UNDER_WAY.inc()
    try:
        yield turn
    finally:
        _TURN.reset(token)
        UNDER_WAY.dec()
        _keep(turn)


def _keep(turn: Turn) -> None:
    seconds = turn.seconds
    TURNS.labels(turn.channel, turn.outcome.value).inc()
    TURN_SECONDS.labels(turn.channel).observe(seconds)
    for stage, spent in turn.stages.items():
        STAGE_SECONDS.labels(stage.value).observe(spent)
    STAGE_SECONDS.labels(Stage.REST.value).observe(max(0.0, seconds - sum(turn.stages.values())))


class stage:
    """Adds the time that the context lasts to the turn under way; counts errors of stores.

    Outside of turns only errors are counted.

    Args:
        what: What the time is spent on.

    """

    __slots__ = ("_since", "_what")

    def __init__(self, what: Stage) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._since = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        turn = _TURN.get()
        if turn is not None:
            spent = time.perf_counter() - self._since
            turn.stages[self._what] = turn.stages.get(self._what, 0.0) + spent
        if isinstance(error, Exception) and self._what in STORES:
            store_failed(STORES[self._what], error)


def store_failed(store: str, error: Exception) -> None:
    """Counts a failed call of a store.

    Args:
        store: Its name: conversations, locks, limits or slack.
        error: What it raised.

    """
    names = (base.__name__ for base in type(error).__mro__)
    kind = next((_KINDS[name] for name in names if name in _KINDS), OTHER)
    STORE_ERRORS.labels(store, kind).inc()


def expect(intents: Iterable[str], outcomes: Iterable[str]) -> None:
    """Says which intents and outcomes there are; any other counts as "other"."""
    _KNOWN_INTENTS.update(intents)
    _KNOWN_OUTCOMES.update(outcomes)
    for outcome in _KNOWN_OUTCOMES:
        RECOMMENDATIONS.labels(outcome)


def serving(version: str, model: str) -> None:
    """Says what is served now."""
    BUILD.clear()
    BUILD.labels(version, model).set(1)


def count(events: Iterable[Mapping[str, Any]]) -> None:
    """Counts what the events of a turn tell: how a message was understood, and what was advised.

    Args:
        events: Events as `Event.as_dict` of Rasa's gives them, each once, in their order.

    """
    action = None
    for event in events:
        kind = event.get("event")
        if kind == "user":
            _count_message(event)
        elif kind == "action":
            action = event.get("name")
        elif kind == "bot" and action == "action_recommend":
            _count_recommendation(event)


def _count_message(event: Mapping[str, Any]) -> None:
    intent = (event.get("parse_data") or {}).get("intent") or {}
    name = intent.get("full_retrieval_intent_name") or intent.get("name")
    pressed = (event.get("metadata") or {}).get("pressed")
    INTENTS.labels(_known(name, _KNOWN_INTENTS), "press" if pressed else "text").inc()


def _count_recommendation(event: Mapping[str, Any]) -> None:
    custom = (event.get("data") or {}).get("custom") or {}
    outcome = (custom.get("recommendation") or {}).get("outcome")
    if outcome:
        RECOMMENDATIONS.labels(_known(outcome, _KNOWN_OUTCOMES)).inc()


def _known(name: Any, names: set[str]) -> str:
    return name if name in names else OTHER


def _begin_at_zero() -> None:
    """Makes each series that can be foreseen, so that its first increase is seen too."""
    for channel in CHANNELS:
        TURN_SECONDS.labels(channel)
        for outcome in Outcome:
            TURNS.labels(channel, outcome.value)
    for one in Stage:
        STAGE_SECONDS.labels(one.value)
    for store in ("locks", "limits"):
        REDIS_AWAY.labels(store)
    for limit in LIMITS:
        RATE_LIMITED.labels(limit)
    for store in ("conversations", "locks", "limits", "slack"):
        STORE_ERRORS.labels(store, "operational")


_begin_at_zero()
