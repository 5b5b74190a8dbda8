"""What is understood of the sentences in this folder, and of those that topics are tested with."""

from __future__ import annotations

import pytest

from bot.advice.loader import advice
from bot.editing.cases import Sentence, responses, sentences
from bot.editing.judging import Sentences
from bot.editing.learning import understanding_of
from bot.project import PROJECT
from tests.support.cases import each, judge


@pytest.fixture(scope="session")
def understood() -> Sentences:
    """The content as it is, trained or learned from."""
    understanding = understanding_of(PROJECT, advice())
    return Sentences(understanding, advice(), PROJECT, responses(PROJECT))


@pytest.mark.parametrize("case", each(sentences(PROJECT)))
def test_it_is_understood(understood: Sentences, case: Sentence) -> None:
    judge(case, understood.problem(case))
