"""Measures pipelines: what is timed runs alone, the rest of cross-validation on all cores."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.nlu.measures import Outcome, of_example, of_question
from benchmarks.nlu.processes import ONE_CORE, Processes
from benchmarks.nlu.questions import Question
from benchmarks.nlu.systems import FOLDS, SHIPPED, System

_FIRST = 0
_TIMED_TEXTS = 300


@dataclass(frozen=True)
class Measured:
    """What was found out about one pipeline.

    Attributes:
        system: The pipeline.
        held_out: What it made of examples of each fold that it was trained without.
        questions: What it made of questions, trained without the first fold.
        shipped: The same, trained on everything as shipped; only of the shipped pipeline.
        training_seconds: Training without the first fold, with what Rasa does around it.
        latency_ms: Parsing one text, the median.
        training_mb: The most memory held in training.
        serving_mb: The most memory held in parsing.
        model_mb: The model's archive.

    """

    system: System
    held_out: tuple[Outcome, ...]
    questions: tuple[Outcome, ...]
    shipped: tuple[Outcome, ...]
    training_seconds: float
    latency_ms: float
    training_mb: float
    serving_mb: float
    model_mb: float


class Bench:
    """The data split into folds, in a folder for models and what else the jobs write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes = Processes(folder)
        self._file = str(folder / "examples.json")
        self.size: dict[str, int] = self._processes.run("data", "split", examples=self._file)[0]
        self._rows = json.loads(Path(self._file).read_text(encoding="utf-8"))
        self.texts = [row["text"] for row in self._rows]

    def measure(self, systems: Sequence[System], questions: Sequence[Question]) -> list[Measured]:
        """Return everything about pipelines."""
        alone = [self._measure(system, questions) for system in systems]
        with ThreadPoolExecutor(os.cpu_count()) as cores:
            others = cores.map(lambda s: self._folds(s, range(1, s.folds)), systems)
            shipped = cores.map(lambda s: self._as_shipped(s, questions), systems)
            return [
                replace(measured, held_out=(*measured.held_out, *rest), shipped=on_all)
                for measured, rest, on_all in zip(alone, others, shipped, strict=True)
            ]

    def cross_validate(self, system: System) -> tuple[Outcome, ...]:
        """Return what a pipeline makes of each example when trained without its fold."""
        workers = os.cpu_count() or 1
        shares = [range(FOLDS)[i::workers] for i in range(min(workers, FOLDS))]
        with ThreadPoolExecutor(workers) as cores:
            parts = cores.map(lambda share: self._folds(system, share), shares)
            return tuple(outcome for part in parts for outcome in part)

    def _measure(self, system: System, questions: Sequence[Question]) -> Measured:
        folder = self._folder / system.key
        folder.mkdir()
        trained, training_mb = self._processes.run(
            system.key,
            "train",
            system=system.key,
            examples=self._file,
            held_out=_FIRST,
            folder=str(folder),
        )
        held_out = [row for row in self._rows if row["fold"] == _FIRST]
        parsed, serving_mb = self._processes.run(
            system.key,
            "parse",
            system=system.key,
            model=trained["model"],
            timed=self.texts[:: max(1, len(self.texts) // _TIMED_TEXTS)],
            texts=[row["text"] for row in held_out] + [q.text for q in questions],
        )
        got = parsed["understood"]
        return Measured(
            system=system,
            held_out=tuple(map(of_example, held_out, got)),
            questions=tuple(map(of_question, questions, got[len(held_out) :])),
            shipped=(),
            training_seconds=trained["seconds"],
            latency_ms=median(parsed["milliseconds"]),
            training_mb=training_mb,
            serving_mb=serving_mb,
            model_mb=trained["bytes"] / 1e6,
        )

    def _folds(self, system: System, folds: Sequence[int]) -> tuple[Outcome, ...]:
        if not folds:
            return ()
        got, _ = self._processes.run(
            system.key,
            "cross_validate",
            ONE_CORE,
            system=system.key,
            examples=self._file,
            folds=list(folds),
        )
        return tuple(of_example(row, row) for row in got)

    def _as_shipped(self, system: System, questions: Sequence[Question]) -> tuple[Outcome, ...]:
        if system.key != SHIPPED or not questions:
            return ()
        got, _ = self._processes.run(
            system.key,
            "train_and_parse",
            ONE_CORE,
            system=system.key,
            examples=self._file,
            held_out=None,
            texts=[q.text for q in questions],
        )
        return tuple(map(of_question, questions, got))


@contextmanager
def bench() -> Iterator[Bench]:
    """Yield a bench whose files are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Bench(Path(folder))
