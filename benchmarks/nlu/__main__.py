"""`python -m benchmarks.nlu`: the comparison, or quick cross-validation of what is shipped."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.nlu import measures, report
from benchmarks.nlu.overlap import REWORDED, SAME, likenesses
from benchmarks.nlu.questions import read
from benchmarks.nlu.run import bench
from benchmarks.nlu.summary import summarise
from benchmarks.nlu.systems import FOLDS, SHIPPED, shipped_threshold, systems
from bot.errors import BotError
from bot.project import PROJECT

_PAIRS = 25
_TEXTS_OF_A_PAIR = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if set(options.skip) == set(systems()):
        parser.error("--skip leaves nothing to measure")
    try:
        if options.cross_validate:
            cross_validate()
        else:
            compare(options.questions, options.skip, options.output)
    except BotError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def compare(questions_file: Path | None, skipped: Sequence[str], output: Path) -> None:
    """Measure the pipelines and write the comparison into the folder `output`."""
    questions = read(questions_file) if questions_file else ()
    compared = [system for key, system in systems().items() if key not in skipped]
    with bench() as on_it:
        measured = on_it.measure(compared, questions)
        likest = likenesses([q.text for q in questions], on_it.texts)
        size = on_it.size
    keys = [system.key for system in compared]
    results = {
        "command": _command(questions_file, skipped),
        "cores": os.cpu_count(),
        **size,
        "shipped_threshold": shipped_threshold(),
        "base": "what is shipped" if SHIPPED in keys else compared[0].title,
        "questions": {
            "count": len(questions),
            "beyond": sum(o.is_beyond for o in measured[0].questions),
            "reworded": sum(likeness >= REWORDED for likeness in likest),
            "same": sum(likeness >= SAME for likeness in likest),
        }
        if questions
        else None,
        "systems": summarise(measured, [likeness < REWORDED for likeness in likest]),
    }
    file = report.write(results, output)
    print(file.read_text(encoding="utf-8"))


def cross_validate() -> None:
    """Print how well what is shipped understands held-out examples, and what it confuses."""
    with bench() as on_it:
        outcomes = on_it.cross_validate(systems()[SHIPPED])
    for fold in range(FOLDS):
        own = [o for o in outcomes if o.fold == fold]
        print(f"fold {fold + 1}: {measures.exact_accuracy(own):.1%} of {len(own)}")
    print(
        f"all: {measures.exact_accuracy(outcomes):.1%} the very intent, "
        f"{measures.accuracy(outcomes):.1%} where parts of a topic count as the topic"
    )
    print(f"least cost at threshold {measures.best_threshold(outcomes):.2f}")
    print("\nmost confused:")
    for intent, got, texts in measures.confused(outcomes, _PAIRS):
        print(f"{len(texts):4}  {intent} understood as {got}")
        for text in texts[:_TEXTS_OF_A_PAIR]:
            print(f"        {text}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description=__doc__)
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help="labelled questions, one JSON object a line: text, label, and alt where two are fair",
    )
    parser.add_argument(
        "--skip",
        nargs="+",
        default=[],
        choices=list(systems()),
        metavar="PIPELINE",
        help=f"leave out: {', '.join(systems())}",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=PROJECT / "docs" / "benchmarks",
        metavar="FOLDER",
        help="where nlu.md, nlu.json and nlu.svg go (docs/benchmarks)",
    )
    parser.add_argument(
        "--cross-validate",
        action="store_true",
        help="only cross-validate what is shipped, and show what it confuses most",
    )
    return parser


def _command(questions: Path | None, skipped: Sequence[str]) -> str:
    words = ["python -m benchmarks.nlu"]
    words += ["--questions", questions.name] if questions else []
    words += ["--skip", *skipped] if skipped else []
    return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
