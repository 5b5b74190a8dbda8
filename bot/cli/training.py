"""`train`: a model from config.yml, domain.yml and data/, with its progress shown."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import ModelError
from bot.fingerprint import of_model
from bot.project import PROJECT

_MODELS = PROJECT / "models"
_KEPT = 3


def train_if_changed(to: TextIO | None = None) -> int:
    """Train unless a model was made from the very same sources.

    What a program may read, the model's name, goes to `to`; None for standard output.
    """
    fingerprint = of_model(PROJECT)
    same = [model for model in _models() if fingerprint in model.name]
    if same:
        same[-1].touch()  # the newest is served; a change may have been taken back
        print(f"The model is up to date: {same[-1].name}", file=sys.stderr)
        return 0
    return train(to)


def train(to: TextIO | None = None) -> int:
    """Train a model, keep it in models/ and print where. Raises ModelError when it fails."""
    from bot.cli.validating import raise_faults
    from bot.logs import prepare_rasa

    raise_faults()
    started = time.monotonic()
    _progress("loading Rasa")
    prepare_rasa("WARNING")
    os.environ["LOG_LEVEL"] = "ERROR"  # what Rasa looks at to leave out its progress bars
    from rasa.model_training import train as rasa_train

    os.chdir(PROJECT)
    _progress("reading data")
    with _quiet(), _stages():
        result = rasa_train(
            domain="domain.yml",
            config="config.yml",
            training_files=["data/nlu", "data/stories"],
            output="models",
            fixed_model_name=f"{time.strftime('%Y%m%d-%H%M%S')}-{of_model(PROJECT)}",
        )
    if result.code != 0 or not result.model:
        raise ModelError("Rasa could not train a model", "the messages above say why")
    _delete_old()
    seconds = time.monotonic() - started
    print(f"models/{Path(result.model).name} ({seconds:.0f} s)", file=to)
    return 0


def newest_model() -> Path:
    """Return the model trained last. Raises ModelError when there is none."""
    models = _models()
    if not models:
        raise ModelError("there is no trained model", "run `make train`")
    return models[-1]


def _models() -> list[Path]:
    return sorted(_MODELS.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)


def _delete_old() -> None:
    for old in _models()[:-_KEPT]:
        old.unlink()


def _progress(stage: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {stage} …", file=sys.stderr, flush=True)


class _StageHandler(logging.Handler):
    """Turns Rasa's log of its training stages into our progress."""

    def emit(self, record: logging.LogRecord) -> None:
        """Show the start of a stage."""
        text = record.getMessage()
        if text.startswith("Starting to train component"):
            _progress(f"training {text.split(chr(39))[1]}")


@contextmanager
def _stages() -> Iterator[None]:
    logger = logging.getLogger("rasa.engine.training.hooks")
    handler = _StageHandler()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = True


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Rasa prints to itself; what it logs as a warning still comes through."""
    stdout = sys.stdout
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        sys.stdout = nowhere
        try:
            yield
        finally:
            sys.stdout = stdout
