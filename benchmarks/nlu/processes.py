"""Runs jobs in processes of their own and shows how far they are.

The process that starts them never imports Rasa: on Linux a child's peak memory begins with what
its parent holds.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from bot.errors import BotError
from bot.project import PROJECT

ONE_CORE: Mapping[str, str] = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
}
"""Environment of a job beside which others run."""
_ALL_CORES: Mapping[str, str] = {}
_BEAT_SECONDS = 30
_LOG_LINES = 25
_EPOCH = re.compile(r"Epochs:[^|]*\|[^|]*\| (\d+/\d+)")


class Processes:
    """Runs jobs; their orders, results and logs go into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._started = self._shown = time.monotonic()

    def run(
        self, who: str, job: str, environment: Mapping[str, str] = _ALL_CORES, **arguments: Any
    ) -> tuple[Any, float]:
        """Return a job's result and the most memory it held, in MB.

        Raises BotError, with the end of the log, when the job fails.
        """
        order = self._folder / f"{next(self._numbers)}.json"
        order.write_text(json.dumps({"job": job, "arguments": arguments}), encoding="utf-8")
        log = order.with_suffix(".log")
        with log.open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.nlu.child", str(order)],
                cwd=PROJECT,
                env={**_environment(order.with_suffix(".cache")), **environment},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            try:
                self._follow(who, process, log)
            finally:
                process.kill()
        if process.returncode != 0:
            end = "\n".join(_text(log).splitlines()[-_LOG_LINES:])
            raise BotError(f"measuring {who} failed at {job}:\n{end}")
        answer = json.loads(order.with_suffix(".result").read_text(encoding="utf-8"))
        return answer["result"], answer["peak_mb"]

    def _follow(self, who: str, process: subprocess.Popen[str], log: Path) -> None:
        assert process.stdout is not None
        reader = threading.Thread(target=self._pass_on, args=(who, process.stdout), daemon=True)
        reader.start()
        while True:
            try:
                process.wait(_BEAT_SECONDS)
                break
            except subprocess.TimeoutExpired:
                epochs = _EPOCH.findall(_text(log))
                if epochs or time.monotonic() - self._shown > _BEAT_SECONDS:
                    self._show(f"{who}: … {f'epoch {epochs[-1]}' if epochs else ''}")
        reader.join()

    def _pass_on(self, who: str, steps: IO[str]) -> None:
        for step in steps:
            self._show(f"{who}: {step.strip()}")

    def _show(self, step: str) -> None:
        self._shown = time.monotonic()
        minutes, seconds = divmod(int(self._shown - self._started), 60)
        print(f"  {minutes:2}:{seconds:02} {step}", file=sys.stderr, flush=True)


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _environment(cache: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONHASHSEED": "0",
        # Rasa would otherwise take from its cache what another run or variant has trained.
        "RASA_CACHE_DIRECTORY": str(cache),
        "RASA_MAX_CACHE_SIZE": "0",
    }
