"""Rasa's own store for the starter set-up, without what only this project's channel asks of it."""

from __future__ import annotations

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


class StarterStore(SQLTrackerStore):
    """Rasa's store, in which no message is ever found to have been answered already.

    The web channel looks for that before each turn, and has to rebuild the whole conversation for
    it where the store is not the project's. Rasa's channels do not, so the starter set-up is spared
    it. Nothing else in a turn asks for the full tracker.
    """

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Gives nothing."""
        return None
