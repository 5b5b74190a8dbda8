"""What is answered differently in two states of the content: better, worse, or just other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.editing.snapshot import Snapshot

BETTER, WORSE, OTHER, NEW, GONE = "better", "worse", "other", "new", "gone"
_ORDER = (WORSE, BETTER, OTHER, NEW, GONE)
_LONGEST = 70


@dataclass(frozen=True)
class Difference:
    """One thing that is answered differently: of which kind, before, and now."""

    verdict: str
    kind: str
    what: str
    before: str
    now: str


@dataclass(frozen=True)
class Score:
    """How many tests of a kind passed before and pass now, of how many."""

    kind: str
    before: int
    now: int
    of_before: int
    of_now: int


@dataclass(frozen=True)
class Differences:
    """All differences, the worst first; the tests that pass; outcomes that moved, counted."""

    rows: tuple[Difference, ...]
    scores: tuple[Score, ...]
    moved: Mapping[str, int]
    combinations: int
    shifted: int
    """Processes that stand elsewhere on the scale and still get the same outcome."""

    @property
    def worse(self) -> bool:
        """Whether anything is worse than it was."""
        return any(row.verdict == WORSE for row in self.rows)

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return asdict(self)


def compare(before: Snapshot, now: Snapshot) -> Differences:
    """Return what differs between two snapshots."""
    rows = sorted(_rows(before, now), key=lambda row: (_ORDER.index(row.verdict), row.kind))
    kinds = ("sentences", "cases", "processes", "dialogues")
    scores = [_score(kind, before, now) for kind in kinds if kind in before and kind in now]
    moved = Counter(
        f"{was} → {now['combinations'][key]}"
        for key, was in before["combinations"].items()
        if now["combinations"].get(key, was) != was
    )
    shifted = sum(
        was != is_ and was["outcome"] == is_["outcome"]
        for key, was in before["processes"].items()
        if (is_ := now["processes"].get(key))
    )
    total = len(now["combinations"])
    return Differences(tuple(rows), tuple(scores), dict(moved), total, shifted)


def _score(kind: str, before: Snapshot, now: Snapshot) -> Score:
    was, is_ = before[kind], now[kind]
    return Score(kind, _passed(was), _passed(is_), len(was), len(is_))


def _passed(tests: Mapping[str, Any]) -> int:
    return sum(not test["problem"] for test in tests.values())


def _rows(before: Snapshot, now: Snapshot) -> Iterator[Difference]:
    for kind, show in _SHOWN.items():
        if kind not in before or kind not in now:
            continue  # dialogues may be left out
        for key in [*before[kind], *(k for k in now[kind] if k not in before[kind])]:
            was, is_ = before[kind].get(key), now[kind].get(key)
            told = _told(was, show), _told(is_, show)
            if told[0] != told[1] and not _only_shifted(was, is_):
                what = is_ or was
                name = what["text"] if isinstance(what, dict) and "text" in what else key
                yield Difference(_verdict(was, is_), kind, name, *_where_apart(*told))


def _only_shifted(was: Any, is_: Any) -> bool:
    both = isinstance(was, dict) and isinstance(is_, dict) and "outcome" in was
    return both and was["outcome"] == is_["outcome"]


def _told(state: Any, show: Any) -> str:
    return "" if state is None else str(show(state))


def _verdict(was: Any, is_: Any) -> str:
    if was is None:
        return NEW
    if is_ is None:
        return GONE
    if isinstance(was, dict) and bool(was["problem"]) != bool(is_["problem"]):
        return BETTER if was["problem"] else WORSE
    return OTHER


def _sentence(state: Mapping[str, Any]) -> str:
    process = f", {state['process']}" if state["process"] else ""
    return f"{state['intent']}{process}"


def _process(state: Mapping[str, Any]) -> str:
    return f"{state['outcome']} ({state['position']})"


def _dialogue(state: Mapping[str, Any]) -> str:
    return "\n".join(" ¦ ".join(turn) for turn in state["replies"])


def _case(state: Mapping[str, Any]) -> str:
    return state["problem"] or "as wanted"


_SHOWN = {
    "sentences": _sentence,
    "cases": _case,
    "processes": _process,
    "answers": " / ".join,
    "dialogues": _dialogue,
}


def _where_apart(before: str, now: str) -> tuple[str, str]:
    """Return both texts from where they part, in a length that fits a table."""
    if max(len(before), len(now)) <= _LONGEST:
        return before, now
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    start = max(0, same - 15)
    return _cut(before, start), _cut(now, start)


def _cut(text: str, start: int) -> str:
    head = "…" if start and text else ""
    part = " ".join(text[start : start + _LONGEST].split())
    return f"{head}{part}{'…' if len(text) > start + _LONGEST else ''}"
