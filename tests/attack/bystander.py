"""Somebody who talks on while others attack, and how long each answer takes."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from statistics import median

import httpx

from tests.support.server import lines

_SAYS = (
    "hello",
    "should we outsource payroll?",
    "the same calculation every month",
    "what is KPO?",
)


@dataclass(frozen=True)
class Waits:
    """How long somebody waited.

    Args:
        seconds: For each answer, as it came.
    """

    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        """What half the answers took at most, in milliseconds."""
        return 1_000 * median(self.seconds)

    @property
    def p95(self) -> float:
        """What 19 of 20 answers took at most, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1_000 * ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]


class Bystander:
    """People who talk one after the other, each at an address of their own.

    Args:
        url: The server's address.
    """

    def __init__(self, url: str) -> None:
        self._url = f"{url}/webhooks/web"
        self._people = 0

    def talk(self, seconds: float, at_least: int = 20) -> Waits:
        """Talks for a while; each message must be answered."""
        waits: list[float] = []
        end = time.monotonic() + seconds
        while time.monotonic() < end or len(waits) < at_least:
            waits += self._conversation()
        return Waits(tuple(waits))

    def _conversation(self) -> list[float]:
        self._people += 1
        place = f"127.1.{self._people // 250}.{self._people % 250 + 1}"
        transport = httpx.HTTPTransport(local_address=place)
        with httpx.Client(base_url=self._url, transport=transport, timeout=60) as client:
            token = client.post("/session").json()["token"]
            return [self._say(client, token, text) for text in _SAYS]

    def _say(self, client: httpx.Client, token: str, text: str) -> float:
        body = {"id": str(uuid.uuid4()), "text": text}
        begun = time.monotonic()
        answer = client.post("/messages", json=body, headers={"Authorization": f"Bearer {token}"})
        assert lines(answer)[-1] == {"done": True}
        return time.monotonic() - begun
