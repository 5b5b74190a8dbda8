"""Gives Rasa the project's training data without what is held out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class PartImporter(RasaFileImporter):  # type: ignore[misc]
    """Rasa's own importer, less one fold.

    Args:
        config_file: Rasa's configuration.
        domain_path: Rasa's domain; none is needed.
        training_data_paths: Where the training data lies.
        examples: File with all examples and their folds, as `benchmarks.nlu.jobs` writes it.
        held_out: The fold to leave out, or None to keep everything.
        plain_intents: Whether `faq/define_bpo` becomes an intent like any other.

    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: Any = None,
        examples: str = "",
        held_out: int | None = None,
        plain_intents: bool = False,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        found = json.loads(Path(examples).read_text(encoding="utf-8"))
        self._held_out = {(e["text"], e["intent"]) for e in found if e["fold"] == held_out}
        self._plain_intents = plain_intents

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the training data that is left."""
        data = super().get_nlu_data(language)
        kept = data.filter_training_examples(
            lambda m: (m.get("text"), m.get_full_intent()) not in self._held_out
        )
        if self._plain_intents:
            return TrainingData([_plain(m) for m in kept.training_examples])
        return kept


def _plain(message: Message) -> Message:
    data = {k: v for k, v in message.data.items() if k != "intent_response_key"}
    return Message(data={**data, "intent": message.get_full_intent()})
