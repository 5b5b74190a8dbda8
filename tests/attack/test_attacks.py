"""Whatever one client does, somebody else goes on talking, hardly slower than before."""

from __future__ import annotations

import httpx
import pytest

from tests.attack.__main__ import memory
from tests.attack.attacker import attacking
from tests.attack.attacks import ATTACKS, Attack
from tests.attack.bystander import Bystander, Waits
from tests.support.server import Server

QUIET_SECONDS, ATTACK_SECONDS = 0.8, 2.0
TIMES_SLOWER, SLACK_MS = 5, 500
# A machine that is busy with something else makes all of it slower, and never faster.
TRIES = 3
MOST_GROWN_MB = 150


def is_bearable(quiet: Waits, meanwhile: Waits) -> bool:
    """Tells whether somebody who talks would hardly notice."""
    return meanwhile.p95 <= max(TIMES_SLOWER * quiet.p95, SLACK_MS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_others_go_on_talking(guarded_server: Server, attack: Attack) -> None:
    bystander = Bystander(guarded_server.url)
    seen = []
    for _ in range(TRIES):
        quiet = bystander.talk(QUIET_SECONDS, at_least=8)
        with attacking(attack, guarded_server.port) as answers:
            meanwhile = bystander.talk(ATTACK_SECONDS, at_least=8)
        assert answers, "the attack has done something"
        if is_bearable(quiet, meanwhile):
            break
        seen.append(f"{quiet.p95:.0f} ms became {meanwhile.p95:.0f} ms")
    else:
        pytest.fail("; ".join(seen))


def test_what_was_sent_does_not_stay_in_memory(guarded_server: Server) -> None:
    bystander = Bystander(guarded_server.url)
    bystander.talk(1, at_least=8)
    before = memory(guarded_server)
    for attack in (a for a in ATTACKS if a.name in ("big bodies", "pipelining", "deep JSON")):
        with attacking(attack, guarded_server.port):
            bystander.talk(1, at_least=4)

    assert memory(guarded_server) - before < MOST_GROWN_MB


def test_nothing_has_failed(guarded_server: Server) -> None:
    assert httpx.get(f"{guarded_server.url}/health/ready").status_code == 200
    assert "Traceback" not in guarded_server.log
    assert " failed with " not in guarded_server.log
