"""What the assistant answers in one state of the content, to be compared with another state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from bot.advice.model import Advice, Case
from bot.advice.verdict import decide
from bot.editing.cases import Dialogue, advised, dialogues, responses, sentences
from bot.editing.judging import Sentences, Speaker, advice_problem, dialogue_problem
from bot.editing.learning import understanding_of

Snapshot = Mapping[str, Mapping[str, Any]]
"""By kind (sentences, cases, processes, answers, combinations, dialogues) and key."""


@dataclass(frozen=True)
class State:
    """A state of the content: where it lies, its advice, and the tests to answer."""

    project: Path
    advice: Advice
    tests: Path


def take(state: State, speaker: Callable[[], Speaker] | None) -> Snapshot:
    """Return what is answered in a state.

    Args:
        state: The content and the tests.
        speaker: Begins a conversation with the assistant; None leaves dialogues out.

    """
    replies = responses(state.project)
    understanding = understanding_of(state.project, state.advice)
    understood = Sentences(understanding, state.advice, state.project, replies)
    found: dict[str, Mapping[str, Any]] = {
        "sentences": _sentences(state, understood),
        "cases": _cases(state),
        "processes": _processes(state.advice),
        "answers": replies,
        "combinations": _combinations(state.advice),
    }
    if speaker is not None:
        found["dialogues"] = {
            _key(test): _held(test, speaker, replies) for test in dialogues(state.tests)
        }
    return found


def _key(test: Any) -> str:
    return f"{test.file}: {test.name}"


def _sentences(state: State, understood: Sentences) -> dict[str, Any]:
    found = {}
    for test in sentences(state.tests):
        meant = understood.understood(test.name)
        intent, reply = understood.reply(meant)
        found[_key(test)] = {
            "text": test.name,
            "intent": intent,
            "confidence": round(meant.ranking[0].confidence, 2),
            "process": meant.main.process if meant.main else None,
            "reply": reply,
            "problem": understood.problem(test),
        }
    return found


def _cases(state: State) -> dict[str, Any]:
    return {
        _key(test): {"text": test.name, "problem": advice_problem(state.advice, test)}
        for test in advised(state.tests)
    }


def _processes(advice: Advice) -> dict[str, Any]:
    found = {}
    for process in advice.processes.values():
        verdict = decide(advice, Case(process.name, process))
        outcome, place = verdict.outcome, verdict.position
        problem = (
            None if outcome is process.published else f"its class is {process.published.value}"
        )
        found[process.id] = {"outcome": outcome.value, "position": place, "problem": problem}
    return found


def _combinations(advice: Advice) -> dict[str, Any]:
    """Return the outcome of every combination of answers, on no known process."""
    levels = [[level.id for level in criterion.levels] for criterion in advice.criteria.values()]
    found = {}
    for combination in product(*levels):
        answers = dict(zip(advice.criteria, combination, strict=True))
        found["/".join(combination)] = decide(advice, Case("any", None, answers)).outcome.value
    return found


def _held(
    test: Dialogue, speaker: Callable[[], Speaker], replies: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    said = _Recorded(speaker())
    problem = dialogue_problem(test, said, replies)
    return {"text": test.name, "replies": said.replies, "problem": problem}


class _Recorded:
    """A speaker of whom all replies are kept."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self.replies: list[list[str]] = []

    def say(self, text: str) -> Sequence[Mapping[str, Any]]:
        return self._kept(text, self._speaker.say(text))

    def press(self, title: str) -> Sequence[Mapping[str, Any]]:
        return self._kept(f"[{title}]", self._speaker.press(title))

    def _kept(self, said: str, answer: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        self.replies.append([said, *(str(reply.get("text", "")) for reply in answer)])
        return answer
