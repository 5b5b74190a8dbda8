"""What needs Rasa: splitting the data, training and parsing. Each runs in a process of its own."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.nlu.systems import FOLDS, SEED, System, systems
from benchmarks.nlu.variants import install

DATA = "data/nlu"
Progress = Callable[[str], None]
_WARM_UP = 30


def split(progress: Progress, examples: str) -> dict[str, int]:
    """Write all examples with full intent name and fold to the file `examples`."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from sklearn.model_selection import StratifiedKFold

    progress("reading the training data")
    importer = TrainingDataImporter.load_nlu_importer_from_config("config.yml", None, [DATA])
    pairs = {
        (message.get("text"), message.get_full_intent())
        for message in importer.get_nlu_data().intent_examples
    }
    texts, intents = zip(*sorted(pairs), strict=True)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(texts, intents)
    fold_of = {int(i): fold for fold, (_, held_out) in enumerate(folds) for i in held_out}
    rows = [
        {"text": text, "intent": intent, "fold": fold_of[i]}
        for i, (text, intent) in enumerate(zip(texts, intents, strict=True))
    ]
    Path(examples).write_text(json.dumps(rows), encoding="utf-8")
    return {"examples": len(rows), "intents": len(set(intents))}


def train(
    progress: Progress, system: str, examples: str, held_out: int | None, folder: str
) -> dict[str, Any]:
    """Train a model; return where it is, its size and how long it took."""
    measured = _prepared(system)
    progress(f"training on {_part(held_out)}")
    started = time.perf_counter()
    model = _train(measured, Path(folder), examples, held_out)
    seconds = time.perf_counter() - started
    return {"model": str(model), "seconds": seconds, "bytes": model.stat().st_size}


def parse(
    progress: Progress, system: str, model: str, timed: list[str], texts: list[str]
) -> dict[str, Any]:
    """Return what is made of texts, and how long each of the `timed` ones takes."""
    _prepared(system)
    progress("parsing")
    understood, milliseconds = _parse(Path(model), [*timed[:_WARM_UP], *timed, *texts])
    start = _WARM_UP if timed else 0
    return {
        "understood": understood[len(understood) - len(texts) :],
        "milliseconds": milliseconds[start : start + len(timed)],
    }


def cross_validate(
    progress: Progress, system: str, examples: str, folds: list[int]
) -> list[dict[str, Any]]:
    """Return what is made of each example of the folds by a model trained without its fold."""
    rows = json.loads(Path(examples).read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = []
    for fold in folds:
        held_out = [row for row in rows if row["fold"] == fold]
        understood = train_and_parse(
            progress, system, examples, fold, [row["text"] for row in held_out]
        )
        found += [{**row, **got} for row, got in zip(held_out, understood, strict=True)]
    return found


def train_and_parse(
    progress: Progress, system: str, examples: str, held_out: int | None, texts: list[str]
) -> list[dict[str, Any]]:
    """Return what is made of texts by a model trained without a fold, or on everything."""
    measured = _prepared(system)
    progress(f"training and parsing, on {_part(held_out)}")
    with tempfile.TemporaryDirectory() as folder:
        model = _train(measured, Path(folder), examples, held_out)
        return _parse(model, texts)[0]


JOBS: Mapping[str, Callable[..., Any]] = {
    "split": split,
    "train": train,
    "parse": parse,
    "cross_validate": cross_validate,
    "train_and_parse": train_and_parse,
}


def _prepared(key: str) -> System:
    system = systems()[key]
    install(system.variant)
    return system


def _part(held_out: int | None) -> str:
    return "everything" if held_out is None else f"all but fold {held_out + 1}"


def _train(system: System, folder: Path, examples: str, held_out: int | None) -> Path:
    from rasa.model_training import train_nlu

    importer = {
        "name": "benchmarks.nlu.importer.PartImporter",
        "examples": examples,
        "held_out": held_out,
        "plain_intents": system.plain_intents,
    }
    config = {
        "recipe": "default.v1",
        "assistant_id": "benchmark",
        "language": "en",
        "importers": [importer],
        "pipeline": [dict(component) for component in system.pipeline],
    }
    file = folder / "config.yml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    model = train_nlu(str(file), DATA, str(folder), fixed_model_name="model")
    assert model is not None
    return Path(model)


def _parse(model: Path, texts: Sequence[str]) -> tuple[list[dict[str, Any]], list[float]]:
    from rasa.core.agent import Agent

    agent = Agent.load(model)

    async def all_of_them() -> tuple[list[dict[str, Any]], list[float]]:
        understood, milliseconds = [], []
        for text in texts:
            # Rasa takes what begins with a slash for a command; channels take the slash off.
            sent = text.lstrip("/ ")
            started = time.perf_counter()
            parsed = await agent.parse_message(sent)
            milliseconds.append(1000 * (time.perf_counter() - started))
            understood.append(_best(parsed))
        return understood, milliseconds

    return asyncio.run(all_of_them())


def _best(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the best intent by its full name, passing over the fallback.

    The confidence is the intent classifier's, as for Rasa's FallbackClassifier: how sure the
    ResponseSelector is of a topic does not count there.
    """
    ranking = [r for r in parsed["intent_ranking"] if r["name"] != "nlu_fallback"]
    best = ranking[0]
    selected = parsed.get("response_selector", {}).get(best["name"], {}).get("response", {})
    return {
        "got": selected.get("intent_response_key") or best["name"],
        "confidence": float(best["confidence"]),
    }
