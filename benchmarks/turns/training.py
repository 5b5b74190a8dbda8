"""Training: the whole, and again after one line was edited, on a copy of the project."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.turns import starter
from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.processes import BenchmarkError, Child
from benchmarks.turns.sides import SERVICE, STARTER
from tests.support.project import copy_that_runs

_TRAIN_SECONDS = 600
_EDITED = "data/nlu/define_bpo.yml"
_EXAMPLE = re.compile(r"^( +)- .+$", re.MULTILINE)


def measure(bench: Bench) -> dict[str, Any]:
    """Trains this service twice; of the starter set-up it tells what its training once took.

    Returns:
        By side: seconds for the `whole`, None where it is not known, and `edited`, after an edit.

    """
    with tempfile.TemporaryDirectory(prefix="training-") as folder:
        project = copy_that_runs(Path(folder))
        whole = _train(Path(folder))
        text = project.read(_EDITED)
        example = _EXAMPLE.search(text)
        assert example is not None
        added = f"{example[0]}\n{example[1]}- what on earth is bpo"
        project.write(_EDITED, text.replace(example[0], added, 1))
        edited = _train(Path(folder))
    progress(f"training took {whole:.1f} s, and {edited:.1f} s after an edit")
    figures: dict[str, Any] = {SERVICE: {"whole": whole, "edited": edited}}
    if bench.model:
        figures[STARTER] = {"whole": starter.training_seconds(bench.model)}
    return figures


def _train(folder: Path) -> float:
    child = Child("bot train", ["-m", "bot", "train"], folder / "train.log", folder=folder)
    started = time.perf_counter()
    child.start()
    try:
        status = child.wait(_TRAIN_SECONDS)
    finally:
        child.stop()
    if status:
        raise BenchmarkError(f"Training failed:\n{child.tail()}")
    return time.perf_counter() - started
