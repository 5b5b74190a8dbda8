"""What is sent to Slack: each kind knows how, and what else to try when Slack does not take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.blocks import Message, for_update

_SPACING = 1.0
_UPLOAD_SECONDS = 60
_UNREADABLE = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}


class Outgoing(Protocol):
    """Something to be sent."""

    @property
    def channel(self) -> str:
        """The channel that it goes to, in whose order it is sent."""

    @property
    def spacing(self) -> float:
        """How many seconds should lie between it and what was posted before."""

    async def send(self) -> Any:
        """Sends it.

        Returns:
            What Slack answered.

        Raises:
            Exception: whatever Slack's client or the connection raises.

        """

    def instead(self, error: str) -> Outgoing | None:
        """Gives what may do where Slack refuses this with an error; None for nothing."""

    def joined(self, other: Outgoing) -> Outgoing | None:
        """Gives one message that says this and what comes after it; None where that cannot be."""


@dataclass(frozen=True)
class Post:
    """A new message in a channel or a thread."""

    client: AsyncWebClient
    channel: str
    thread: str | None
    message: Message
    spacing: float = _SPACING

    async def send(self) -> Any:
        """Sends it; see `Outgoing`."""
        return await self.client.chat_postMessage(
            channel=self.channel,
            thread_ts=self.thread,
            text=self.message.text,
            blocks=list(self.message.blocks),
            unfurl_links=False,
            unfurl_media=False,
        )

    def instead(self, error: str) -> Outgoing | None:
        """Gives the text alone where Slack does not like the blocks."""
        if error in _UNREADABLE and self.message.blocks:
            return replace(self, message=Message(self.message.text, ()))
        return None

    def joined(self, other: Outgoing) -> Outgoing | None:
        """Gives one message where both go to the same place and fit."""
        if not isinstance(other, Post) or (self.channel, self.thread, self.client.token) != (
            other.channel,
            other.thread,
            other.client.token,
        ):
            return None
        both = self.message + other.message
        return replace(self, message=both) if both.fits else None


@dataclass(frozen=True)
class Update:
    """A message that is there already, changed."""

    client: AsyncWebClient
    channel: str
    ts: str
    message: Message
    spacing: float = 0

    async def send(self) -> Any:
        """Sends it; see `Outgoing`."""
        message = for_update(self.message)
        return await self.client.chat_update(
            channel=self.channel, ts=self.ts, text=message.text, blocks=list(message.blocks)
        )

    def instead(self, _: str) -> Outgoing | None:
        """Gives nothing: the message stays as it was."""
        return None

    def joined(self, _: Outgoing) -> Outgoing | None:
        """Gives nothing: what comes after goes elsewhere."""
        return None


@dataclass(frozen=True)
class Upload:
    """A file in a channel or a thread; its text as a message where no file can be put."""

    client: AsyncWebClient
    channel: str
    thread: str | None
    name: str
    text: str
    otherwise: Post
    spacing: float = 0

    async def send(self) -> Any:
        """Sends it; see `Outgoing`."""
        content = self.text.encode("utf-8", "replace")
        place = await self.client.files_getUploadURLExternal(
            filename=self.name, length=len(content)
        )
        await _put(str(place["upload_url"]), content)
        return await self.client.files_completeUploadExternal(
            files=[{"id": place["file_id"], "title": self.name}],
            channel_id=self.channel,
            thread_ts=self.thread,
        )

    def instead(self, _: str) -> Outgoing | None:
        """Gives the text as a message."""
        return self.otherwise

    def joined(self, _: Outgoing) -> Outgoing | None:
        """Gives nothing: a file stands alone."""
        return None


async def _put(url: str, content: bytes) -> None:
    timeout = aiohttp.ClientTimeout(total=_UPLOAD_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session,
        session.post(url, data=content),
    ):
        pass


@dataclass(frozen=True)
class Respond:
    """A message for one person's eyes, by the address that came with what they did."""

    url: str
    channel: str
    message: Message
    replaces: bool = False
    spacing: float = 0

    async def send(self) -> Any:
        """Sends it; see `Outgoing`."""
        client = AsyncWebhookClient(self.url, retry_handlers=[])
        response = await client.send(
            text=self.message.text,
            blocks=list(self.message.blocks),
            response_type="ephemeral",
            replace_original=self.replaces,
        )
        if response.status_code != 200:
            raise NotTaken(_Refused(response.status_code, response.headers))
        return None

    def instead(self, _: str) -> Outgoing | None:
        """Gives nothing: the address is used up, or too old."""
        return None

    def joined(self, _: Outgoing) -> Outgoing | None:
        """Gives nothing: each may replace another message."""
        return None


@dataclass(frozen=True)
class Notice:
    """A message for one person's eyes where no address came along."""

    client: AsyncWebClient
    channel: str
    thread: str | None
    user: str
    message: Message
    spacing: float = _SPACING

    async def send(self) -> Any:
        """Sends it; see `Outgoing`."""
        return await self.client.chat_postEphemeral(
            channel=self.channel,
            thread_ts=self.thread,
            user=self.user,
            text=self.message.text,
            blocks=list(self.message.blocks),
        )

    def instead(self, _: str) -> Outgoing | None:
        """Gives nothing."""
        return None

    def joined(self, _: Outgoing) -> Outgoing | None:
        """Gives nothing."""
        return None


@dataclass(frozen=True)
class _Refused:
    status_code: int
    headers: Mapping[str, str]


class NotTaken(Exception):
    """Slack did not take a response; `response` has status and headers as for its API."""

    def __init__(self, response: _Refused) -> None:
        super().__init__(response.status_code)
        self.response = response
