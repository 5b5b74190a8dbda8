"""HTTP/1.1 as far as talking to a server needs it, so that the client costs next to nothing."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

_BASE = "/webhooks/web"
# The servers close an idle connection after five seconds; it must not happen under a message.
_KEEP_ALIVE_SECONDS = 3


class AnswerError(Exception):
    """A message got no answer, or an apology; the text says which."""


class Visitor:
    """Somebody with a connection and a conversation of their own.

    Args:
        url: The server's address.
        messages: What is said, in this order; then a new conversation begins, unless `is_endless`.
        is_endless: Whether the messages are said over and over in one conversation.
        number: Of the visitor, below 250. Visitors come from addresses of their own where the
            system lets them, as what one address may do is limited.

    """

    def __init__(
        self, url: str, messages: tuple[str, ...], is_endless: bool = False, number: int = 0
    ) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._messages = messages
        self._is_endless = is_endless
        self._address = (f"127.0.{number}.1", 0) if sys.platform == "linux" else None
        self._token = ""
        self._turns = 0
        self._used = 0.0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def say(self) -> float:
        """Says the next message and gives the seconds until the end of the answer.

        Raises:
            AnswerError: when it was no answer.

        """
        await self.prepare()
        text = self._messages[self._turns % len(self._messages)]
        self._turns += 1
        message = json.dumps({"id": str(uuid.uuid4()), "text": text}).encode()
        started = time.perf_counter()
        status, body = await self._post("/messages", message)
        seconds = time.perf_counter() - started
        _check(text, status, body)
        return seconds

    async def prepare(self) -> None:
        """Has a connection and a conversation ready for the next message."""
        if self._writer is None or time.perf_counter() - self._used > _KEEP_ALIVE_SECONDS:
            self.leave()
            self._reader, self._writer = await asyncio.open_connection(
                self._host, self._port, local_addr=self._address
            )
        is_over = self._turns % len(self._messages) == 0 and not self._is_endless
        if is_over or not self._token:
            status, body = await self._post("/session", b"")
            if status != 201:
                raise AnswerError(f"POST /session was answered with {status}: {body!r}")
            self._token = json.loads(body)["token"]

    def leave(self) -> None:
        """Closes the connection; the next message opens another."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        assert self._reader is not None
        assert self._writer is not None
        head = (
            f"POST {_BASE}{path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await _read(self._reader)
        self._used = time.perf_counter()
        return answer


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"transfer-encoding: chunked" in head:
        return status, await _read_chunks(reader)
    _, _, length = head.partition(b"content-length:")
    return status, await reader.readexactly(int(length.split(b"\r\n", 1)[0] or 0))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readline()
    return b"".join(parts)


def _check(text: str, status: int, body: bytes) -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in body.splitlines()]
    end = lines[-1] if lines else {}
    if status != 200 or not end.get("done") or "error" in end or not lines[0].get("text"):
        raise AnswerError(f"“{text}” was answered with {status}: {body.decode(errors='replace')}")
