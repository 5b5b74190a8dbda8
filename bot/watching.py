"""Takes up changed content while the server runs: validated and trained first, swapped in whole.

What is served stays as it is until all of the new content is ready in memory: advice, topics and
model. Then no new turn begins, those under way end, and all three are replaced at once.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import served
from bot.advice import loader
from bot.advice.model import Advice
from bot.conversation import topics
from bot.conversation.topics import Topic
from bot.errors import BotError
from bot.fingerprint import of_content, of_model
from bot.project import PROJECT

if TYPE_CHECKING:
    from bot.engine.processor import Assistant

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]

_LOOK_SECONDS = 0.5
_KEPT = "The content is not taken up; what was served before goes on."
_COMMANDS = (("validate",), ("train", "--if-changed"))


@dataclass(frozen=True)
class _Ready:
    """New content, ready to be served."""

    agent: Assistant
    advice: Advice
    topics: Mapping[str, Topic]


class Gate:
    """Lets turns through, and can hold them back until those under way have ended."""

    def __init__(self, handle: Callable[..., Awaitable[Any]]) -> None:
        self._handle = handle
        self._under_way = 0
        self._open = asyncio.Event()
        self._open.set()
        self._empty = asyncio.Event()
        self._empty.set()

    async def turn(self, *arguments: Any, **more: Any) -> Any:
        """Run a turn, once turns may begin."""
        await self._open.wait()
        self._under_way += 1
        self._empty.clear()
        try:
            return await self._handle(*arguments, **more)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._empty.set()

    async def alone(self, work: Callable[[], None]) -> None:
        """Do something quick while no turn is under way."""
        self._open.clear()
        try:
            await self._empty.wait()
            work()
        finally:
            self._open.set()


async def watch(agent: Assistant, model: Path, in_thread: InThread) -> None:
    """Look for changes for ever, and take up those that are sound.

    Args:
        agent: What is served; its conversations go on.
        model: What it was loaded from.
        in_thread: Runs blocking work beside the loop.

    """
    gate = Gate(agent.handle_message)
    agent.handle_message = gate.turn
    tried = of_content(PROJECT) if of_model(PROJECT) in model.name else None
    seen, looked_at = _stamp(), None
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        before, seen = seen, _stamp()
        if before != seen or seen == looked_at:
            continue  # somebody is still writing, or nobody wrote
        looked_at = seen
        state = of_content(PROJECT)
        if state == tried:
            continue
        tried = state
        ready = await _prepared(agent, state, in_thread)
        if ready is not None:
            await gate.alone(partial(_swap, agent, ready))
            _tell("The changed content is taken up.")


def _stamp() -> tuple[tuple[str, int, int], ...]:
    """Return names, times and sizes of the content: cheap enough to be asked for all day."""
    files = [PROJECT / "config.yml", PROJECT / "domain.yml", *(PROJECT / "data").rglob("*")]
    found = []
    for file in sorted(files):
        try:
            stat = file.stat()
        except OSError:  # deleted at this very moment
            continue
        found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


async def _prepared(agent: Assistant, state: str, in_thread: InThread) -> _Ready | None:
    """Return the content made ready, or None when it is not sound or changed meanwhile."""
    _tell("The content changed; checking and training it …")
    for command in _COMMANDS:
        told = await _failure(*command)
        if told is not None:
            _tell(f"{told}\n{_KEPT}")
            return None
    try:
        ready = await in_thread(lambda: _load(agent))
    except BotError as error:
        _tell(f"{error}\n{_KEPT}")
        return None
    return ready if of_content(PROJECT) == state else None  # else it is looked at again


async def _failure(*command: str) -> str | None:
    """Run a command of ours; return what it printed when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *command, cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        printed, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    return printed.decode(errors="replace").strip() if process.returncode else None


def _load(agent: Assistant) -> _Ready:
    """Load the newest model beside the one that is served, with advice of its own."""
    from bot.engine.processor import Assistant
    from bot.server import find_model

    new = Assistant(
        agent.actions, lock_store=agent.lock_store, action_endpoint=agent.action_endpoint
    )
    advice = loader.load(PROJECT)
    with loader.preparing(advice):
        new.load_model(find_model(PROJECT / "models"))
    return _Ready(new, advice, topics.load(PROJECT))


def _swap(agent: Assistant, ready: _Ready) -> None:
    ready.agent.processor.tracker_store = agent.tracker_store
    agent.tracker_store.domain = ready.agent.domain
    agent.processor = ready.agent.processor
    agent.domain = ready.agent.domain
    agent.nlg = ready.agent.nlg
    loader.replace(ready.advice)
    topics.replace(ready.topics)
    served.tell(agent)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 (who edits waits for it)
