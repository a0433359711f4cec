"""Which graphs there are: langgraph.json, in LangGraph's own format."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from langgraph.graph import StateGraph
from langgraph.pregel import Pregel

from review.errors import BadInput, GraphNotFound
from review.schemas import input_schema_of

Graph = Pregel[Any, Any, Any, Any]


@dataclass(frozen=True)
class GraphInfo:
    """One registered graph. `error` says why it could not be loaded; `input_schema` is JSON Schema."""

    name: str
    path: str
    description: str = ""
    input_schema: Mapping[str, Any] | None = None
    error: str | None = None


class Registry:
    """The graphs that a langgraph.json names, or those that are given as objects. Each is loaded once."""

    def __init__(self, path: Path | None = None, graphs: Mapping[str, Graph] | None = None) -> None:
        self._path = path.resolve() if path else None
        self._places = _read(self._path) if self._path else {}
        self._loaded: dict[str, Graph] = dict(graphs or {})
        self._failed: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def names(self) -> list[str]:
        return [*self._places, *(name for name in self._loaded if name not in self._places)]

    def info(self, name: str) -> GraphInfo:
        """Raises `GraphNotFound` for a name that is not registered; one that does not load has an `error`."""
        if name not in self.names:
            raise GraphNotFound(self._unknown(name))
        path = self._places.get(name, "")
        try:
            graph = self.get(name)
        except GraphNotFound as error:
            return GraphInfo(name, path, error=error.message)
        return GraphInfo(name, path, _description(graph, path), input_schema_of(graph))

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
                    self._loaded[name] = _compiled(self._import(name))
                # Somebody else's module may raise anything; what it was belongs in the sentence.
                except (Exception, SystemExit) as error:
                    self._failed[name] = (
                        f"Graph {name!r} could not be loaded from {self._places[name]}: "
                        f"{type(error).__name__}: {error}. Mend it and restart."
                    )
                    raise GraphNotFound(self._failed[name]) from error
            return self._loaded[name]

    def _unknown(self, name: str) -> str:
        known = ", ".join(self.names) or "none"
        return f"There is no graph {name!r}. The registered graphs are: {known}."

    def _import(self, name: str) -> Any:
        assert self._path is not None
        module, _, attribute = self._places[name].rpartition(":")
        found = _module(self._path.parent, module)
        if not hasattr(found, attribute):
            raise AttributeError(f"{module} has no {attribute!r}")
        return getattr(found, attribute)


def _read(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text("utf-8"))
        places = content["graphs"].items()
    except OSError as error:
        raise BadInput(f"The setting REVIEW_GRAPHS names {path}, which cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{path.name} is not a registry of graphs: {error!r}. It needs an object `graphs`.") from error
    named = {name: place["path"] if isinstance(place, dict) and "path" in place else place for name, place in places}
    for name, place in named.items():
        if not isinstance(place, str) or ":" not in place:
            raise BadInput(f"{path.name} says {place!r} for graph {name!r}; write './file.py:variable'.")
    return named


def _module(folder: Path, place: str) -> ModuleType:
    """Import by dotted name, so that the types in a checkpoint are found under it by every process."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    if not place.endswith(".py"):
        return importlib.import_module(place)
    file = (folder / place).resolve()
    if file.is_relative_to(folder):
        dotted = file.relative_to(folder).with_suffix("").parts
        if all(part.isidentifier() for part in dotted):
            found = importlib.import_module(".".join(dotted))
            if Path(found.__file__ or "").resolve() == file:
                return found
    spec = importlib.util.spec_from_file_location(f"graph_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{place} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _compiled(found: Any) -> Graph:
    if inspect.isfunction(found):
        found = found({}) if inspect.signature(found).parameters else found()
    if isinstance(found, StateGraph):
        found = found.compile()
    if not isinstance(found, Pregel):
        raise TypeError(f"it is a {type(found).__name__}, not a graph")
    return found


def _description(graph: Graph, path: str) -> str:
    module = sys.modules.get(path.rpartition(":")[0].removeprefix("./").removesuffix(".py").replace("/", "."))
    return (inspect.getdoc(module) or "").partition("\n\n")[0].replace("\n", " ") if module else ""
