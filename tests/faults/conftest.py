"""One cluster for all faults: each leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.cluster import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two replicas and what they stand on."""
    made = Cluster(tmp_path_factory.mktemp("cluster"), replicas=2)
    try:
        made.start()
        yield made
    finally:
        made.stop()
