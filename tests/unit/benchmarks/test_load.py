"""The load generator, against a server that gives what the test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from benchmarks.turns.load import arriving, closed, moments
from benchmarks.turns.wire import AnswerError, Visitor

ANSWER = [{"text": "Hello."}, {"done": True}]
Answer = Callable[[], Awaitable[list[dict[str, object]]]]


async def hello() -> list[dict[str, object]]:
    return list(ANSWER)


@asynccontextmanager
async def server(answer: Answer = hello) -> AsyncIterator[tuple[str, list[str]]]:
    """A server, its address, and the tokens that messages come with."""
    tokens: list[str] = []
    sessions = iter(range(1000))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:] if line)
            await reader.readexactly(int(lines["Content-Length"]))
            if b"/session " in head:
                body = json.dumps({"token": f"t{next(sessions)}"}).encode()
                writer.write(
                    b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n" % len(body) + body
                )
                continue
            tokens.append(lines["Authorization"].removeprefix("Bearer "))
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for line in await answer():
                chunk = json.dumps(line).encode() + b"\n"
                writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            writer.write(b"0\r\n\r\n")

    async def until_left(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    listening = await asyncio.start_server(until_left, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", tokens


async def test_a_new_conversation_begins_after_the_last_message() -> None:
    async with server() as (url, tokens):
        visitor = Visitor(url, ("one", "two"))
        for _ in range(3):
            await visitor.say()
        visitor.leave()

    assert tokens == ["t0", "t0", "t1"]


async def test_an_endless_conversation_goes_on() -> None:
    async with server() as (url, tokens):
        visitor = Visitor(url, ("one",), is_endless=True)
        for _ in range(3):
            await visitor.say()
        visitor.leave()

    assert tokens == ["t0"] * 3


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"done": True}],
        [{"text": "Hello."}],
        [{"text": "Sorry."}, {"done": True, "error": {"reference": "a"}}],
    ],
    ids=["nothing", "no words", "no end", "an apology"],
)
async def test_what_is_no_answer_is_not_counted_as_one(lines: list[dict[str, object]]) -> None:
    async def answer() -> list[dict[str, object]]:
        return lines

    async with server(answer) as (url, _):
        visitor = Visitor(url, ("one",))
        with pytest.raises(AnswerError, match="one"):
            await visitor.say()
        visitor.leave()


async def test_turns_that_end_too_late_are_timed_but_not_counted() -> None:
    is_over = asyncio.Event()

    async def answer() -> list[dict[str, object]]:
        asyncio.get_running_loop().call_later(0.1, is_over.set)
        await is_over.wait()
        return list(ANSWER)

    async with server(answer) as (url, _):
        visitors = [Visitor(url, ("one",)) for _ in range(2)]
        figures = await closed(visitors, seconds=0.05)
        for visitor in visitors:
            visitor.leave()

    assert (len(figures["taken"]), figures["within"]) == (2, 0)


async def test_a_message_is_timed_from_when_it_was_due() -> None:
    async with server() as (url, _):
        visitor = Visitor(url, ("one",))
        figures = await arriving([visitor], [-60])
        visitor.leave()

    assert figures["taken"][0] >= 60


def test_messages_arrive_evenly_or_at_random_at_the_same_rate() -> None:
    even = list(moments(10, 100, "even"))
    random = list(moments(10, 100, "random"))

    assert even[:3] == pytest.approx([0, 0.1, 0.2])
    assert len(even) == pytest.approx(1000, abs=1)
    assert len(random) == pytest.approx(1000, rel=0.1)
    assert random == list(moments(10, 100, "random"))
