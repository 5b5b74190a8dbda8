"""Our understanding as one component of Rasa's pipeline.

One component rather than four, as each would clean the text and look for processes again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.advice.finder import ProcessFinder
from bot.advice.loader import advice
from bot.metrics import Stage, stage
from bot.nlu.answers import Reading, Span
from bot.nlu.entities import entities
from bot.nlu.intents import FAQ, Ranked
from bot.nlu.sources import SOURCES
from bot.nlu.understanding import Example, Understanding, Understood
from bot.project import PROJECT

FILE = "understanding.joblib"
ANSWERS = "answers"
"""Key of a parsed message: every criterion's best reading, for the question that is open."""
_RETRIEVAL_INTENT = FAQ.rstrip("/")
_RANKED = 10


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=True,
)
class SourcingNLU(GraphComponent):
    """Sets intent, ranking, entities, FAQ topic and readings of answers on each message.

    Processes come from the catalogue as it is when the model is loaded, so that a new process
    or synonym needs no training.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, model: Understanding) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model
        self._finder = ProcessFinder(advice().processes.values())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SourcingNLU:
        """Make an untrained component."""
        return cls(model_storage, resource, Understanding())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SourcingNLU:
        """Load what `train` kept."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(Path(folder) / FILE))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Have Rasa train anew when the code of the understanding changes, not only its data."""
        digest = hashlib.sha256()
        for pattern in SOURCES:
            for file in sorted(PROJECT.glob(pattern)):
                digest.update(file.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples and keep the result in the model."""
        criteria = advice().criteria
        examples = [_example(m, criteria) for m in training_data.intent_examples]
        self._model.fit(examples, self._finder)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, Path(folder) / FILE, compress=1)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave training data as it is; nothing after this component learns from it."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set what each message means on it."""
        for message in messages:
            text = message.get("text") or ""
            with stage(Stage.UNDERSTAND):
                _annotate(message, self._model.understand(text, self._finder))
        return messages


def _example(message: Message, criteria: Iterable[str]) -> Example:
    text = message.get("text")
    spans = tuple(
        Span(text[e["start"] : e["end"]], e["entity"], e["value"])
        for e in message.get("entities", [])
        if e["entity"] in criteria
    )
    return Example(text, message.get("intent_response_key") or message.get("intent"), spans)


def _annotate(message: Message, understood: Understood) -> None:
    message.set("intent", _intent(understood.ranking[0]), add_to_output=True)
    message.set("intent_ranking", _intent_ranking(understood.ranking), add_to_output=True)
    message.set("entities", entities(understood), add_to_output=True)
    message.set("response_selector", _response_selector(understood.ranking), add_to_output=True)
    message.set(ANSWERS, [_reading(r) for r in understood.readings], add_to_output=True)


def _intent(ranked: Ranked) -> dict[str, Any]:
    return {"name": ranked.intent.split("/")[0], "confidence": ranked.confidence}


def _intent_ranking(ranking: Iterable[Ranked]) -> list[dict[str, Any]]:
    """Rasa ranks plain intents: all topics of the FAQ count as one, at the best one's place."""
    by_name: dict[str, dict[str, Any]] = {}
    for ranked in ranking:
        intent = _intent(ranked)
        by_name.setdefault(intent["name"], intent)
        if len(by_name) == _RANKED:
            break
    return list(by_name.values())


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "criterion": reading.criterion,
        "level": reading.level,
        "confidence": round(reading.confidence, 3),
        "share": round(reading.share, 3),
    }


def _response_selector(ranking: Iterable[Ranked]) -> dict[str, Any]:
    """Name the best FAQ topic in the form in which Rasa's `utter_faq` looks for it."""
    topics = [r for r in ranking if r.intent.startswith(FAQ)][:_RANKED]
    if not topics:
        return {}
    best = topics[0]
    return {
        "all_retrieval_intents": [_RETRIEVAL_INTENT],
        _RETRIEVAL_INTENT: {
            "response": {
                "responses": [],
                "confidence": best.confidence,
                "intent_response_key": best.intent,
                "utter_action": f"utter_{best.intent}",
            },
            "ranking": [
                {"intent_response_key": r.intent, "confidence": r.confidence} for r in topics
            ],
        },
    }
