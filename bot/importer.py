"""Tells Rasa of intents that stand in topic files only, so that nobody lists them twice."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter

from bot.conversation.topics import documents, in_file
from bot.project import PROJECT


class TopicImporter(RasaFileImporter):
    """Rasa's own importer, with the intents of data/nlu/ and data/stories/ in the domain."""

    def get_domain(self) -> Domain:
        """Return the domain, with every intent that has examples."""
        domain = super().get_domain()
        new = intents_with_examples(PROJECT) - set(domain.intents)
        if domain.is_empty() or not new:
            return domain
        return domain.merge(Domain.from_dict({"intents": sorted(new)}))


def intents_with_examples(project: Path) -> set[str]:
    """Return the plain names of all intents that topic files have examples of."""
    found = (topic.intent for document in documents(project) for topic in in_file(document))
    return {intent.split("/")[0] for intent in found}
