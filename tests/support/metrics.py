"""What Prometheus would read from a server."""

from __future__ import annotations

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.support.server import Server


class Scraped:
    """The metrics of a server, as it tells them each time it is asked.

    Args:
        server: The server; its settings name the address.
    """

    def __init__(self, server: Server) -> None:
        self._url = f"http://{server.settings['METRICS_ADDRESS']}/metrics"

    def text(self) -> str:
        """Gives all that it tells."""
        return httpx.get(self._url, timeout=10).raise_for_status().text

    def value(self, name: str, **labels: str) -> float:
        """Gives the value of one series; 0 where there is none."""
        families = text_string_to_metric_families(self.text())
        samples = (sample for family in families for sample in family.samples)
        return next((s.value for s in samples if (s.name, s.labels) == (name, labels)), 0.0)
