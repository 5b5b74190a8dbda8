"""Learns the understanding straight from the content, without Rasa: seconds, not half a minute.

It is what `python -m bot train` puts into a model, so what `try` shows of an edit is what the
trained assistant will understand.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from bot.advice.finder import ProcessFinder
from bot.advice.model import Advice
from bot.conversation.topics import documents, in_file
from bot.fingerprint import of_model
from bot.nlu.answers import Span
from bot.nlu.examples import marked, plain
from bot.nlu.model_file import open_model
from bot.nlu.understanding import Example, Understanding

_KEPT = 3


def understanding_of(project: Path, advice: Advice) -> Understanding:
    """Return the understanding of a project's content as it is now.

    Taken from a trained model or from an earlier call where nothing changed since; else learned
    and kept in the project's `.rasa/`.
    """
    state = of_model(project)
    for model in (project / "models").glob(f"*-{state}.tar.gz"):
        return open_model(model)
    return _kept(project, state) or _learned_anew(project, advice, state)


def examples(project: Path, advice: Advice) -> Iterator[Example]:
    """Yield all training examples of a project, in the order of its files."""
    for document in documents(project):
        for topic in in_file(document):
            for example in topic.examples:
                yield Example(plain(example), topic.intent, tuple(_spans(example, advice)))


def _spans(example: str, advice: Advice) -> Iterator[Span]:
    for text, entity, value in marked(example):
        if entity in advice.criteria:
            yield Span(text, entity, value)


def _folder(project: Path) -> Path:
    return project / ".rasa" / "learned"


def _kept(project: Path, state: str) -> Understanding | None:
    import joblib

    file = _folder(project) / f"{state}.joblib"
    if not file.exists():
        return None
    loaded = joblib.load(file)
    assert isinstance(loaded, Understanding)
    return loaded


def _learned_anew(project: Path, advice: Advice, state: str) -> Understanding:
    import joblib

    understanding = Understanding()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scikit-learn, that it stopped where we told it to
        finder = ProcessFinder(advice.processes.values())
        understanding.fit(list(examples(project, advice)), finder)
    folder = _folder(project)
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{state}.new"
    joblib.dump(understanding, written)
    written.rename(folder / f"{state}.joblib")  # whole or not at all
    for old in sorted(folder.glob("*.joblib"), key=lambda f: f.stat().st_mtime)[:-_KEPT]:
        old.unlink()
    return understanding
