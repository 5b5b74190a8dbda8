"""`try`: how sentences are understood, without starting Rasa."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.advice.finder import ProcessFinder
from bot.advice.loader import advice
from bot.cli.training import newest_model
from bot.errors import ModelError
from bot.nlu.entities import entities
from bot.nlu.model_file import FirstReply, open_model
from bot.project import PROJECT

_RANKED = 5


def show(sentences: Iterable[str], model: Path | None) -> int:
    """Print each sentence's intents, process, answers and reply."""
    for found in _understand(sentences, model):
        print(found["text"])
        print(f"  {found['intent']} ({found['confidence']:.2f}) → {found['reply']}")
        print("  " + ", ".join(f"{r['intent']} {r['confidence']:.2f}" for r in found["ranking"]))
        for entity in found["entities"]:
            how = f" ({entity['how']})" if "how" in entity else ""
            print(f"  {entity['entity']}: {entity['value']}{how}")
    return 0


def show_as_json(sentences: Iterable[str], model: Path | None) -> int:
    """Print one JSON object a sentence."""
    for found in _understand(sentences, model):
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0


def _understand(sentences: Iterable[str], model: Path | None) -> Iterator[dict[str, Any]]:
    model = model or newest_model()
    try:
        understanding = open_model(model)
    except (OSError, tarfile.TarError) as error:
        raise ModelError(f"{model} is not a model", "give one from models/") from error
    finder = ProcessFinder(advice().processes.values())
    first = FirstReply.of(PROJECT)
    for sentence in sentences:
        understood = understanding.understand(sentence, finder)
        _, reply = first.to(understood)
        best = understood.ranking[0]
        yield {
            "text": sentence,
            "intent": best.intent,
            "confidence": round(best.confidence, 4),
            "ranking": [
                {"intent": r.intent, "confidence": round(r.confidence, 4)}
                for r in understood.ranking[:_RANKED]
            ],
            "process": understood.main.process if understood.main else None,
            "entities": entities(understood),
            "reply": reply,
        }
