"""`new`: writes new content in the right place, then validates and tries it."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.advice import loader
from bot.advice.finder import ProcessFinder, make_case
from bot.advice.model import Advice
from bot.advice.recommend import recommend
from bot.cli import training
from bot.cli.validating import faults
from bot.conversation.wording import recommendation
from bot.editing.creating import KINDS, Created
from bot.editing.interview import Interview
from bot.editing.learning import understanding_of
from bot.editing.writing import write
from bot.project import PROJECT


def new(kind: str, given: Mapping[str, Any], train: bool, project: Path = PROJECT) -> int:
    """Ask for what is not given, write it, validate and try it; return the exit code."""
    interview = Interview(given, asks=sys.stdin.isatty())
    created = KINDS[kind](interview, loader.load(project), project)
    line = write(project, created.draft)
    print(f"Wrote {created.draft.file}:{line}")
    if found := faults(project):
        print(*found, sep="\n")
        print("It is written, but not sound yet: mend the lines above.", file=sys.stderr)
        return 1
    print("The content is sound.")
    _try(kind, created, project)
    return _train(kind, train)


def _try(kind: str, created: Created, project: Path) -> None:
    advice = loader.load(project)
    if kind == "process":
        _try_process(created, advice)
    elif created.tries:
        _try_sentences(created, advice, project)


def _try_process(created: Created, advice: Advice) -> None:
    finder = ProcessFinder(advice.processes.values())
    for sentence in created.tries:
        main = finder.main(sentence, finder.mentions(sentence))
        how = f"found by {main.how.value}" if main and main.process else "not found"
        print(f"  {sentence} → {main.process if main else None} ({how})")
    case = make_case(finder, advice.processes, created.draft.entry)
    told = recommendation(advice, recommend(advice, case), before=None).text
    print("  " + told.splitlines()[0])


def _try_sentences(created: Created, advice: Advice, project: Path) -> None:
    started = time.monotonic()
    understanding = understanding_of(project, advice)
    print(f"Learned it in {time.monotonic() - started:.0f} s, to try it:")
    finder = ProcessFinder(advice.processes.values())
    missed = 0
    for sentence, intent in created.tries.items():
        best = understanding.understand(sentence, finder).ranking[0]
        right = best.intent == intent
        missed += not right
        told = "" if right else f", not {intent}"
        print(f"  {'✓' if right else '✗'} {sentence} → {best.intent} {best.confidence:.2f}{told}")
    if missed:
        print("What is not understood yet wants more examples like it.")


_NEEDS_TRAINING = {"faq", "story"}


def _train(kind: str, train: bool) -> int:
    if train:
        return training.train()
    if kind in _NEEDS_TRAINING:
        print("The assistant knows it once it is trained: python -m bot train, or --train here.")
    else:
        print("The assistant knows it once it is started anew; nothing needs training.")
    return 0
