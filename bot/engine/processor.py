"""Takes messages: Rasa's agent and processor, put together from the parts of this package."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.storage.local_model_storage import (
    MODEL_ARCHIVE_METADATA_FILE,
    LocalModelStorage,
)
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.actions import LocalActions
from bot.engine.local import named
from bot.engine.runner import PlannedGraphRunner


class ServedModel(LocalModelStorage):
    """A model's file without how it was trained: the classes that train need TensorFlow."""

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        told = json.loads((directory / MODEL_ARCHIVE_METADATA_FILE).read_text(encoding="utf-8"))
        return ModelMetadata.from_dict({**told, "train_schema": {"nodes": {}}})


class Processor(MessageProcessor):
    """Rasa's processor, with actions in this process and no work done twice.

    Args:
        actions: What runs our actions; None where an action server does.
        more: What Rasa's processor takes.

    """

    def __init__(self, actions: LocalActions | None, **more: Any) -> None:
        super().__init__(**more)
        self._actions = actions
        self._named: dict[str, Action] = {}

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, Any, PlannedGraphRunner]:
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), Path(model_path), ServedModel, PlannedGraphRunner
            )
        return os.path.basename(model_path), metadata, runner

    def _get_action(self, action_name: str) -> Action:
        if self._actions is None:
            return super()._get_action(action_name)
        if action_name not in self._named:
            self._named[action_name] = named(action_name, self.domain, self._actions)
        return self._named[action_name]

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Gives the next action and why; see Rasa's processor."""
        goes_on = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, goes_on):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        return self._get_action(name), prediction

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Reads slots from the latest message; see Rasa's processor."""
        action = self._get_action(ACTION_EXTRACT_SLOTS)
        events = await action.run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(events, self.domain)
        return tracker


class Assistant(Agent):
    """Rasa's agent, with our processor.

    Args:
        actions: What runs our actions; None where an action server does.
        more: What Rasa's agent takes.

    """

    def __init__(self, actions: LocalActions | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.actions = actions

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Loads a model; see Rasa's agent."""
        self.processor = Processor(
            self.actions,
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses
