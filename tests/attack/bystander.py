"""Somebody who talks on while others attack, and how long each answer takes."""

from __future__ import annotations

import itertools
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
    """Somebody at an address of their own.

    Args:
        url: The server's address.
    """

    def __init__(self, url: str) -> None:
        transport = httpx.HTTPTransport(local_address="127.0.0.77")
        self._client = httpx.Client(base_url=f"{url}/webhooks/web", transport=transport, timeout=60)

    def talk(self, seconds: float, at_least: int = 20) -> Waits:
        """Talks for a while, in one conversation after the other; each message must be answered."""
        waits: list[float] = []
        end = time.monotonic() + seconds
        for text in itertools.cycle(_SAYS):
            if text == _SAYS[0]:
                token = self._client.post("/session").json()["token"]
            begun = time.monotonic()
            answer = self._client.post(
                "/messages",
                json={"id": str(uuid.uuid4()), "text": text},
                headers={"Authorization": f"Bearer {token}"},
            )
            assert lines(answer)[-1] == {"done": True}
            waits.append(time.monotonic() - begun)
            if time.monotonic() > end and len(waits) >= at_least:
                break
        return Waits(tuple(waits))
