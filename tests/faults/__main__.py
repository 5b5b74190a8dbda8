"""`python -m tests.faults`: lets every fault happen and writes docs/faults.md."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.faults.faults import FAULTS, Fault, roll_to
from tests.faults.others import full_disk, new_model
from tests.faults.running import Result, run
from tests.support.cluster import Cluster
from tests.support.server import ROOT

_PAGE = ROOT / "docs" / "faults.md"
_START, _END = "<!-- written by python -m tests.faults -->", "<!-- end -->"
_COLUMNS = (
    "Fault",
    "Conversations",
    "Messages",
    "Sent again",
    "Told to wait",
    "Lost",
    "Doubled",
    "Mixed",
    "Slowest answer",
    "Whole again after",
)


def main() -> None:
    """Lets every fault happen, prints what became of it, and writes the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--visitors", type=int, default=16, help="how many talk at once")
    parser.add_argument("--seconds", type=float, default=10, help="how long a fault lasts")
    parser.add_argument("--replicas", type=int, default=2)
    options = parser.parse_args()
    rows = []
    for result in _results(options.visitors, options.seconds, options.replicas):
        rows.append(_row(result))
        print(rows[-1], *result.faults, sep="\n  ", flush=True)
    head = f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}"
    how = (
        f"{options.replicas} replicas, {options.visitors} visitors at once, what is away stays "
        f"away for {options.seconds:g} s; {_machine()}."
    )
    before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_START)
    after = rest.partition(_END)[2]
    table = "\n".join((_START, "", how, "", head, *rows, "", _END))
    _PAGE.write_text(before + table + after, encoding="utf-8")


def _results(visitors: int, seconds: float, replicas: int) -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = folder / "project"
        project.mkdir()
        model = new_model(project)
        deploy = Fault("A new model is deployed", roll_to(model), 60)
        cluster = Cluster(folder / "cluster", replicas)
        try:
            cluster.start()
            for fault in (*FAULTS, deploy):
                yield run(cluster, fault, visitors, seconds)
        finally:
            cluster.stop()
        server = folder / "server"
        server.mkdir()
        yield full_disk(server, visitors, seconds)


def _row(result: Result) -> str:
    record = result.record
    cells = (
        result.name,
        record.conversations,
        record.messages,
        record.retried,
        record.told,
        record.found["lost"],
        record.found["doubled"],
        record.found["foreign"] + len(record.wrong),
        f"{record.slowest:.1f} s",
        f"{result.seconds:.1f} s",
    )
    return f"| {' | '.join(map(str, cells))} |"


def _machine() -> str:
    return f"{os.cpu_count()} cores of {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
