"""Serves this service, and looks at what it is doing every few milliseconds.

Run as `python -m benchmarks.turns.sampled FILE serve …`, where the rest is as for `python -m bot`.
SIGUSR1 starts to look; SIGUSR2 ends it and writes into the file how often each stack was seen, and
how many seconds of the processor's time the process took meanwhile.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Any

_EVERY_SECONDS = 0.005
_DEPTH = 60
# Whose innermost frame is one of these has nothing to do; the event loop itself is no Python.
_IDLE = (
    ("threading.py", ("wait", "_wait_for_tstate_lock", "join")),
    ("queue.py", ("get",)),
    ("selectors.py", ("select",)),
    ("concurrent/futures/thread.py", ("_worker",)),
    ("sanic/server/runners.py", ("serve", "_serve_http_1")),
)

Stack = tuple[str, ...]


class Sampler:
    """Counts the stacks that are seen; a moment is shared by all threads that are at work.

    Args:
        file: Where the counts go.

    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: defaultdict[Stack, float] = defaultdict(float)
        self._started = 0.0

    def start(self, *_: Any) -> None:
        """Starts to look."""
        self._seen.clear()
        self._started = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, _EVERY_SECONDS, _EVERY_SECONDS)

    def stop(self, *_: Any) -> None:
        """Ends it and writes what was seen."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        cpu = time.process_time() - self._started
        stacks = [{"stack": stack, "seen": seen} for stack, seen in self._seen.items()]
        draft = self._file.with_suffix(".part")
        draft.write_text(json.dumps({"cpu": cpu, "stacks": stacks}), encoding="utf-8")
        os.replace(draft, self._file)

    def look(self, _: int, frame: FrameType | None) -> None:
        """Notes what each thread is doing at this moment."""
        frames = {**sys._current_frames(), threading.get_ident(): frame}
        at_work = [frame for frame in frames.values() if frame and not _is_idle(frame)]
        if not at_work:
            self._seen[()] += 1
        for one in at_work:
            self._seen[_stack(one)] += 1 / len(at_work)


def _is_idle(frame: FrameType) -> bool:
    file, name = frame.f_code.co_filename, frame.f_code.co_name
    return any(file.endswith(end) and name in names for end, names in _IDLE)


def _stack(frame: FrameType) -> Stack:
    """Gives the stack as `file:function`, the innermost first."""
    found: list[str] = []
    one: FrameType | None = frame
    while one is not None and len(found) < _DEPTH:
        found.append(f"{one.f_code.co_filename}:{one.f_code.co_name}")
        one = one.f_back
    return tuple(found)


def main() -> int:
    """Serves, and looks when it is told to."""
    sampler = Sampler(Path(sys.argv[1]))
    signal.signal(signal.SIGALRM, sampler.look)
    signal.signal(signal.SIGUSR1, sampler.start)
    signal.signal(signal.SIGUSR2, sampler.stop)
    from bot.cli.main import main as bot

    return bot(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
