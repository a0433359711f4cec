"""The engine for a caller's own compiled graph, with the saver that it was compiled with."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.pregel import Pregel

from review.engine.base import Engine, ThreadRef
from review.engine.calls import Kept
from review.engine.direct import DirectEngine
from review.engine.local import LocalEngine
from review.engine.tasks import Graph
from review.errors import BadInput, NoCheckpointer, StorageFailed
from review.registry import Registry

# A thread that no saver has: reading it tells which of a saver's methods work.
PROBE = "review-probe"


def check_compiled(graph: Any) -> None:
    if not isinstance(graph, Pregel):
        raise BadInput(f"An approval queue needs a compiled graph, not a {type(graph).__name__}. Call compile() on it.")


def engine_over(graph: Graph, name: str, *, lent: dict[str, Any], kept: Kept) -> tuple[Registry, Engine]:
    """Asynchronous where the saver allows it, since that runs every node; else on the caller's thread.

    Raises `NoCheckpointer`, or `BadInput` for a saver that cannot serve, with the way out.
    """
    saver = _saver_of(graph, name)
    registry = Registry(graphs={name: graph})
    local = LocalEngine(registry, lent=lent, saver=saver, kept=kept)
    try:
        local.snapshot(ThreadRef(PROBE, name))
        return registry, local
    except NotImplementedError:
        local.close()
    except BaseException:
        local.close()
        raise
    direct = DirectEngine(registry, saver, lent=lent, kept=kept)
    _check_threads(direct, name, saver)
    _check_nodes(graph, name, saver)
    return registry, direct


def _saver_of(graph: Graph, name: str) -> Any:
    saver = graph.checkpointer
    if not isinstance(saver, BaseCheckpointSaver):
        raise NoCheckpointer(
            f"The graph {name!r} was compiled without a checkpointer, so it cannot pause for a person. Compile it with "
            "one: builder.compile(checkpointer=InMemorySaver()), or a saver that lasts, such as SqliteSaver."
        )
    if isinstance(getattr(saver, "loop", None), asyncio.AbstractEventLoop):
        kind = type(saver).__name__
        raise BadInput(
            f"The graph {name!r} has a {kind}, which works on the event loop that it was made on and on no other. "
            f"Compile the graph with {kind.removeprefix('Async')} or InMemorySaver to use it here; a graph with "
            "asynchronous nodes on a database that lasts is served by the desk itself: register it in langgraph.json."
        )
    return saver


def _check_threads(engine: Engine, name: str, saver: Any) -> None:
    """LangGraph writes checkpoints from threads of its own, whoever calls it."""
    with ThreadPoolExecutor(1) as other:
        try:
            other.submit(engine.snapshot, ThreadRef(PROBE, name)).result()
        except StorageFailed as error:
            cause = error.details.get("cause", error.message)
            raise BadInput(
                f"The {type(saver).__name__} of graph {name!r} cannot be used from other threads, and LangGraph "
                f"writes from one: {cause} For SQLite, connect with check_same_thread=False."
            ) from error


def _check_nodes(graph: Graph, name: str, saver: Any) -> None:
    graphs = [("", graph), *graph.get_subgraphs(recurse=True)]
    nodes = [
        f"{path}/{node}".replace("|", "/").lstrip("/")
        for path, each in graphs
        for node, pregel_node in getattr(each, "nodes", {}).items()
        if _is_async_only(pregel_node.bound)
    ]
    if nodes:
        raise BadInput(
            f"The graph {name!r} has asynchronous nodes ({', '.join(nodes)}), which its {type(saver).__name__} cannot "
            "run, having synchronous methods alone. Compile the graph with a saver that has both, such as "
            "InMemorySaver, or make the nodes synchronous."
        )


def _is_async_only(bound: Any) -> bool:
    return getattr(bound, "afunc", None) is not None and getattr(bound, "func", None) is None
