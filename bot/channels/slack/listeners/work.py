"""What the listeners work with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.desk import Desk
from bot.channels.slack.inbox import Inbox

_log = logging.getLogger(__name__)


@dataclass
class Work:
    """What the listeners work with.

    Args:
        desk: Runs turns and sends replies.
        inbox: Does the work after the acknowledgement.

    """

    desk: Desk
    inbox: Inbox

    def start(self, context: Any, work: Coroutine[Any, Any, None]) -> None:
        """Starts the work on what came in; Slack has its acknowledgement already."""
        self.inbox.start(str(context.get("inbox_id")), work)


async def quietly(call: Awaitable[Any]) -> Any:
    """Awaits a call to Slack that may as well fail, such as for a sign.

    Returns:
        What Slack answered; None when it failed, which is logged by its kind.

    """
    try:
        return await call
    except asyncio.CancelledError:
        raise
    except Exception as error:
        response = getattr(error, "response", None)
        data = getattr(response, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        _log.info("Slack: a call failed: %s", code or type(error).__name__)
        return None
