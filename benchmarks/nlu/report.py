"""Writes the comparison as Markdown, JSON and a diagram."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.nlu.overlap import REWORDED
from benchmarks.nlu.systems import FOLDS, SEED, SHIPPED

Results = Mapping[str, Any]
NAME = "nlu"


def write(results: Results, folder: Path) -> Path:
    """Write nlu.md, nlu.json and nlu.svg into a folder; return the Markdown file."""
    from benchmarks.nlu.plot import Curve, draw

    folder.mkdir(parents=True, exist_ok=True)
    as_json = json.dumps(results, indent=1, ensure_ascii=False)
    (folder / f"{NAME}.json").write_text(as_json + "\n", encoding="utf-8")
    systems = results["systems"].items()
    draw(
        {
            name: {key: Curve(s["title"], s["threshold"], s[texts]["curve"]) for key, s in systems}
            for texts, name in (("held_out", "own, held out"), ("questions", "questions"))
            if texts == "held_out" or results["questions"]
        },
        folder / f"{NAME}.svg",
    )
    file = folder / f"{NAME}.md"
    file.write_text(markdown(results), encoding="utf-8")
    return file


def markdown(results: Results) -> str:
    """Return the comparison as Markdown."""
    parts = [_HEAD.format(**results, folds=FOLDS, seed=SEED), _understanding(results)]
    if results["questions"]:
        parts += [_questions(results["questions"])]
    parts += [_THRESHOLDS, _thresholds(results)]
    parts += [_CURVES, _COSTS.format(**results), _costs(results)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _understanding(results: Results) -> str:
    header = ["Pipeline", f"Own data, {FOLDS} folds", "the very intent"]
    header += ["Own data, first fold", "the very intent"]
    asked = results["questions"]
    if asked:
        new = asked["count"] - asked["reworded"]
        header += [f"{asked['count']} questions", f"the {new} that are new"]
    rows = []
    for key, s in results["systems"].items():
        folds, first = s["held_out"]["all_folds"], s["held_out"]["first_fold"]
        row = [_title(key, s), *(_percents(folds.values()) if folds else ("–", "–"))]
        row += _percents(first.values())
        rows.append([*row, *_accuracies(s["questions"])])
        if s["shipped"]:
            rows.append(["… trained on everything", *["–"] * 4, *_accuracies(s["shipped"])])
    return _table(header, rows)


def _accuracies(questions: Mapping[str, Any] | None) -> Sequence[str]:
    return _percents([questions["accuracy"], questions["accuracy_new"]]) if questions else ()


def _thresholds(results: Results) -> str:
    header = ["Pipeline", "Threshold", "Own data: wrong", "asked back", "cost"]
    if results["questions"]:
        header += ["Questions: right, of what it covers", "out-of-scope recall"]
        header += ["confidently wrong", "asked back", "cost"]
    rows = []
    for key, s in results["systems"].items():
        row = [_title(key, s), f"{s['threshold']:.2f}", *_own(s["held_out"]["at_threshold"])]
        rows.append([*row, *_on_questions(s["questions"])])
        if s["shipped"]:
            title = "… trained on everything, at config.yml's"
            own = _own(s["shipped"]["held_out"])
            threshold = f"{results['shipped_threshold']:.2f}"
            rows.append([title, threshold, *own, *_on_questions(s["shipped"])])
    return _table(header, rows)


def _own(point: Mapping[str, float]) -> list[str]:
    return [*_percents([point["wrong"], point["asked"]]), f"{point['cost']:.3f}"]


def _on_questions(questions: Mapping[str, Any] | None) -> list[str]:
    if not questions:
        return []
    point = questions["at_threshold"]
    shares = [point[name] for name in ("accuracy", "beyond_recall", "wrong", "asked")]
    return [*_percents(shares), f"{point['cost']:.3f}"]


def _costs(results: Results) -> str:
    header = ["Pipeline", "Training time", "Time a text (median)"]
    header += ["Peak memory, training", "serving", "Model file"]
    rows = [
        [
            _title(key, s),
            f"{s['training_ratio']:.1f} ×",
            f"{s['latency_ratio']:.1f} ×",
            f"{s['training_mb']:,.0f} MB",
            f"{s['serving_mb']:,.0f} MB",
            f"{s['model_mb']:.1f} MB",
        ]
        for key, s in results["systems"].items()
    ]
    return _table(header, rows)


def _questions(asked: Mapping[str, int]) -> str:
    new = asked["count"] - asked["reworded"]
    return _QUESTIONS.format(
        **asked,
        new=new,
        margin=_margin(asked["count"]),
        margin_new=_margin(new),
        margin_beyond=_margin(asked["beyond"]),
        likeness=REWORDED,
    )


def _margin(count: int) -> int:
    """Return by how many points a share of so many is uncertain, 19 times in 20, at most."""
    return round(98 / math.sqrt(max(count, 1)))


def _title(key: str, system: Mapping[str, Any]) -> str:
    title = str(system["title"])
    return f"**{title}**" if key == SHIPPED else title


def _percents(shares: Iterable[float]) -> Sequence[str]:
    return [f"{100 * share:.1f} %" for share in shares]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


_HEAD = """
# Understanding: pipelines compared

Written on {cores} cores by

    {command}

The numbers are in [nlu.json](nlu.json). Each pipeline was trained by Rasa on data/nlu ({examples:,}
examples, {intents} intents and FAQ topics) and parsed through Rasa, so that each carries the same
overhead.

Own data is what was held out of training: stratified {folds}-fold cross-validation with seed
{seed}, the same folds for all; DIET is measured on the first fold only. Questions, and all that
follows, are measured with each pipeline's model of the first fold, trained on four fifths of the
data, so that all had the same to learn from.

An answer is right where its label is: a topic that is a part of another (`bpo_benefits_focus` of
`bpo_benefits`) counts as the whole; “the very intent” asks for the part as well. Nothing is ever
asked back in this table.
"""

_QUESTIONS = """
**How far to trust the questions.** The training data has {reworded} of the {count} questions
reworded, {same} of them word for word: an example is like them in {likeness:.0f} of 100 letters or
more. There nothing is generalised, so that only the {new} others, “new”, tell what people's own
words will meet with. A share of {count} is uncertain by up to ±{margin} points (95 %), of {new} by
±{margin_new}, and of the {beyond} that are beyond the assistant's scope by ±{margin_beyond}.
"""

_THRESHOLDS = """
## At each one's own threshold

Below its threshold the assistant asks back. The threshold is chosen on our own held-out folds
alone, never on questions: of 0.00, 0.05 … 0.90 the one with the least cost a text, where a wrong
answer costs 1 and asking back 0.5. Out-of-scope recall is the share of `out_of_scope` and
`other_outsourcing` that is not answered as something else; to ask back about them is fine, and
either of the two labels does for both. Confidently wrong is answered, and wrong, of everything.
"""

_CURVES = """
## Over all thresholds

![Accuracy, out-of-scope recall and confidently wrong over thresholds](nlu.svg)

The mark on a line is the chosen threshold. Curves of our own data are over all folds that the
pipeline was measured on. With DIET, as in Rasa, the confidence is that of the intent; how sure the
ResponseSelector is of the FAQ topic does not count.
"""

_COSTS = """
## What they cost

Times are relative to {base}. Training is on four fifths of the data; nothing else of the benchmark
ran meanwhile. To parse a text, ours also finds the processes and answers in it, and DIET entities;
LogisticRegressionClassifier finds intents only. Each training and each serving had a process of its
own; peak memory includes Rasa with TensorFlow, which Rasa imports whatever the pipeline.
"""
