"""HTTP by hand, as only an attacker sends it. Every attack comes from addresses of its own."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

WEB = "/webhooks/web"
_SECONDS = 30


@dataclass
class Target:
    """The server that is attacked, and what it answered.

    Args:
        port: Where it listens on 127.0.0.1.
        address: Where the attack comes from.
        answers: How often there was which status, or which error of the connection.
    """

    port: int
    address: str
    answers: Counter[str] = field(default_factory=Counter)

    async def open(self, address: str = "") -> Connection:
        """Opens a connection."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(address or self.address, 0)
        )
        return Connection(self, reader, writer)

    async def token(self) -> str:
        """Starts a conversation."""
        connection = await self.open()
        _, body = await connection.call("POST", f"{WEB}/session")
        connection.close()
        token: str = json.loads(body)["token"]
        return token


@dataclass
class Connection:
    """One connection to the server."""

    target: Target
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def call(
        self, method: str, path: str, token: str = "", body: bytes = b""
    ) -> tuple[int, bytes]:
        """Sends a request, and gives the status and the body of the answer."""
        self.writer.write(request(method, path, token, body))
        await self.writer.drain()
        status, content = await asyncio.wait_for(self._answer(), _SECONDS)
        self.target.answers[str(status)] += 1
        return status, content

    async def _answer(self) -> tuple[int, bytes]:
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            return status, await self._chunks()
        _, _, length = lower.partition(b"content-length: ")
        return status, await self.reader.readexactly(int(length.split(b"\r")[0] or b"0"))

    async def _chunks(self) -> bytes:
        content = b""
        while size := int(await self.reader.readline(), 16):
            content += await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return content

    async def push(self, content: bytes) -> None:
        """Sends bytes without looking at any answer.

        Raises:
            EOFError: when the server has closed the connection.
        """
        self.writer.write(content)
        await asyncio.wait_for(self.writer.drain(), 5)
        if self.writer.is_closing() or self.reader.at_eof():
            raise EOFError
        self.target.answers["sent"] += 1

    def close(self) -> None:
        """Closes it."""
        self.writer.close()


def request(
    method: str, path: str, token: str = "", body: bytes = b"", *, length: int | None = None
) -> bytes:
    """Gives a request as it goes over the wire; `length` is what it says its body has."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    head += f"Authorization: Bearer {token}\r\n" if token else ""
    head += f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    return head.encode() + body


def message(text: str) -> bytes:
    """Gives the body of a message with a fresh id."""
    content: dict[str, Any] = {"id": str(uuid.uuid4()), "text": text}
    return json.dumps(content).encode()
