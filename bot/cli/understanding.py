"""`try`: how sentences are understood, without starting Rasa."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.advice.finder import ProcessFinder
from bot.advice.loader import advice
from bot.cli.validating import raise_faults
from bot.editing.learning import understanding_of
from bot.editing.why import deciding_words, found_how
from bot.errors import ModelError
from bot.nlu.entities import entities
from bot.nlu.model_file import FirstReply, open_model
from bot.nlu.understanding import Understanding
from bot.project import PROJECT

_RANKED = 5


def show(sentences: Iterable[str], model: Path | None, why: bool) -> int:
    """Print each sentence's intents, process, answers and reply; with `why`, what decided."""
    for found in _understand(sentences, model, why):
        print(found["text"])
        print(f"  {found['intent']} ({found['confidence']:.2f}) → {found['reply']}")
        print("  " + ", ".join(f"{r['intent']} {r['confidence']:.2f}" for r in found["ranking"]))
        for entity in found["entities"]:
            how = f" ({entity['how']})" if "how" in entity else ""
            print(f"  {entity['entity']}: {entity['value']}{how}")
        if why:
            _show_why(found["why"])
    return 0


def _show_why(why: dict[str, Any]) -> None:
    words = ", ".join(f"“{w['word']}” {w['counts']:+.2f}" for w in why["words"])
    print(f"  decided by: {words or 'no single word'}")
    for process in why["processes"]:
        print(f"  {process}")


def show_as_json(sentences: Iterable[str], model: Path | None, why: bool) -> int:
    """Print one JSON object a sentence."""
    for found in _understand(sentences, model, why):
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0


def _understand(
    sentences: Iterable[str], model: Path | None, why: bool
) -> Iterator[dict[str, Any]]:
    understanding = _open(model) if model else _of_content()
    finder = ProcessFinder(advice().processes.values())
    first = FirstReply.of(PROJECT)
    for sentence in sentences:
        understood = understanding.understand(sentence, finder)
        _, reply = first.to(understood)
        best = understood.ranking[0]
        found = {
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
        if why:
            words = deciding_words(understanding, finder, understood)
            found["why"] = {
                "words": [{"word": w.word, "counts": round(w.counts, 4)} for w in words],
                "processes": list(found_how(understood)),
            }
        yield found


def _open(model: Path) -> Understanding:
    try:
        return open_model(model)
    except (OSError, tarfile.TarError) as error:
        raise ModelError(f"{model} is not a model", "give one from models/") from error


def _of_content() -> Understanding:
    """Return what the content teaches as it is now, trained or not."""
    raise_faults()
    return understanding_of(PROJECT, advice())
