"""Runs one attack in a process of its own: `python -m tests.attack.attacker NAME PORT`."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.attack.attacks import ATTACKS, Attack
from tests.attack.wire import Target
from tests.support.server import ROOT

_LONGEST = 120


@contextmanager
def attacking(attack: Attack, port: int) -> Iterator[dict[str, int]]:
    """Attacks while the context lasts; what was answered stands in the dict afterwards."""
    command = [sys.executable, "-m", "tests.attack.attacker", attack.name, str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    answers: dict[str, int] = {}
    try:
        assert process.stdout.readline() == b"attacking\n"
        yield answers
        output, _ = process.communicate(timeout=30)  # the end of its input ends it
        answers.update(json.loads(output))
    finally:
        process.kill()
        process.wait()


async def _attack(name: str, port: int) -> None:
    number, attack = next((n, a) for n, a in enumerate(ATTACKS) if a.name == name)
    target = Target(port, f"127.0.1.{number + 1}")  # so that none is held up for another's sake
    work = asyncio.ensure_future(attack.run(target))
    print("attacking", flush=True)
    told = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await asyncio.wait({told, work}, timeout=_LONGEST, return_when=asyncio.FIRST_COMPLETED)
    if work.done():
        work.result()  # tells why
    print(json.dumps(target.answers), flush=True)
    # Connections that are left half way would be waited for.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(_attack(sys.argv[1], int(sys.argv[2])))
