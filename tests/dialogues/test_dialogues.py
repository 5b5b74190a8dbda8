"""The dialogues of this folder, held with the real server and its actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.advice.loader import advice
from bot.editing.cases import Dialogue, dialogues, responses
from bot.editing.judging import Sentences, dialogue_problem
from bot.editing.learning import understanding_of
from bot.project import PROJECT
from tests.support.cases import each, judge
from tests.support.server import Server, Visitor, titles

RESPONSES = responses(PROJECT)


class Speaker:
    """A visitor who presses buttons by their titles."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._answer: list[dict[str, Any]] = []

    def say(self, text: str) -> Sequence[dict[str, Any]]:
        """Types something."""
        self._answer = self._visitor.say(text)
        return self._answer

    def press(self, title: str) -> Sequence[dict[str, Any]]:
        """Presses the latest button with this title."""
        if title not in titles(self._answer):
            raise KeyError(title)
        self._answer = self._visitor.press(title, self._answer)
        return self._answer


@pytest.fixture(scope="module")
def intent_of() -> Callable[[str], str]:
    """What a text is understood as by itself."""
    understanding = understanding_of(PROJECT, advice())
    understood = Sentences(understanding, advice(), PROJECT, RESPONSES)
    return lambda text: understood.reply(understood.understood(text))[0]


@pytest.mark.parametrize("case", each(dialogues(PROJECT)))
def test_it_goes_as_written(
    server: Server, intent_of: Callable[[str], str], case: Dialogue
) -> None:
    speaker = Speaker(Visitor(server.url))
    judge(case, dialogue_problem(case, speaker, RESPONSES, intent_of))
