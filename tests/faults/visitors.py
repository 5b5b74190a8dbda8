"""Visitors who talk all at once, each checking that every answer is the one to their question."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.advice.loader import advice

_FAQ = "what is KPO?"
_FAQ_ANSWER = "Knowledge process outsourcing (KPO) means"
_SUMMARY = "give me a summary"
# As long as the widget waits for a sign of life.
_SILENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.5
_TOPICS = 2

Answer = list[dict[str, Any]]


@dataclass
class Record:
    """What the visitors saw.

    Args:
        conversations: How many conversations there were.
        messages: How many messages were answered.
        apologies: How often they were told that something went wrong.
        refusals: How often they were told to wait: a 503 or a 429.
        codes: What the refusals said.
        broken: How often an answer broke off, or the connection failed.
        silent: How often there was no sign of life for as long as the widget waits.
        wrong: What was not the answer to the question, or not in the history.
        found: How often each kind of fault was found in the histories.
        bad: When a message had to be sent again, by `time.monotonic()`.
        slowest: How many seconds the slowest answer took, with all that it was sent again.
    """

    conversations: int = 0
    messages: int = 0
    apologies: int = 0
    refusals: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    silent: int = 0
    wrong: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    bad: list[float] = field(default_factory=list)
    slowest: float = 0.0

    @property
    def told(self) -> int:
        """How often they were told to try again."""
        return self.apologies + self.refusals

    @property
    def retried(self) -> int:
        """How often a message was sent again."""
        return self.told + self.broken + self.silent


@dataclass(frozen=True)
class Topic:
    """A process that one visitor alone asks about."""

    id: str
    short: str


def topics() -> list[Topic]:
    """Gives all processes of the catalogue, which the visitors share out among them."""
    return [Topic(one.id, one.short) for one in advice().processes.values()]


class Visitor:
    """One who asks about processes of their own, one after the other.

    Args:
        client: The way to the server.
        mine: The processes.
        record: Where what happens is noted.
        choice: Which answer they press, 0 to 2.
    """

    def __init__(
        self, client: httpx.AsyncClient, mine: list[Topic], record: Record, choice: int
    ) -> None:
        self._client = client
        self._mine = mine
        self._record = record
        self._choice = choice
        self._headers: dict[str, str] = {}
        self._sent: list[str] = []
        self._seen: list[tuple[str, str]] = []

    async def talk(self, over: asyncio.Event) -> None:
        """Talks until it is over; at the end of each conversation reads its history."""
        topics = itertools.cycle(self._mine)
        while not over.is_set():
            await self._begin()
            for topic in itertools.islice(topics, _TOPICS):
                await self._ask_about(topic, over)
            self._compare(await self._history())

    async def _begin(self) -> None:
        self._sent, self._seen = [], []
        self._record.conversations += 1
        while True:
            try:
                answer = await self._client.post("/session")
                if answer.status_code == 201:
                    self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _ask_about(self, topic: Topic, over: asyncio.Event) -> None:
        if over.is_set():
            return None
        answer = await self._say(f"should we outsource {topic.short}?")
        pressed: dict[str, str] = {}
        while (found := _recommendation(answer)) is None:
            if over.is_set():
                return None
            buttons = _choices(answer)
            if not buttons:
                return self._note(f"{topic.short}: no question in {_text(answer)!r}")
            if len(pressed) % 2:
                await self._interrupt(answer)
            button = buttons[min(self._choice, len(buttons) - 1)]
            criterion, level = next(iter(json.loads(button["payload"][len("/inform") :]).items()))
            pressed[criterion] = level
            answer = await self._press(button)
        self._check(topic, pressed, found)
        brief = await self._say(_SUMMARY)
        if topic.short.lower() not in _text(brief).lower():
            self._note(f"{topic.short}: the summary is {_text(brief)[:200]!r}")
        return None

    async def _interrupt(self, question: Answer) -> None:
        answer = await self._say(_FAQ)
        asked = question[-2]["text"].splitlines()[-1]
        if _FAQ_ANSWER not in _text(answer) or asked not in _text(answer):
            self._note(f"{_FAQ} was answered with {_text(answer)[:200]!r} after {asked!r}")

    def _check(self, topic: Topic, pressed: dict[str, str], found: dict[str, Any]) -> None:
        if found["process"] != topic.id:
            self._note(f"{topic.id} was asked about and {found['process']} recommended on")
        levels = {reason["criterion"]: reason["level"] for reason in found["reasons"]}
        wrong = {one: levels.get(one) for one, level in pressed.items() if levels.get(one) != level}
        if wrong:
            self._note(f"{topic.id}: {pressed} was pressed, and it rests on {levels}")

    async def _say(self, text: str) -> Answer:
        return await self._send(text, {"text": text})

    async def _press(self, button: dict[str, str]) -> Answer:
        return await self._send(button["title"], {"payload": button["payload"]})

    async def _send(self, shown: str, body: dict[str, str]) -> Answer:
        """Send a message, with the same id until it is answered, as the widget does."""
        body = {"id": str(uuid.uuid4()), **body}
        start = time.monotonic()
        while (answer := await self._try(body)) is None:
            self._record.bad.append(time.monotonic())
            await asyncio.sleep(_PAUSE_SECONDS)
        self._record.slowest = max(self._record.slowest, time.monotonic() - start)
        self._record.messages += 1
        self._sent.append(body["id"])
        self._seen.append(("user", shown))
        self._seen.extend(("bot", line["text"]) for line in answer if "text" in line)
        return answer

    async def _try(self, body: dict[str, str]) -> Answer | None:
        """Give the answer; None when the message has to be sent again."""
        try:
            response = await self._client.post("/messages", json=body, headers=self._headers)
        except httpx.ReadTimeout:
            self._record.silent += 1
            return None
        except httpx.TransportError:
            self._record.broken += 1
            return None
        if response.status_code == 200:
            return self._whole(response.text)
        self._record.refusals += 1
        self._record.codes[response.json()["error"]["code"]] += 1
        if response.status_code not in (429, 503):
            self._note(f"status {response.status_code}: {response.text[:200]}")
        return None

    def _whole(self, text: str) -> Answer | None:
        lines = [json.loads(line) for line in text.splitlines() if line.endswith("}")]
        if not lines or not lines[-1].get("done"):
            self._record.broken += 1
            return None
        if "error" in lines[-1]:
            self._record.apologies += 1
            return None
        return lines

    async def _history(self) -> list[dict[str, Any]]:
        while True:
            try:
                answer = await self._client.get("/history", headers=self._headers)
                if answer.status_code == 200:
                    messages: list[dict[str, Any]] = answer.json()["messages"]
                    return messages
            except httpx.TransportError:
                pass
            await asyncio.sleep(_PAUSE_SECONDS)

    def _compare(self, history: list[dict[str, Any]]) -> None:
        kept = Counter(message["id"] for message in history if message["from"] == "user")
        self._record.found["lost"] += len(set(self._sent) - set(kept))
        self._record.found["doubled"] += sum(count - 1 for count in kept.values())
        self._record.found["foreign"] += len(set(kept) - set(self._sent))
        shown = [(message["from"], message["text"]) for message in history]
        if shown != self._seen:
            self._note(f"the history differs: {_difference(self._seen, shown)}")

    def _note(self, what: str) -> None:
        self._record.wrong.append(what)


def _difference(seen: list[tuple[str, str]], kept: list[tuple[str, str]]) -> str:
    pairs: Iterator[tuple[int, Any]] = enumerate(zip(seen, kept, strict=False))
    place = next((n for n, (one, other) in pairs if one != other), min(len(seen), len(kept)))
    return (
        f"at {place} of {len(seen)}: seen {seen[place : place + 2]}, kept {kept[place : place + 2]}"
    )


def _recommendation(answer: Answer) -> dict[str, Any] | None:
    found = (line["custom"].get("recommendation") for line in answer if line.get("custom"))
    return next((one for one in found if one), None)


def _choices(answer: Answer) -> list[dict[str, str]]:
    lines = [line for line in answer if line.get("buttons")]
    buttons = lines[-1]["buttons"] if lines else []
    return [b for b in buttons if b["payload"].startswith("/inform{")]


def _text(answer: Answer) -> str:
    return "\n".join(line["text"] for line in answer if "text" in line)


@dataclass
class Crowd:
    """Visitors who talk until they are told to stop.

    Args:
        url: The server's address.
        count: How many there are.
    """

    url: str
    count: int
    record: Record = field(default_factory=Record)

    async def talk(self, over: asyncio.Event) -> None:
        """Talks until it is over."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=self.count)
        async with httpx.AsyncClient(
            base_url=f"{self.url}/webhooks/web", timeout=_SILENCE_SECONDS, limits=limits
        ) as client:
            every = topics()
            visitors = [
                Visitor(client, every[n :: self.count], self.record, n % 3)
                for n in range(self.count)
            ]
            await asyncio.gather(*(visitor.talk(over) for visitor in visitors))
