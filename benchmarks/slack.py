"""How long Slack waits for its acknowledgement, and people for their answer, on this machine.

The real server and the fake Slack of the tests; nobody has talked before, so no pace is waited for.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from bot.channels.slack.manifest import SCOPES
from tests.slack.conftest import slack_settings, started
from tests.support.employee import Employee
from tests.support.fake_slack import FakeSlack

_PEOPLE = 50


def main() -> None:
    """Measures and prints a table."""
    slack = FakeSlack(set(SCOPES))
    slack.start()
    with tempfile.TemporaryDirectory() as folder:
        server = started(Path(folder), slack_settings(slack))
        slack.app_port = server.port
        try:
            measured = [_measure(Employee(slack)) for _ in range(_PEOPLE)]
        finally:
            slack.settle()
            server.stop()
    slack.stop()
    for name, values in zip(("Acknowledged", "Answered"), zip(*measured, strict=True), strict=True):
        slowest = sorted(values)[-1 - _PEOPLE // 20]
        print(f"{name}: median {statistics.median(values):.0f} ms, 95 in 100 {slowest:.0f} ms")


def _measure(employee: Employee) -> tuple[float, float]:
    (event,) = employee.slack.say(employee.place, employee.id, "should we outsource payroll?")
    began = time.perf_counter()
    employee.slack.post(event)
    acknowledged = time.perf_counter()
    employee.answers(0)
    answered = time.perf_counter()
    return (acknowledged - began) * 1_000, (answered - began) * 1_000


if __name__ == "__main__":
    main()
