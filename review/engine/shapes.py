"""A graph's nodes and edges, for a drawing."""

from __future__ import annotations

from typing import Any

from review.engine.base import Arrow, Shape, ShapeNode
from review.engine.tasks import Graph

ENDS = {"__start__": "start", "__end__": "end"}


def shape_of(graph: Graph) -> Shape:
    """Its nodes in the order in which they were added, a subgraph as one of them."""
    drawable = graph.get_graph()
    inner = {name for name, _ in graph.get_subgraphs()}
    before, behind = _stops(graph.interrupt_before_nodes), _stops(graph.interrupt_after_nodes)
    nodes = tuple(
        ShapeNode(
            name=name,
            kind=ENDS.get(name) or ("subgraph" if name in inner else "node"),
            stops_before=name in before or ("*" in before and name not in ENDS),
            stops_after=name in behind or ("*" in behind and name not in ENDS),
        )
        for name in drawable.nodes
    )
    arrows = tuple(
        Arrow(edge.source, edge.target, bool(edge.conditional), "" if edge.data is None else str(edge.data))
        for edge in drawable.edges
    )
    return Shape(nodes, arrows)


def _stops(names: Any) -> set[str]:
    return {names} if isinstance(names, str) else set(names or ())
