"""Whether a test that a support team wrote passes, and in words what is wrong where not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.advice.finder import ProcessFinder, make_case
from bot.advice.model import Advice
from bot.advice.recommend import as_data, recommend
from bot.editing.cases import Advised, Dialogue, Sentence, Step
from bot.nlu.examples import plain
from bot.nlu.model_file import FirstReply
from bot.nlu.understanding import Understanding, Understood

Reply = Mapping[str, Any]
Responses = Mapping[str, Sequence[str]]
NO_PROCESS = "none"
_BUTTON = re.compile(r"\[([^\]]+)\]")


class Sentences:
    """Understands sentences and compares that with what their tests want."""

    def __init__(
        self, understanding: Understanding, advice: Advice, project: Path, responses: Responses
    ) -> None:
        self._understanding = understanding
        self._finder = ProcessFinder(advice.processes.values())
        self._first = FirstReply.of(project)
        self._responses = responses

    def understood(self, text: str) -> Understood:
        """Return what a sentence means."""
        return self._understanding.understand(text, self._finder)

    def reply(self, understood: Understood) -> tuple[str, str | None]:
        """Return the intent that counts and the response or action of a first message."""
        return self._first.to(understood)

    def problem(self, test: Sentence) -> str | None:
        """Return what is wrong with how a test's sentence is understood, or None."""
        understood = self.understood(test.name)
        intent, reply = self.reply(understood)
        best = understood.ranking[0]
        if intent != test.intent and not intent.startswith(f"{test.intent}_"):
            near = "" if intent == best.intent else f": nearest is {best.intent}"
            return f"is {intent}{near} ({best.confidence:.2f}), not {test.intent}"
        process = understood.main.process if understood.main else None
        if test.process and (process or NO_PROCESS) != test.process:
            return f"names the process {process or NO_PROCESS}, not {test.process}"
        answers = {r.criterion: r.level for r in understood.answers}
        for criterion, level in test.answers.items():
            if answers.get(criterion) != level:
                got = answers.get(criterion, "nothing")
                return f"answers {criterion} with {got}, not {level}"
        texts = self._responses.get(reply or "", ())
        if test.reply and not any(holds(text, test.reply) for text in texts):
            return f"is answered by {reply}, which does not say “{test.reply}”"
        return None


def advice_problem(advice: Advice, test: Advised) -> str | None:
    """Return what is wrong with the advice that a test's answers get, or None."""
    finder = ProcessFinder(advice.processes.values())
    case = make_case(finder, advice.processes, test.process, **test.answers)
    got = as_data(advice, recommend(advice, case))
    for key, wanted in test.wanted.items():
        if key == "position":
            low, high = wanted.get("at_least", 0), wanted.get("at_most", 100)
            if not low <= got["position"] <= high:
                return f"stands at {got['position']}, not from {low} to {high}"
        elif key in ("safeguards", "use_cases"):
            there = {entry["id"] for entry in got[key]}
            if missing := [entry for entry in wanted if entry not in there]:
                return f"has no {key.replace('_', ' ')[:-1]} {', '.join(missing)}"
        elif got[key] != wanted:
            return f"has the {key} {got[key]}, not {wanted}"
    return None


class Speaker(Protocol):
    """Somebody in a conversation with the assistant."""

    def say(self, text: str) -> Sequence[Reply]:
        """Type something; return the replies."""

    def press(self, title: str) -> Sequence[Reply]:
        """Press the latest button with this title; return the replies. KeyError without one."""


def dialogue_problem(
    test: Dialogue,
    speaker: Speaker,
    responses: Responses,
    intent_of: Callable[[str], str] | None = None,
) -> str | None:
    """Hold a dialogue; return what is not replied as wanted, with its line, or None."""
    heard = _Heard([], responses)
    for step in test.steps:
        if step.kind != "user":
            problem = heard.problem(step)
        else:
            problem = heard.unexpected_intent(step, intent_of)
            try:
                heard = _Heard(speak(speaker, step.value), responses)
            except KeyError:
                problem = f"there is no button “{step.value}”"
        if problem:
            return f"{test.file}:{step.line}: {problem}"
    return None


def speak(speaker: Speaker, text: str) -> Sequence[Reply]:
    """Say a text of a dialogue; one in brackets alone is a button to press."""
    text = text.strip()
    pressed = _BUTTON.fullmatch(text)
    return speaker.press(pressed[1]) if pressed else speaker.say(plain(text))


class _Heard:
    """What was replied to one message, and how far it was compared already."""

    def __init__(self, replies: Sequence[Reply], responses: Responses) -> None:
        self._texts = [_one_line(str(reply["text"])) for reply in replies if reply.get("text")]
        self._buttons = [b["title"] for reply in replies for b in reply.get("buttons") or ()]
        self._rest = "\n".join(self._texts)
        self._responses = responses

    def problem(self, step: Step) -> str | None:
        compare = {
            "bot": self._says,
            "bot_is": self._is,
            "bot_not": self._says_not,
            "buttons": self._offers,
            "action": self._does,
        }
        return compare[step.kind](step.value) if step.kind in compare else None

    def unexpected_intent(self, step: Step, intent_of: Callable[[str], str] | None) -> str | None:
        if intent_of is None or step.intent is None:
            return None
        intent = intent_of(plain(step.value.strip()))
        return None if intent == step.intent else f"is understood as {intent}, not {step.intent}"

    def _says(self, wanted: str) -> str | None:
        wanted = _one_line(wanted)
        place = self._rest.find(wanted)
        if place < 0:
            return f"“{wanted}” is not said; what is said: {self._all()}"
        self._rest = self._rest[place + len(wanted) :]
        return None

    def _is(self, wanted: str) -> str | None:
        is_there = _one_line(wanted) in self._texts
        return None if is_there else f"no reply is “{wanted.strip()}”; what is said: {self._all()}"

    def _says_not(self, unwanted: str) -> str | None:
        is_there = any(_one_line(unwanted) in text for text in self._texts)
        return f"“{unwanted}” is said" if is_there else None

    def _offers(self, wanted: Sequence[str]) -> str | None:
        missing = [title for title in wanted if title not in self._buttons]
        offered = ", ".join(f"[{title}]" for title in self._buttons) or "none"
        return f"the button “{missing[0]}” is not there; there: {offered}" if missing else None

    def _does(self, action: str) -> str | None:
        texts = self._responses.get(action, ())
        if not texts or any(_one_line(t) in said for t in texts for said in self._texts):
            return None  # what is no response is seen by what it says
        return f"{action} is not said; what is said: {self._all()}"

    def _all(self) -> str:
        return " | ".join(self._texts) or "nothing"


def holds(text: str, part: str) -> bool:
    """Whether a text says something, however lines are broken."""
    return _one_line(part) in _one_line(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
