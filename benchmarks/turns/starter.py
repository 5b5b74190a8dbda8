"""The model of Rasa's starter set-up: trained once, which takes long, and kept."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.turns.processes import BenchmarkError, Child
from bot.project import PROJECT

CONFIG = Path(__file__).with_name("starter.yml")
KEPT = PROJECT / ".data" / "benchmarks"
"""Where the model is kept from one run to the next."""


def kept_model() -> Path:
    """Gives the model that is kept: the one of the present content, else the newest.

    Raises:
        BenchmarkError: when there is none.

    """
    kept = sorted(KEPT.glob("starter-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not kept:
        raise BenchmarkError(
            "The starter set-up has no model yet: `python -m benchmarks.turns --train-starter` "
            "trains one, which takes most of an hour; `--without-starter` leaves it out."
        )
    current = KEPT / f"starter-{_fingerprint()}.tar.gz"
    return current if current in kept else kept[-1]


def is_current(model: Path) -> bool:
    """Tells whether a model was made from the content as it is now."""
    return _fingerprint() in model.name


def training_seconds(model: Path) -> float | None:
    """Gives how long a model's training took; None where that is not known."""
    note = _note(model)
    return float(json.loads(note.read_text(encoding="utf-8"))["seconds"]) if note.exists() else None


def train_starter(seconds: float) -> Path:
    """Trains the starter set-up, keeps its model in the place of others, and gives it.

    Args:
        seconds: How long training may take.

    """
    KEPT.mkdir(parents=True, exist_ok=True)
    old = list(KEPT.glob("starter-*"))
    model = KEPT / f"starter-{_fingerprint()}.tar.gz"
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="training-", dir=KEPT) as folder:
        trained = _train(Path(folder), seconds)
        for file in old:
            file.unlink(missing_ok=True)
        os.replace(trained, model)
    note = json.dumps({"seconds": round(time.monotonic() - started)})
    _note(model).write_text(note, encoding="utf-8")
    return model


def _note(model: Path) -> Path:
    return model.with_name(model.name.replace(".tar.gz", ".json"))


def _train(folder: Path, seconds: float) -> Path:
    config = shutil.copy(CONFIG, folder)  # Rasa writes into it
    command = ["-m", "rasa", "train", "--config", str(config), "--domain", "domain.yml"]
    command += ["--data", "data/nlu", "data/stories", "--skip-validation", "--force"]
    command += ["--out", str(folder), "--fixed-model-name", "starter"]
    # Nothing is kept in .rasa/, which is for the project's own model.
    env = {"RASA_MAX_CACHE_SIZE": "0", "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    child = Child("rasa train", command, folder / "train.log", env)
    try:
        child.start()
        status = child.wait(seconds)
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"Training took longer than {seconds / 60:.0f} minutes.") from None
    finally:
        child.stop()
    model = folder / "starter.tar.gz"
    if status != 0 or not model.exists():
        raise BenchmarkError(f"Rasa could not train the starter set-up:\n{child.tail()}")
    return model


def _fingerprint() -> str:
    digest = hashlib.sha256(CONFIG.read_bytes())
    for pattern in ("domain.yml", "data/nlu/*.yml", "data/stories/*.yml"):
        for file in sorted(PROJECT.glob(pattern)):
            digest.update(file.relative_to(PROJECT).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
