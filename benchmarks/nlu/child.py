"""Runs one of `benchmarks.nlu.jobs` in a process of its own, so that memory is its own too."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

_MACOS_COUNTS_BYTES = 1024 if sys.platform == "darwin" else 1


def main(order: Path) -> None:
    """Do what the file `order` says and write what came of it beside it.

    Standard output carries progress, a line a step; whatever else Rasa prints goes with the
    errors.
    """
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as parent:
        os.dup2(2, 1)
        from bot.logs import prepare_rasa

        prepare_rasa("WARNING")
        from benchmarks.nlu.jobs import JOBS

        what = json.loads(order.read_text(encoding="utf-8"))
        result = JOBS[what["job"]](
            lambda step: print(step, file=parent, flush=True), **what["arguments"]
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / _MACOS_COUNTS_BYTES
    answer = {"result": result, "peak_mb": peak}
    order.with_suffix(".result").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
