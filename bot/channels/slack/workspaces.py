"""Who the assistant is in a workspace: one, by its token, or several that have installed it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.installations import Installations, States
from bot.channels.slack.manifest import SCOPES
from bot.errors import BotError
from bot.settings import Settings

_log = logging.getLogger(__name__)
bolt_log = logging.getLogger(f"{__name__}.bolt")
"""Bolt's log. It warns of what we mean, and shows what people say."""
bolt_log.setLevel(logging.CRITICAL)

INSTALL_PATH = "/install"
REDIRECT_PATH = "/oauth_redirect"
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable"}


class Workspaces(Protocol):
    """The workspaces that the assistant is in."""

    how: str
    """How it got there, in words for the log."""
    oauth: AsyncOAuthFlow | None
    """The way in which others install it; None where there is none."""

    async def prepare(self) -> None:
        """Gets ready to find them; returns when that is done."""

    async def find(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """Gives the assistant's ids and token in a workspace; None when it is not in there."""


def make_client(settings: Settings, token: str | None) -> AsyncWebClient:
    """Gives Slack's API. What is to be tried again there, delivery tries again."""
    return AsyncWebClient(token=token, base_url=settings.slack_api_url, retry_handlers=[])


def workspaces(settings: Settings, engine: Any) -> Workspaces:
    """Gives the workspaces that the settings tell of.

    Args:
        settings: The secrets.
        engine: The database, where installations are kept.

    """
    if settings.slack_bot_token:
        return OneWorkspace(make_client(settings, settings.slack_bot_token))
    return SeveralWorkspaces(settings, engine)


class OneWorkspace:
    """One workspace. Who the assistant is in it is asked of Slack once, and ahead of time.

    Args:
        client: Slack's API, with the bot's token.

    """

    how = "one workspace"
    oauth: AsyncOAuthFlow | None = None

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: AuthorizeResult | None = None

    async def prepare(self) -> None:
        """Asks Slack until it tells.

        Raises:
            BotError: when Slack refuses the token for good.

        """
        pause = _FIRST_PAUSE
        while self._known is None:
            try:
                told = await self._client.auth_test()
            except SlackApiError as error:
                code = error.response.get("error") if error.response.status_code < 500 else None
                if code and code not in _PASSING:
                    raise BotError(
                        f"it refuses SLACK_BOT_TOKEN ({code})",
                        "install the app anew and take the new token",
                    ) from None
            except Exception as error:
                _log.warning("Slack cannot be reached: %s. Trying again.", type(error).__name__)
            else:
                self._known = self._result(told.data)
                _log.info("Slack: I am @%s in %s.", told.get("user"), told.get("team"))
                return
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)

    async def find(self, *_: str | None) -> AuthorizeResult | None:
        """Gives what Bolt wants to know, without asking Slack."""
        return self._known

    def _result(self, told: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=told.get("enterprise_id"),
            team_id=told.get("team_id"),
            bot_user_id=told.get("user_id"),
            bot_id=told.get("bot_id"),
            bot_token=self._client.token,
        )


class SeveralWorkspaces:
    """Workspaces that have installed the app.

    Args:
        settings: The app's id and secret.
        engine: The database, where installations are kept.

    """

    how = "workspaces that install it at /webhooks/slack/install"

    def __init__(self, settings: Settings, engine: Any) -> None:
        self._installations = Installations(engine, str(settings.slack_client_id))
        self._states = States(engine)
        self.oauth: AsyncOAuthFlow | None = AsyncOAuthFlow(
            client=make_client(settings, None),
            logger=bolt_log,
            settings=AsyncOAuthSettings(
                client_id=settings.slack_client_id,
                client_secret=settings.slack_client_secret,
                scopes=SCOPES,
                authorization_url=f"{settings.slack_api_url.removesuffix('api/')}oauth/v2/authorize",
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                installation_store=self._installations,
                state_store=self._states,
                logger=bolt_log,
            ),
        )

    async def prepare(self) -> None:
        """Makes the tables where they are missing."""
        await self._installations.prepare()
        await self._states.prepare()

    async def find(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """Gives what Bolt wants to know of a workspace; None when it has not installed the app."""
        bot = await self._installations.async_find_bot(enterprise_id=enterprise_id, team_id=team_id)
        if bot is None:
            return None
        return AuthorizeResult(
            enterprise_id=bot.enterprise_id,
            team_id=bot.team_id,
            bot_user_id=bot.bot_user_id,
            bot_id=bot.bot_id,
            bot_token=bot.bot_token,
        )
