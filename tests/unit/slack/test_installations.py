"""What one replica keeps of an installation, the others find."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Bot

from bot.channels.slack.installations import Installations, States
from bot.database import open_engine


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/c.db"


@pytest.fixture
async def replicas(url: str) -> list[States]:
    """The states of two replicas on one database."""
    found = [States(open_engine(url)) for _ in range(2)]
    for states in found:
        await states.prepare()
    return found


async def test_an_installation_begun_at_one_replica_ends_at_another(replicas: list[States]) -> None:
    state = await replicas[0].async_issue()

    assert await replicas[1].async_consume(state)
    assert not await replicas[0].async_consume(state)


async def test_an_installation_that_took_too_long_is_refused(replicas: list[States]) -> None:
    begun, store = await replicas[0].async_issue(), replicas[0]._store
    with store.engine.begin() as connection:
        an_hour_ago = datetime.now(tz=timezone.utc).replace(tzinfo=None) - timedelta(hours=1)
        connection.execute(store.oauth_states.update().values(expire_at=an_hour_ago))

    assert not await replicas[1].async_consume(begun)


async def test_a_workspace_is_known_to_every_replica(url: str) -> None:
    one, other = (Installations(open_engine(url), "client") for _ in range(2))
    await one.prepare()
    await other.prepare()
    await one.async_save_bot(
        Bot(
            app_id="A1",
            team_id="T1",
            bot_token="xoxb-1",
            bot_id="B1",
            bot_user_id="U1",
            installed_at=time.time(),
        )
    )

    found = await other.async_find_bot(enterprise_id=None, team_id="T1")

    assert found is not None
    assert found.bot_token == "xoxb-1"
    await other.async_delete_bot(enterprise_id=None, team_id="T1")
    assert await one.async_find_bot(enterprise_id=None, team_id="T1") is None
