"""Breakpoints: they leave nothing behind in a state, so they are told by the graph's own breakpoint nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langgraph.pregel import Pregel
from langgraph.types import StateSnapshot

from review.engine.base import Pause
from review.engine.tasks import Graph, Leaf, inner_graphs, namespace_of, standing
from review.model import ReviewKind


def with_stops_behind(graph: Graph, snapshot: StateSnapshot) -> Iterator[StateSnapshot]:
    """The parts of a state, the whole and its subgraphs', whose graph has breakpoints behind nodes: the nodes that ran
    last tell whether it stands at one."""
    inner = inner_graphs(graph, snapshot)
    for path, part in standing(snapshot):
        holder = _holder(graph, inner, path)
        if holder is not None and holder.interrupt_after_nodes:
            yield part


def breakpoint_of(
    graph: Graph,
    snapshot: StateSnapshot,
    resting: Sequence[Leaf],
    before: Mapping[str, StateSnapshot | None],
    checkpoint_id: str | None,
) -> Pause | None:
    """The breakpoint that the graph itself declares where it rests; a drained or killed run fits none.

    `before` has, by namespace, the states before the nodes that ran last. Subgraphs that stand at breakpoints of their
    own side by side are one pause: any run goes on past all of them.
    """
    inner = inner_graphs(graph, snapshot)
    steps: dict[str, list[Leaf]] = {}
    for leaf in resting:
        steps.setdefault(namespace_of(leaf.snapshot), []).append(leaf)
    found: list[tuple[Leaf, dict[str, Any]]] = []
    for namespace, step in steps.items():
        around = step[0].path[:-1]
        holder = _holder(graph, inner, around)
        if holder is not None and (place := _before_step(holder, step, _done(before, namespace))):
            leaf = next((leaf for leaf in step if leaf.path[-1] == place["node"]), step[0])
            found.append((leaf, place))
            continue
        for leaf in step:
            if leaf.ended is not None and (holder := _holder(graph, inner, leaf.path)) is not None:
                done = _listed(_done(before, namespace_of(leaf.ended)), holder.interrupt_after_nodes)
                if done:
                    found.append((leaf, {"when": "after", "node": ", ".join(done), "next": leaf.path[-1]}))
    if not found:
        return None
    first = found[0][0]
    return Pause(
        kind=ReviewKind.BREAKPOINT,
        node="/".join(first.path),
        root=first.path[0],
        checkpoint_id=checkpoint_id,
        payload=_payload(found),
        task_id=first.task.id,
    )


def _before_step(holder: Graph, step: Sequence[Leaf], done: Sequence[str]) -> dict[str, Any] | None:
    """The breakpoint before the next step of one graph: it stops all of the step's nodes, and none has begun."""
    if len(step) != len(step[0].snapshot.tasks) or any(leaf.ended is not None for leaf in step):
        return None
    names = list(dict.fromkeys(leaf.path[-1] for leaf in step))
    if at := _listed(names, holder.interrupt_before_nodes):
        return {"when": "before", "node": ", ".join(at), "next": ", ".join(names)}
    if at := _listed(done, holder.interrupt_after_nodes):
        return {"when": "after", "node": ", ".join(at), "next": ", ".join(names)}
    return None


def _payload(found: Sequence[tuple[Leaf, dict[str, Any]]]) -> dict[str, Any]:
    """The one place; or all of them, each once, with the subgraph that it is in."""
    if len(found) == 1:
        return found[0][1]
    places: dict[tuple[str, ...], dict[str, Any]] = {}
    for leaf, place in found:
        around = leaf.path if leaf.ended is not None else leaf.path[:-1]
        key = ("/".join(around), *place.values())
        places.setdefault(key, {"within": key[0], **place, "times": 0})["times"] += 1
    return {"places": list(places.values())}


def _holder(graph: Graph, inner: Mapping[str, Any], path: Sequence[str]) -> Graph | None:
    found = inner.get("|".join(path)) if path else graph
    return found if isinstance(found, Pregel) else None


def _done(before: Mapping[str, StateSnapshot | None], namespace: str) -> list[str]:
    snapshot = before.get(namespace)
    return sorted({task.name for task in snapshot.tasks}) if snapshot is not None else []


def _listed(nodes: Sequence[str], listed: Any) -> list[str]:
    return [node for node in nodes if listed == "*" or node in listed]
