"""What the advice is made of: criteria, rules, processes, use cases and the advice on one case.

Everything here is immutable and knows nothing of files, Rasa or channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

UNSURE = "unsure"

Answers = Mapping[str, str]
"""Criterion id → level id or ``unsure``. A criterion that is missing was not answered."""

NO_ANSWERS: Answers = MappingProxyType({})


class Outcome(str, Enum):
    """What can be advised."""

    BPO = "BPO"
    KPO = "KPO"
    BETWEEN = "BETWEEN"
    SPLIT = "SPLIT"
    KEEP = "KEEP"
    NOT_YET = "NOT_YET"


class Confidence(str, Enum):
    """How sure a recommendation is; `bot.advice.verdict.confidence` says when each applies."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Basis(str, Enum):
    """Where the level of a criterion comes from."""

    SAID = "said"
    CATALOGUE = "catalogue"
    MIDPOINT = "midpoint"


@dataclass(frozen=True)
class Source:
    """Where a fact or a rule comes from."""

    id: str
    title: str
    url: str | None = None


@dataclass(frozen=True)
class Level:
    """One possible answer to a criterion's question."""

    id: str
    title: str
    """As on a button."""
    points: int
    """How far the answer moves the place on the spectrum, from 0 (BPO) towards 100 (KPO)."""
    reason: str
    """One sentence: what the answer means for the choice."""
    short: tuple[str, ...] = ()
    """What people type instead of pressing the button while this question is open."""


@dataclass(frozen=True)
class TieBreak:
    """Points added when one level meets a position inside a range that is almost a tie."""

    level: str
    at_least: int
    at_most: int
    points: int
    reason: str


@dataclass(frozen=True)
class Criterion:
    """A question of the advice with its levels, ordered from the BPO side to the KPO side."""

    id: str
    name: str
    question: str
    why: str
    levels: tuple[Level, ...]
    assume: str
    """Level counted when nobody knows better."""
    always_asked: bool
    sources: tuple[str, ...]
    tie_break: TieBreak | None = None

    def level(self, level_id: str) -> Level:
        """Return the level named `level_id`. Raises KeyError when there is none."""
        for level in self.levels:
            if level.id == level_id:
                return level
        raise KeyError(level_id)

    @property
    def maximum(self) -> int:
        """The most points that an answer can add."""
        return max(level.points for level in self.levels)


@dataclass(frozen=True)
class When:
    """The conditions of a rule or a safeguard; all that are given must hold."""

    levels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    """Criteria that neither the person nor the catalogue has an answer to."""
    unsure: frozenset[str] = frozenset()
    """Criteria that the person did not settle, whatever the catalogue assumes."""
    retained: str | None = None
    separable: bool | None = None
    at_least: int = 0
    at_most: int = 100
    outcomes: frozenset[Outcome] = frozenset()


@dataclass(frozen=True)
class Rule:
    """First rule that holds decides: an outcome, the reason to show and its sources."""

    id: str
    when: When
    outcome: Outcome
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Safeguard:
    """Something the choice needs, shown when its conditions hold."""

    id: str
    text: str
    when: When
    sources: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeText:
    """How an outcome is named and summed up."""

    id: Outcome
    title: str
    summary: str


@dataclass(frozen=True)
class Retained:
    """A decision that the organisation cannot hand over: the whole process or a part of it."""

    extent: str
    because: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Kpi:
    """A measure with a published figure to start from."""

    name: str
    figure: str
    source: str


@dataclass(frozen=True, eq=False)
class Process:
    """A process of the catalogue. `defaults` has a level for each criterion."""

    id: str
    name: str
    short: str
    said: tuple[str, ...]
    function: str
    industry: tuple[str, ...]
    published: Outcome
    defaults: Mapping[str, str]
    sources: tuple[str, ...]
    note: str | None = None
    kpis: tuple[Kpi, ...] = ()
    ask: Mapping[str, str] = field(default_factory=dict)
    retained: Retained | None = None
    separable: bool = False


@dataclass(frozen=True)
class UseCase:
    """A typical situation with the outcome that fitted it."""

    id: str
    title: str
    text: str
    outcome: Outcome
    processes: tuple[str, ...]
    industry: str
    tags: tuple[str, ...]
    levels: Mapping[str, str]
    sources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Advice:
    """All content of the advice, checked and cross-referenced."""

    criteria: Mapping[str, Criterion]
    rules: tuple[Rule, ...]
    outcomes: Mapping[Outcome, OutcomeText]
    safeguards: tuple[Safeguard, ...]
    processes: Mapping[str, Process]
    use_cases: tuple[UseCase, ...]
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class Case:
    """What is to be decided: a process, as the person named it, and the answers so far."""

    name: str
    process: Process | None = None
    answers: Answers = NO_ANSWERS

    def with_answers(self, **changes: str) -> Case:
        """Return the same case with some answers changed."""
        return Case(self.name, self.process, {**self.answers, **changes})
