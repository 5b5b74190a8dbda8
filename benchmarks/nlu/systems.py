"""The pipelines that are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.project import PROJECT

FOLDS = 5
SEED = 42
SHIPPED = "ours"
"""Key of the pipeline that config.yml has: the others are told relative to it."""

Component = Mapping[str, Any]
_FEATURES: tuple[Component, ...] = (
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
)
_STARTER: tuple[Component, ...] = (
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    *_FEATURES,
    {"name": "DIETClassifier", "epochs": 100, "random_seed": SEED},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "retrieval_intent": "faq", "epochs": 100, "random_seed": SEED},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
)
_LOGISTIC: tuple[Component, ...] = (
    {"name": "WhitespaceTokenizer"},
    *_FEATURES,
    {"name": "LogisticRegressionClassifier", "random_state": SEED},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
)


@dataclass(frozen=True)
class System:
    """A pipeline to measure.

    Attributes:
        key: What it is called on the command line and in the JSON.
        title: What it is called in tables.
        pipeline: Its components as config.yml would list them.
        folds: On how many of the folds it is measured.
        plain_intents: Whether it learns `faq/define_bpo` as an intent like any other, because
            nothing in it tells the topics of a retrieval intent apart.
        variant: Which of `benchmarks.nlu.variants` is put in place of our classifier.

    """

    key: str
    title: str
    pipeline: tuple[Component, ...]
    folds: int = FOLDS
    plain_intents: bool = False
    variant: str | None = None


def systems() -> dict[str, System]:
    """Return the pipelines to compare by key, the slowest first."""
    shipped = tuple(_config()["pipeline"])
    found = (
        System("diet", "Rasa's starter: DIET, ResponseSelector", _STARTER, folds=1),
        System("logistic", "Rasa's LogisticRegressionClassifier", _LOGISTIC, plain_intents=True),
        System("tfidf", "Ours, words and letters only", shipped, variant="tfidf"),
        System(SHIPPED, "Ours as shipped", shipped),
        System("embeddings", "Ours, embeddings only", shipped, variant="embeddings"),
    )
    return {system.key: system for system in found}


def shipped_threshold() -> float:
    """Return the confidence below which config.yml has the assistant ask back."""
    fallback = next(c for c in _config()["pipeline"] if c["name"] == "FallbackClassifier")
    return float(fallback["threshold"])


def _config() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8")))
