"""Who has installed the app: Slack's own tables, in our database."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timezone
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore

from bot.database import make_tables

_log = logging.getLogger(__name__)


_STATE_SECONDS = 10 * 60


class Installations(AsyncInstallationStore):
    """Slack's store of installations, in threads, so that the loop goes on.

    Args:
        engine: The database.
        client_id: The app's client id.

    """

    def __init__(self, engine: Any, client_id: str) -> None:
        self._store = SQLAlchemyInstallationStore(client_id, engine, logger=_log)

    async def prepare(self) -> None:
        """Makes the tables where they are missing."""
        await asyncio.to_thread(make_tables, self._store.create_tables)

    async def async_save(self, installation: Installation) -> None:
        """Keeps an installation."""
        await asyncio.to_thread(self._store.save, installation)

    async def async_save_bot(self, bot: Bot) -> None:
        """Keeps a bot's token."""
        await asyncio.to_thread(self._store.save_bot, bot)

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Gives the bot of a workspace."""
        return await asyncio.to_thread(
            self._store.find_bot,
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=is_enterprise_install,
        )

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Deletes a bot's token, which Slack has revoked."""
        await asyncio.to_thread(
            self._store.delete_bot, enterprise_id=enterprise_id, team_id=team_id
        )

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Deletes an installation."""
        await asyncio.to_thread(
            self._store.delete_installation,
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
        )


class States(AsyncOAuthStateStore):
    """What ties the end of an installation to its start; good for ten minutes.

    Args:
        engine: The database.

    """

    def __init__(self, engine: Any) -> None:
        self._store = SQLAlchemyOAuthStateStore(_STATE_SECONDS, engine, logger=_log)

    async def prepare(self) -> None:
        """Makes the table where it is missing."""
        await asyncio.to_thread(make_tables, self._store.create_tables)

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """Gives a new state."""
        return await asyncio.to_thread(self._issue)

    def _issue(self) -> str:
        # Anybody can ask for states; what nobody came back with is forgotten.
        over = self._store.oauth_states.c.expire_at < datetime.now(tz=timezone.utc).replace(
            tzinfo=None
        )
        with self._store.engine.begin() as connection:
            connection.execute(self._store.oauth_states.delete().where(over))
        return self._store.issue()

    async def async_consume(self, state: str) -> bool:
        """Uses a state up; tells whether it was good."""
        return await asyncio.to_thread(self._store.consume, state)
