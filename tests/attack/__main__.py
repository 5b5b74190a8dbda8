"""Runs every attack on a real server and prints what another visitor saw meanwhile."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import httpx

from tests.attack.attacker import attacking
from tests.attack.attacks import ATTACKS
from tests.attack.bystander import Bystander
from tests.support.server import Server

_QUIET, _UNDER_ATTACK = 5, 10


def main() -> None:
    """Prints a table in Markdown, a row as soon as it is known."""
    print("| Attack | Sends | Quiet p50, p95 | Meanwhile p50, p95 | Memory | Answers |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        for attack in ATTACKS:
            if sys.argv[1:] and attack.name not in sys.argv[1:]:
                continue
            bystander = Bystander(server.url)
            quiet = bystander.talk(_QUIET)
            before = memory(server)
            with attacking(attack, server.port) as answers:
                meanwhile = bystander.talk(_UNDER_ATTACK)
            grown = memory(server) - before
            print(
                f"| {attack.name} | {attack.sends} | {quiet.p50:.0f}, {quiet.p95:.0f} ms "
                f"| {meanwhile.p50:.0f}, {meanwhile.p95:.0f} ms | {grown:+.0f} MB "
                f"| {', '.join(f'{n} × {what}' for what, n in sorted(answers.items()))} |",
                flush=True,
            )
        assert httpx.get(f"{server.url}/health/live").status_code == 200
        print(server.log, file=sys.stderr)
        server.stop()


def memory(server: Server) -> float:
    """Gives the server's resident memory in megabytes."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1_024


if __name__ == "__main__":
    main()
