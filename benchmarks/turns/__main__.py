"""`python -m benchmarks.turns`: measures what a turn costs, the whole or the parts named."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from benchmarks.turns import (
    document,
    growth,
    half,
    nlu,
    profile,
    replicas,
    starter,
    startup,
    throughput,
    training,
)
from benchmarks.turns.bench import QUICK, WHOLE, Bench, benched, progress
from benchmarks.turns.processes import BenchmarkError
from bot.project import PROJECT

PARTS: dict[str, Callable[[Bench], dict[str, Any]]] = {
    "startup": startup.measure,
    "throughput": throughput.measure,
    "replicas": replicas.measure,
    "half": half.measure,
    "growth": growth.measure,
    "nlu": nlu.measure,
    "training": training.measure,
    "profile": profile.measure,
}
_TRAIN_SECONDS = 2 * 60 * 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the command line asks for; gives the exit code."""
    options = _options(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)  # so that what has been started is ended
    try:
        if options.train_starter:
            progress("training the starter set-up, which takes most of an hour")
            starter.train_starter(_TRAIN_SECONDS)
        if options.render:
            document.write(document.kept())
            return 0
        figures = _measure(options)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(document.shown(figures))
    if options.keep:
        print(f"Written: {document.FILE.relative_to(PROJECT)}")
    return 0


def _measure(options: argparse.Namespace) -> dict[str, Any]:
    model = None if options.without_starter else starter.kept_model()
    if model and not starter.is_current(model):
        progress("the content has changed since the starter set-up was trained: --train-starter")
    figures: dict[str, Any] = {"circumstances": {}}
    around = _circumstances()  # before the document changes what is checked out
    with benched(QUICK if options.quick else WHOLE, model) as bench:
        try:
            for name in options.parts or PARTS:
                progress(name)
                load = os.getloadavg()[0]
                figures[name] = PARTS[name](bench)
                figures["circumstances"][name] = {
                    **around,
                    "loads": [load, os.getloadavg()[0]],
                    "is_current": starter.is_current(model) if model else None,
                }
                if options.keep:
                    document.write(document.kept(figures))
        except BenchmarkError as error:
            raise BenchmarkError(f"{bench.log()}\n{error}") from error
    return figures


def _circumstances() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return {
        "date": time.strftime("%Y-%m-%d"),
        "commit": commit,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "rasa": version("rasa"),
    }


def _stop(number: int, _: Any) -> None:
    raise SystemExit(128 + number)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}, only {', '.join(PARTS)}")
    if options.keep and options.quick:
        parser.error("--quick measures too little for the document: leave out --keep")
    options.keep |= not (options.parts or options.quick or options.without_starter)
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.turns",
        description="Measures what a turn costs; the whole is written into docs/benchmarks.",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(PARTS)}")
    parser.add_argument(
        "--quick", action="store_true", help="measure little, only to see that it works"
    )
    parser.add_argument(
        "--without-starter", action="store_true", help="leave the starter set-up out"
    )
    parser.add_argument(
        "--keep", action="store_true", help="write the figures of these parts into the document"
    )
    parser.add_argument(
        "--train-starter", action="store_true", help="train the starter set-up's model first"
    )
    parser.add_argument(
        "--render", action="store_true", help="only write the document anew, from the kept figures"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
