"""Runs the graph of a model's components."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner

Plan = tuple[tuple[str, tuple[str, ...]], ...]


class PlannedGraphRunner(DaskGraphRunner):
    """Runs the same nodes as Dask would, in an order that is worked out once.

    Rasa builds a graph for Dask anew for each message and each prediction, and Dask plans it anew.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._plans: dict[tuple[str, ...], Plan] = {}

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Runs the nodes that the targets need; see Rasa's `GraphRunner.run`."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._plans[wanted]:
            # As with Dask, what nobody gives is passed on as its name.
            given = (results.get(need, need) for need in needs)
            results[name] = self._instantiated_nodes[name](*given)
        return dict(results[name] for name in wanted)

    def _plan(self, targets: tuple[str, ...]) -> Plan:
        """Give the nodes that the targets need, each after those whose results it needs."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter(needs).static_order()
        return tuple((name, needs[name]) for name in order if name in needs)
