"""The attacks. Each goes on until it is cancelled; what was answered is counted in the target."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.attack.wire import WEB, Connection, Target, message, request

Run = Callable[[Target], Awaitable[None]]

SLOW_SENTENCE = "a." * 1_000
"""What takes the understanding longest of all that was tried."""
_AT_ONCE = 32
_OPENING = 200


@dataclass(frozen=True)
class Attack:
    """An attack.

    Args:
        name: What it is called.
        sends: What it sends, in a few words.
        run: Does it.
    """

    name: str
    sends: str
    run: Run


async def flood(target: Target, step: Callable[[Connection, int], Awaitable[object]]) -> None:
    """Does a step over and over on many connections, opened anew when they are closed."""
    numbers = itertools.count()

    async def worker() -> None:
        while True:
            try:
                connection = await target.open()
                while True:
                    await step(connection, next(numbers))
            except (OSError, EOFError, asyncio.TimeoutError):
                target.answers["closed"] += 1

    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))


async def messages(target: Target, text: str = "should we outsource payroll?") -> None:
    """Sends messages as fast as they are taken, in many conversations."""
    tokens = [await target.token() for _ in range(_AT_ONCE)]

    async def step(connection: Connection, number: int) -> None:
        token = tokens[number % _AT_ONCE]
        status, _ = await connection.call("POST", f"{WEB}/messages", token, message(text))
        if status == 429:
            tokens[number % _AT_ONCE] = await target.token()

    await flood(target, step)


async def slow_sentences(target: Target) -> None:
    """Sends the sentence that takes longest to understand."""
    await messages(target, SLOW_SENTENCE)


async def one_conversation(target: Target) -> None:
    """Sends many messages at once in one conversation, without waiting for answers."""
    token = await target.token()
    await flood(target, lambda c, _: c.call("POST", f"{WEB}/messages", token, message("hello")))


async def long_conversation(target: Target) -> None:
    """Goes on and on in a few conversations, each message after the answer to the one before."""

    async def talk() -> None:
        while True:
            token, connection, status = await target.token(), await target.open(), 200
            while status == 200:
                text = "what is BPO?"
                status, _ = await connection.call("POST", f"{WEB}/messages", token, message(text))

    await asyncio.gather(*(talk() for _ in range(4)))


async def sessions(target: Target) -> None:
    """Starts conversations."""
    await flood(target, lambda c, _: c.call("POST", f"{WEB}/session"))


def on_a_conversation(method: str, path: str, body: bytes = b"") -> Run:
    """Gives an attack that asks for one thing over and over in a conversation of some turns."""

    async def run(target: Target) -> None:
        token = await target.token()
        connection = await target.open()
        for _ in range(20):
            await connection.call("POST", f"{WEB}/messages", token, message("what is KPO?"))
        await flood(target, lambda c, _: c.call(method, path, token, body))

    return run


def nonsense(method: str, path: str, token: str = "", body: bytes = b"") -> Run:
    """Gives an attack that sends one request, which is refused, over and over."""

    async def run(target: Target) -> None:
        await flood(target, lambda c, _: c.call(method, path, token, body))

    return run


async def big_bodies(target: Target) -> None:
    """Sends bodies of a megabyte, and does not wait for the answer."""

    async def step(connection: Connection, _: int) -> None:
        await connection.push(request("POST", f"{WEB}/messages", "x", b"x" * 1_000_000))
        connection.close()
        raise EOFError

    await flood(target, step)


async def reconnecting(target: Target) -> None:
    """Connects and goes."""

    async def step(connection: Connection, _: int) -> None:
        connection.close()
        raise EOFError

    await flood(target, step)


async def pipelining(target: Target) -> None:
    """Sends requests one after the other without reading an answer."""
    many = request("GET", "/health/live") * 100
    await flood(target, lambda c, _: c.push(many))


def dripping(first: bytes, drop: bytes, addresses: int, connections: int) -> Run:
    """Gives an attack that keeps connections open by sending a little of a request now and then.

    Args:
        first: What is sent first.
        drop: What is sent every second.
        addresses: From how many addresses it comes.
        connections: How many connections each opens.
    """

    async def run(target: Target) -> None:
        opening = asyncio.Semaphore(_OPENING)

        async def drip(address: str) -> None:
            while True:
                try:
                    async with opening:
                        connection = await target.open(address)
                    target.answers["opened"] += 1
                    connection.writer.write(first)
                    while not connection.reader.at_eof():
                        connection.writer.write(drop)
                        await asyncio.sleep(1)
                    connection.close()
                except OSError:
                    await asyncio.sleep(1)
                target.answers["closed"] += 1

        places = (f"127.9.{n // 250}.{n % 250 + 1}" for n in range(addresses))
        await asyncio.gather(*(drip(place) for place in places for _ in range(connections)))

    return run


async def never_reading(target: Target) -> None:
    """Asks for the history over and over, and reads nothing."""
    token = await target.token()
    connection = await target.open()
    for _ in range(20):
        await connection.call("POST", f"{WEB}/messages", token, message("what is KPO?"))

    async def step(connection: Connection, _: int) -> None:
        await connection.push(request("GET", f"{WEB}/history", token))
        await asyncio.sleep(0.1)

    await flood(target, step)


_HEAD = b"POST /webhooks/web/session HTTP/1.1\r\nHost: x\r\n"
_BODY = _HEAD + b"Content-Length: 60000\r\n\r\n"
_MESSAGES = f"{WEB}/messages"

ATTACKS = (
    Attack("messages", "messages in 32 conversations, as fast as they are taken", messages),
    Attack("slow sentences", "the sentence that takes longest, likewise", slow_sentences),
    Attack("one conversation", "32 messages at once in one conversation", one_conversation),
    Attack("long conversations", "4 conversations that go on and on", long_conversation),
    Attack("sessions", "new conversations", sessions),
    Attack("history", "`GET /history`", on_a_conversation("GET", f"{WEB}/history")),
    Attack("ratings", "`PUT /rating`", on_a_conversation("PUT", f"{WEB}/rating", b"{}")),
    Attack("forgetting", "`DELETE /session`", on_a_conversation("DELETE", f"{WEB}/session")),
    Attack("bad tokens", "forged tokens", nonsense("GET", f"{WEB}/history", "a.b.c")),
    Attack("no such page", "addresses that there are not", nonsense("GET", "/nothing")),
    Attack("deep JSON", "60 KB of `[`", nonsense("POST", _MESSAGES, "x", b"[" * 60_000)),
    Attack("big bodies", "bodies of a megabyte", big_bodies),
    Attack("reconnecting", "connections without a request", reconnecting),
    Attack("pipelining", "requests in one go, no answer read", pipelining),
    Attack("never reading", "`/history`, no answer read", never_reading),
    Attack("slow heads", "a header byte a second, 1,000 times", dripping(_HEAD, b"a", 20, 50)),
    Attack("slow bodies", "a body byte a second, 1,000 times", dripping(_BODY, b"a", 20, 50)),
    Attack("one idle crowd", "500 idle connections, one address", dripping(b"", b"", 1, 500)),
    Attack("idle crowds", "10,000 idle connections, 200 addresses", dripping(b"", b"", 200, 50)),
)
