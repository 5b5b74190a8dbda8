"""How Rasa gets the content: each file read once and fast, and intents taken from topic files.

Rasa's own reader checks a schema anew for every marked example and reads everything twice, two
thirds of the time that training takes. `validate` has checked the files by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot.conversation.topics import examples
from bot.nlu.examples import mentions, plain
from bot.yaml_source import Document, read


class TopicImporter(RasaFileImporter):
    """Rasa's own importer, but for what topic files hold."""

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:  # noqa: ARG002
        """Return the examples and answers of all topic files."""
        messages: list[Message] = []
        responses: dict[str, Any] = {}
        for document in self._documents():
            responses.update(document.data.get("responses", {}))
            messages += _messages(document)
        return TrainingData(messages, responses=responses)

    @cached_method
    def get_domain(self) -> Domain:
        """Return the domain, with every intent that has examples."""
        domain = super().get_domain()
        said = {
            entry["intent"].split("/")[0]
            for document in self._documents()
            for entry in document.data.get("nlu", ())
        }
        new = said - set(domain.intents)
        if domain.is_empty() or not new:
            return domain
        return domain.merge(Domain.from_dict({"intents": sorted(new)}))

    @cached_method
    def _documents(self) -> list[Document]:
        return [read(Path(file), file) for file in self._nlu_files]


def _messages(document: Document) -> Iterator[Message]:
    for entry in document.data.get("nlu", ()):
        for example in examples(entry["examples"]):
            entities = [_entity(*mention) for mention in mentions(example)]
            yield Message.build(plain(example), entry["intent"], entities=entities or None)


def _entity(start: int, text: str, entity: str, value: str) -> dict[str, Any]:
    return {"start": start, "end": start + len(text), "value": value, "entity": entity}
