"""The Slack channel, as a channel of Rasa's. Bolt is imported only where Slack is on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint

from bot.settings import Settings, environment

if TYPE_CHECKING:
    from bot.channels.slack.service import Service

_log = logging.getLogger(__name__)


class SlackChannel(InputChannel):
    """Employees in Slack.

    Args:
        settings: The secrets, by which it is on or off, and how it is served.

    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._service: Service | None = None

    @classmethod
    def from_credentials(cls, _: dict[str, Any] | None) -> SlackChannel:
        """Makes the channel from the environment: `credentials.yml` holds no secrets.

        Raises:
            SettingsError: when the environment holds settings that cannot be used.

        """
        return cls(Settings.from_environment(environment()))

    @classmethod
    def name(cls) -> str:
        """Gives the channel's name, which is also its place under /webhooks."""
        return "slack"

    async def close(self, seconds: float) -> None:
        """Takes no more, and waits that long for turns and deliveries under way to end."""
        if self._service:
            await self._service.close(seconds)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the routes; none where Slack is off.

        Args:
            on_new_message: Runs a turn of Rasa's.

        """
        routes = Blueprint("slack")
        if not self._settings.slack_is_on:
            _log.info("Slack is off: no secret of it is set.")
            return routes
        from bot.channels.slack.service import Service

        self._service = Service(self._settings, on_new_message)
        self._service.add_to(routes)
        _log.info("Slack is on: %s.", self._service.how)
        return routes
