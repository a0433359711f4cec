"""Which graphs there are: langgraph.json, in LangGraph's own format."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.engine.loop import LoopThread
from review.errors import GraphNotFound
from review.loading import Graph, description_of, graph_of, import_place
from review.manifest import Allowed, read_manifest
from review.schemas import input_schema_of


@dataclass(frozen=True)
class GraphInfo:
    """One registered graph. `error` says why it could not be loaded; `input_schema` is JSON Schema."""

    name: str
    path: str
    description: str = ""
    input_schema: Mapping[str, Any] | None = None
    error: str | None = None


class Registry:
    """The graphs that a langgraph.json names, or those that are given as objects. Each is loaded once.

    `loop` is where asynchronous factories run and where an engine of this process runs the graphs, so that what a
    factory opens belongs to the loop that uses it.
    """

    def __init__(self, path: Path | None = None, graphs: Mapping[str, Graph] | None = None) -> None:
        self._manifest = read_manifest(path.resolve()) if path else None
        self._places = self._manifest.places if self._manifest else {}
        self._loaded: dict[str, Graph] = dict(graphs or {})
        self._descriptions: dict[str, str] = {}
        self._failed: dict[str, str] = {}
        self._lock = threading.Lock()
        self._kept = AsyncExitStack()
        self.loop = LoopThread("review-engine")
        self.loop.at_end(self._kept.aclose)

    @property
    def names(self) -> list[str]:
        return [*self._places, *(name for name in self._loaded if name not in self._places)]

    @property
    def allowed(self) -> Allowed | None:
        """The types that checkpoints may hold beside those that the graphs declare."""
        return self._manifest.allowed if self._manifest else None

    def info(self, name: str) -> GraphInfo:
        """Raises `GraphNotFound` for a name that is not registered; one that does not load has an `error`."""
        if name not in self.names:
            raise GraphNotFound(self._unknown(name))
        place = self._places.get(name)
        path = place.path if place else ""
        try:
            graph = self.get(name)
        except GraphNotFound as error:
            return GraphInfo(name, path, place.description if place else "", error=error.message)
        return GraphInfo(name, path, self._descriptions.get(name, ""), input_schema_of(graph))

    def infos(self) -> list[GraphInfo]:
        return [self.info(name) for name in self.names]

    def get(self, name: str) -> Graph:
        """The compiled graph. Raises `GraphNotFound` with the reason."""
        if name not in self.names:
            raise GraphNotFound(self._unknown(name))
        with self._lock:
            if name in self._failed:
                raise GraphNotFound(self._failed[name])
            if name not in self._loaded:
                try:
                    self._loaded[name] = self._load(name)
                # Somebody else's module may raise anything; what it was belongs in the sentence.
                except (Exception, SystemExit) as error:
                    self._failed[name] = (
                        f"Graph {name!r} could not be loaded from {self._places[name].path}: "
                        f"{type(error).__name__}: {error}. Mend it and restart."
                    )
                    raise GraphNotFound(self._failed[name]) from error
            return self._loaded[name]

    def close(self) -> None:
        """Leave what the graphs' factories opened. An engine that shares the loop does so when it closes."""
        self.loop.stop()

    def _load(self, name: str) -> Graph:
        assert self._manifest is not None
        self._manifest.set_environment()
        module, found = import_place(self._manifest, self._places[name])
        self._descriptions[name] = description_of(self._places[name], module)
        return graph_of(found, self.loop, self._kept)

    def _unknown(self, name: str) -> str:
        known = ", ".join(self.names) or "none"
        return f"There is no graph {name!r}. The registered graphs are: {known}."
