"""`forget`: deletes a conversation."""

from __future__ import annotations

import asyncio

from bot.errors import BotError
from bot.settings import Settings, environment


def forget(conversation: str) -> int:
    """Delete a conversation for good. Raises BotError when there is none of that id."""
    settings = Settings.from_environment(environment())
    from bot.logs import prepare_rasa

    prepare_rasa("WARNING")
    from bot.conversations import Conversations
    from bot.tracker_store import ConversationStore

    store = ConversationStore(host=settings.database_url)
    deleted = asyncio.run(Conversations(store).forget(conversation))
    if not deleted:
        raise BotError(f"there is no conversation “{conversation}”", "check the id")
    print(f"Forgotten: {conversation} ({deleted} events)")
    return 0
