"""`advise`: the recommendation without a conversation."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.advice.brief import brief
from bot.advice.finder import ProcessFinder, make_case
from bot.advice.loader import advice
from bot.advice.model import UNSURE
from bot.advice.recommend import Recommendation, as_data, recommend
from bot.conversation.wording import recommendation
from bot.errors import BotError


def as_json(process: str, answers: Mapping[str, str]) -> int:
    """Print the recommendation as JSON."""
    print(json.dumps(as_data(advice(), _recommend(process, answers)), ensure_ascii=False))
    return 0


def as_text(process: str, answers: Mapping[str, str]) -> int:
    """Print the recommendation as the chat words it."""
    print(recommendation(advice(), _recommend(process, answers), before=None).text)
    return 0


def as_brief(process: str, answers: Mapping[str, str]) -> int:
    """Print the brief."""
    print(brief(advice(), _recommend(process, answers)), end="")
    return 0


def _recommend(process: str, answers: Mapping[str, str]) -> Recommendation:
    process = process.encode(errors="replace").decode()  # bytes that are no UTF-8 cannot be shown
    if not process.strip():
        raise BotError("the process has no name", "say what is to be outsourced")
    faults = [f for c, level in answers.items() if (f := _fault(c, level))]
    if faults:
        raise BotError("\n".join(faults), "see --help")
    finder = ProcessFinder(advice().processes.values())
    return recommend(advice(), make_case(finder, advice().processes, process, **answers))


def _fault(criterion: str, level: str) -> str | None:
    levels = [known.id for known in advice().criteria[criterion].levels]
    if level in (*levels, UNSURE):
        return None
    return f"--{criterion} {level}: use one of {', '.join(levels)}, {UNSURE}"
