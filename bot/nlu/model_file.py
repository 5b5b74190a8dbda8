"""Opens what was trained without Rasa, for commands that should answer at once."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import yaml

from bot.errors import ModelError
from bot.nlu.intents import FAQ
from bot.nlu.understanding import Understanding, Understood

FALLBACK = "nlu_fallback"


def open_model(model: Path) -> Understanding:
    """Return the understanding inside a model archive of Rasa's. Raises ModelError without one."""
    with tarfile.open(model) as archive:
        for member in archive.getmembers():
            if member.name.endswith("understanding.joblib"):
                file = archive.extractfile(member)
                assert file is not None
                loaded = joblib.load(io.BytesIO(file.read()))
                assert isinstance(loaded, Understanding)
                return loaded
    raise ModelError(f"{model.name} holds no understanding of ours", "run `make train`")


@dataclass(frozen=True)
class FirstReply:
    """What a conversation's first message gets, by the rules and the threshold.

    Attributes:
        actions: Intent → the first action of its rule.
        threshold: Confidence below which a message counts as not understood.

    """

    actions: dict[str, str]
    threshold: float

    @classmethod
    def of(cls, project: Path) -> FirstReply:
        """Read rules and threshold of a project folder."""
        actions: dict[str, str] = {}
        folders = (project / "data" / "nlu", project / "data" / "stories")
        for file in (f for folder in folders for f in sorted(folder.glob("*.yml"))):
            for rule in _load(file).get("rules", ()):
                actions.update(_first_action(rule))
        pipeline = _load(project / "config.yml")["pipeline"]
        threshold = next(c["threshold"] for c in pipeline if c["name"] == "FallbackClassifier")
        return cls(actions, float(threshold))

    def to(self, understood: Understood) -> tuple[str, str | None]:
        """Return the intent that counts and the response or action that answers it."""
        best = understood.ranking[0]
        if best.confidence < self.threshold:
            return FALLBACK, self.actions.get(FALLBACK)
        if best.intent.startswith(FAQ):
            return best.intent, f"utter_{best.intent}"
        return best.intent, self.actions.get(best.intent, _BUILT_IN.get(best.intent))


_BUILT_IN = {"restart": "action_restart"}


def _load(file: Path) -> dict[str, list[dict[str, Any]]]:
    loaded = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return dict(loaded or {})


def _first_action(rule: dict[str, Any]) -> dict[str, str]:
    """Return intent → action of a rule that a first message can start."""
    steps = rule.get("steps")
    if "condition" in rule or not isinstance(steps, list) or len(steps) < 2:
        return {}
    first, second = steps[0], steps[1]
    either = first.get("or", [first])
    return {s["intent"]: second["action"] for s in either if "intent" in s and "action" in second}
