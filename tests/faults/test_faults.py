"""Whatever fails, nothing that was answered is lost, doubled or mixed, and nobody meets silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.faults import FAULTS, Fault, roll, roll_to
from tests.faults.others import NEW_THANKS, full_disk, new_model
from tests.faults.running import run
from tests.support.cluster import Cluster
from tests.support.server import Visitor, text

_VISITORS = 6
_SECONDS = 3.0


# Rolling is tested with the new model.
@pytest.mark.parametrize(
    "fault", [one for one in FAULTS if one.strike is not roll], ids=lambda fault: fault.name
)
def test_nothing_is_lost(cluster: Cluster, fault: Fault) -> None:
    assert run(cluster, fault, _VISITORS, _SECONDS).faults == []


def test_conversations_go_on_with_a_new_model(cluster: Cluster, tmp_path: Path) -> None:
    deploy = Fault("A new model is deployed", roll_to(new_model(tmp_path)), 60)

    assert run(cluster, deploy, _VISITORS, _SECONDS).faults == []

    assert NEW_THANKS in text(Visitor(cluster.url).say("thanks"))


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    result = full_disk(tmp_path, _VISITORS, _SECONDS)

    assert result.faults == []
    assert result.record.apologies
