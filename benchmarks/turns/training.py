"""Training: the whole, and again after one line was edited, on a copy of the project."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.turns import starter
from benchmarks.turns.bench import Bench, progress
from benchmarks.turns.processes import BenchmarkError, Child, ended_seconds
from benchmarks.turns.sides import SERVICE, STARTER
from tests.support.project import copy_that_runs

_TRAIN_SECONDS = 600
_EDITED = "data/nlu/define_bpo.yml"
_EXAMPLE = re.compile(r"^( +)- .+$", re.MULTILINE)


def measure(bench: Bench) -> dict[str, Any]:
    """Trains this service twice; of the starter set-up it tells what its training once took.

    Returns:
        By side: seconds for the `whole`, None where it is not known, and `edited`, after an edit;
        and of the processor's time, `whole_cpu` and `edited_cpu`.

    """
    with tempfile.TemporaryDirectory(prefix="training-") as folder:
        project = copy_that_runs(Path(folder))
        whole, whole_cpu = _train(Path(folder))
        text = project.read(_EDITED)
        example = _EXAMPLE.search(text)
        assert example is not None
        added = f"{example[0]}\n{example[1]}- what on earth is bpo"
        project.write(_EDITED, text.replace(example[0], added, 1))
        edited, edited_cpu = _train(Path(folder))
    progress(f"training took {whole:.1f} s, and {edited:.1f} s after an edit")
    ours = {"whole": whole, "edited": edited, "whole_cpu": whole_cpu, "edited_cpu": edited_cpu}
    figures: dict[str, Any] = {SERVICE: ours}
    if bench.model:
        figures[STARTER] = {"whole": starter.training_seconds(bench.model)}
    return figures


def _train(folder: Path) -> tuple[float, float]:
    """Trains, and gives the seconds that passed and those of the processor's time."""
    child = Child("bot train", ["-m", "bot", "train"], folder / "train.log", folder=folder)
    started, before = time.perf_counter(), ended_seconds()
    child.start()
    try:
        status = child.wait(_TRAIN_SECONDS)
    finally:
        child.stop()
    if status:
        raise BenchmarkError(f"Training failed:\n{child.tail()}")
    return time.perf_counter() - started, ended_seconds() - before
