"""What Rasa gets of the content is what its own reader would give it, only sooner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter

from bot.importer import TopicImporter
from bot.project import PROJECT
from tests.support.project import copy_of_content


def importers(root: Path) -> tuple[Any, Any]:
    """Ours and Rasa's own."""
    where = str(root / "config.yml"), str(root / "domain.yml"), [str(root / "data")]
    return TopicImporter(*where), RasaFileImporter(*where)


def told(importer: Any) -> list[Any]:
    """All examples, with what is marked in them."""
    return sorted(
        (m.get("text"), m.get_full_intent(), [
            (e["start"], e["end"], e["entity"], e["value"]) for e in m.get("entities") or ()
        ])
        for m in importer.get_nlu_data().training_examples
    )  # fmt: skip


def test_examples_and_answers_are_those_that_rasa_reads() -> None:
    ours, theirs = importers(PROJECT)
    assert told(ours) == told(theirs)
    assert ours.get_nlu_data().responses == theirs.get_nlu_data().responses
    assert set(ours.get_domain().intents) == set(theirs.get_domain().intents)


def test_an_intent_that_only_its_topic_file_names_is_in_the_domain(tmp_path: Path) -> None:
    project = copy_of_content(tmp_path)
    project.write(
        "data/stories/hours.yml",
        "nlu:\n- intent: opening_hours\n  examples: |\n    - when are you open\n    - hours\n",
    )
    ours, theirs = importers(project.root)
    assert set(ours.get_domain().intents) - set(theirs.get_domain().intents) == {"opening_hours"}
