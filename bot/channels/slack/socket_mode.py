"""Socket Mode: a connection that the server opens, so that it needs no address of its own."""

from __future__ import annotations

import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

_log = logging.getLogger(__name__)

_PING_SECONDS = 5


def make_handler(app: AsyncApp, token: str, client: AsyncWebClient) -> AsyncSocketModeHandler:
    """Gives what connects; to be called in the running loop.

    Args:
        app: Takes what comes in.
        token: The app's token.
        client: Slack's API.

    """
    log = logging.getLogger(f"{__name__}.client")
    log.filters = [_without_words]
    return AsyncSocketModeHandler(
        app, token, logger=log, web_client=client, ping_interval=_PING_SECONDS
    )


def _without_words(record: logging.LogRecord) -> bool:
    """Makes one line of what Slack's client tells of a failure: its words may hold a ticket."""
    if record.levelno < logging.ERROR:
        return False
    kind = record.exc_info[0] if record.exc_info else None
    record.msg = f"Slack: no connection by Socket Mode ({kind.__name__ if kind else 'lost'})."
    record.args, record.exc_info, record.exc_text = (), None, None
    return True
