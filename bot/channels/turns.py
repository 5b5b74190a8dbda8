"""Runs turns: once for each message, one at a time in a conversation, to the end."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from bot.channels import inbound
from bot.channels.output import ReplyOutput
from bot.channels.transcript import Reply, replies_to, was_offered
from bot.conversations import Conversations
from bot.errors import without_words
from bot.locks import one_at_a_time
from bot.metrics import Outcome, Stage, stage
from bot.observing import observed

_log = logging.getLogger(__name__)

Line = dict[str, Any]
Handle = Callable[[Any], Awaitable[Any]]


@dataclass(frozen=True)
class Said:
    """A message as the person sent it: either typed or pressed.

    Args:
        id: The id by which a message that is sent again is recognised.
        text: What was typed, cleaned; None for a press.
        payload: What was pressed; None for typed text.

    """

    id: str
    text: str | None
    payload: str | None


class NotOffered(Exception):
    """The payload was not offered in this conversation; nothing ran."""


class NoReplyError(Exception):
    """The turn ended without a word."""


class Turns:
    """The turns under way in this process.

    Args:
        output: Rasa's way to the person; its name stands in the conversation's record.
        handle: Takes a message of Rasa's and runs the turn.

    """

    def __init__(self, output: type[ReplyOutput], handle: Handle) -> None:
        self._output = output
        self._handle = handle
        self._under_way: set[asyncio.Task[None]] = set()

    def start(
        self,
        agent: Any,
        conversation: str,
        said: Said,
        ended: Callable[[], None] = lambda: None,
    ) -> asyncio.Queue[Line | NotOffered]:
        """Starts a turn, which goes on to its end even when nobody reads the queue.

        Args:
            agent: Rasa's agent.
            conversation: The conversation's id.
            said: What the person said.
            ended: Called once when the turn has ended, read or not.

        Returns:
            A queue that gets a line as soon as it is ready; the last has "done" or is `NotOffered`.

        """
        lines: asyncio.Queue[Line | NotOffered] = asyncio.Queue()
        task = asyncio.ensure_future(self._run(agent, conversation, said, lines.put_nowait))
        # The loop keeps only weak references to tasks.
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: ended())
        return lines

    async def finish(self, seconds: float) -> None:
        """Waits until the turns under way have ended, or the time is over."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=seconds)

    async def _run(
        self, agent: Any, conversation: str, said: Said, put: Callable[[Line | NotOffered], None]
    ) -> None:
        reference = _reference(conversation, said)
        with observed(self._output.name(), reference, conversation) as turn:
            try:
                turn.outcome = await self._take_alone(agent, conversation, said, put)
                put({"done": True})
            except NotOffered as refusal:
                turn.outcome = Outcome.REFUSED
                put(refusal)
            except Exception as error:
                _log.error("Turn %s failed with %s", reference, without_words(error))
                for line in _apology(reference):
                    put(line)

    async def _take_alone(
        self, agent: Any, conversation: str, said: Said, put: Callable[[Line | NotOffered], None]
    ) -> Outcome:
        async with AsyncExitStack() as held:
            with stage(Stage.LOCK):
                await held.enter_async_context(one_at_a_time(agent.lock_store, conversation))
            return await self._take(agent, conversation, said, put)

    async def _take(
        self, agent: Any, conversation: str, said: Said, put: Callable[[Line | NotOffered], None]
    ) -> Outcome:
        conversations = Conversations(agent.tracker_store)
        replies = replies_to(said.id, await conversations.begin(conversation, said.id))
        for reply in replies:
            put(reply)
        if replies:
            return Outcome.REPEATED
        await self._check_payload(conversations, conversation, said)
        if not await self._handle_now(conversation, said, put):
            # Rasa drops what a failing action did and goes on, which leaves the person in silence.
            # Nothing is kept as the reply, so the same message sent again is tried again.
            raise NoReplyError
        return Outcome.ANSWERED

    async def _check_payload(
        self, conversations: Conversations, conversation: str, said: Said
    ) -> None:
        if said.payload is None:
            return
        if not was_offered(said.payload, await conversations.offers(conversation, said.payload)):
            raise NotOffered

    async def _handle_now(self, conversation: str, said: Said, put: Callable[[Reply], None]) -> int:
        output = self._output(put)
        make = inbound.typed if said.payload is None else inbound.pressed
        message = make(
            said.text or said.payload or "",
            sender=conversation,
            message_id=said.id,
            channel=self._output.name(),
            output=output,
        )
        await self._handle(message)
        return output.sent


def _reference(conversation: str, said: Said) -> str:
    # Made of the message, so that sending it again tells the same.
    return hashlib.sha256(f"{conversation} {said.id}".encode()).hexdigest()[:8]


def _apology(reference: str) -> list[Line]:
    text = (
        f"Sorry, something went wrong on my side (reference {reference}). "
        "Your answers are safe; please try again."
    )
    error = {"reference": reference, "message": text}
    return [{"text": text, "buttons": []}, {"done": True, "error": error}]
