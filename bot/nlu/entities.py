"""What a text names and answers, as entities in Rasa's form."""

from __future__ import annotations

from typing import Any

from bot.advice.finder import Mention
from bot.nlu.answers import Reading
from bot.nlu.understanding import Understood

NAME = "SourcingNLU"


def entities(understood: Understood) -> list[dict[str, Any]]:
    """Return the entities of a text in Rasa's form: processes, then answers."""
    main = understood.main
    others = [m for m in understood.mentions if m != main]
    # Rasa fills a slot with the last entity of its kind.
    processes = [_process(m) for m in (*others, *([main] if main else []))]
    return processes + [_answer(r) for r in understood.answers]


def _process(mention: Mention) -> dict[str, Any]:
    return {
        "entity": "process",
        "value": mention.process or mention.text,
        "start": mention.start,
        "end": mention.end,
        "how": mention.how.value,
        "extractor": NAME,
    }


def _answer(reading: Reading) -> dict[str, Any]:
    return {
        "entity": reading.criterion,
        "value": reading.level,
        "start": reading.start,
        "end": reading.end,
        "confidence_entity": reading.confidence,
        "extractor": NAME,
    }
