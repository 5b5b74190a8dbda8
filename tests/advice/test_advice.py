"""What is advised on the answers in this folder."""

from __future__ import annotations

import pytest

from bot.advice.loader import advice
from bot.editing.cases import Advised, advised
from bot.editing.judging import advice_problem
from bot.project import PROJECT
from tests.support.cases import each, judge


@pytest.mark.parametrize("case", each(advised(PROJECT)))
def test_it_is_advised(case: Advised) -> None:
    judge(case, advice_problem(advice(), case))
