"""What outcomes, processes and questions are called to people."""

from __future__ import annotations

from bot.advice.loader import advice
from bot.advice.model import Outcome
from bot.review.figures import Counts


def outcome(name: str) -> str:
    """Gives an outcome's title, with a capital."""
    if name not in Outcome.__members__:
        return name
    title = advice().outcomes[Outcome(name)].title
    return title[:1].upper() + title[1:]


def process(topic: str) -> str:
    """Gives a process's name; one that is not in the catalogue is called as the person did."""
    found = advice().processes.get(topic)
    return found.name if found else topic


def question(slot: str | None) -> str:
    """Gives what a question is about."""
    found = advice().criteria.get(slot or "")
    return found.name.lower() if found else "the process"


def outcomes(counts: Counts) -> Counts:
    """Gives counts by title."""
    return tuple((outcome(name), count) for name, count in counts)


def processes(counts: Counts) -> Counts:
    """Gives counts by name."""
    return tuple((process(name), count) for name, count in counts)
