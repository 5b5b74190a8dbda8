"""What a server takes of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.server import Server, Visitor

_MOST_MEGABYTES = 500
_SAID = ("should we outsource payroll?", "mostly rules", "what is BPO?", "not sure", "thanks")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="There is no /proc to read it from.")
def test_a_server_takes_half_a_gigabyte_at_most_and_no_tensorflow(server: Server) -> None:
    for _ in range(5):
        visitor = Visitor(server.url)
        for text in _SAID:
            visitor.say(text)

    assert server.process is not None
    process = Path(f"/proc/{server.process.pid}")
    (resident,) = (
        line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS")
    )
    assert int(resident.split()[1]) / 1024 < _MOST_MEGABYTES
    assert "tensorflow" not in (process / "maps").read_text()
