"""From a place in langgraph.json to a compiled graph: importing its module, calling its factory."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import ModuleType
from typing import Any

from langgraph.graph import StateGraph
from langgraph.pregel import Pregel

from review.engine.loop import LoopThread
from review.manifest import Manifest, Place, package_name

Graph = Pregel[Any, Any, Any, Any]

OUR_ROOT = Path(__file__).resolve().parents[1]
# Our own packages at the top of the path. `graphs` is not among them: a project's own goes before ours.
OURS = ("review", "components", "pages", "app", "tests")


@dataclass(frozen=True)
class FactoryRuntime:
    """What a factory that takes a runtime gets, with the names of LangGraph's own ServerRuntime.

    A graph is made once here, before any run, so there is no user, no store and no context to tell of.
    """

    access_context: str = "threads.create_run"
    user: Any = None
    store: Any = None
    context: Any = None

    @property
    def execution_runtime(self) -> FactoryRuntime:
        return self

    def ensure_user(self) -> Any:
        raise PermissionError("There is no signed-in user when a graph is made: it is made once, before any run.")


def import_place(manifest: Manifest, place: Place) -> tuple[ModuleType, Any]:
    """The module, and what the place names in it. Raises whatever the module raises; an import that fails says what to
    do about it."""
    _extend_path(manifest)
    try:
        module = _module(manifest, place.module)
    except ImportError as error:
        if advice := _advice(manifest, error):
            raise type(error)(f"{error}. {advice}", name=error.name, path=error.path) from error
        raise
    if not hasattr(module, place.variable):
        raise AttributeError(f"{place.module} has no {place.variable!r}")
    return module, getattr(module, place.variable)


def graph_of(found: Any, loop: LoopThread, kept: AsyncExitStack) -> Graph:
    """The compiled graph, whatever its form. A synchronous factory runs here, an asynchronous one on the loop; a
    context manager is entered there, and left when `kept` is closed."""
    if not isinstance(found, Pregel | StateGraph) and callable(found):
        found = found(**_arguments(found))
    if inspect.isawaitable(found) or isinstance(found, AbstractAsyncContextManager | AbstractContextManager):
        found = loop.wait(_entered(found, kept))
    if isinstance(found, StateGraph):
        found = found.compile()
    if not isinstance(found, Pregel):
        raise TypeError(f"it is a {type(found).__name__}, not a graph")
    return found


async def _entered(found: Any, kept: AsyncExitStack) -> Any:
    if inspect.isawaitable(found):
        found = await found
    if isinstance(found, AbstractAsyncContextManager):
        return await kept.enter_async_context(found)
    if isinstance(found, AbstractContextManager):
        return kept.enter_context(found)
    return found


def description_of(place: Place, module: ModuleType) -> str:
    """What the manifest says of the graph, else the first paragraph of its module's docstring."""
    return place.description or (inspect.getdoc(module) or "").partition("\n\n")[0].replace("\n", " ")


def _arguments(factory: Callable[..., Any]) -> dict[str, Any]:
    """A factory takes a config, a runtime, both or nothing, told apart by annotation or name."""
    given: dict[str, Any] = {}
    for name, parameter in inspect.signature(factory).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if name == "runtime" or "Runtime" in str(parameter.annotation):
            given[name] = FactoryRuntime()
        elif name == "config" or parameter.default is parameter.empty:
            given[name] = {"configurable": {}}
    return given


def _extend_path(manifest: Manifest) -> None:
    """The project goes before ours, so that its `graphs` is its own; one that has a package of the app's name goes
    behind, because the app must go on finding its own."""
    for folder in _roots(manifest):
        if str(folder) in sys.path:
            continue
        if any(_has(folder, name) for name in OURS):
            sys.path.append(str(folder))
        else:
            sys.path.insert(0, str(folder))
    importlib.invalidate_caches()


def _roots(manifest: Manifest) -> list[Path]:
    """Where imports begin: the project's folder and its local dependencies; of one that is a package, its parent."""
    folders = [folder.parent if (folder / "__init__.py").exists() else folder for folder in manifest.folders]
    return list(dict.fromkeys([manifest.folder, *folders]))


def _module(manifest: Manifest, place: str) -> ModuleType:
    """Import by dotted name, so that the types in a checkpoint are found under it by every process; by its file where
    that name leads elsewhere."""
    if not place.endswith(".py"):
        if "/" in place or place.startswith("."):
            raise ImportError(f"{place} is not a Python file")
        return importlib.import_module(place)
    file = (manifest.folder / place).resolve()
    for name in _dotted(manifest, file):
        if _leads_to(name, file):
            return importlib.import_module(name)
    return _by_file(manifest, file)


def _by_file(manifest: Manifest, file: Path) -> ModuleType:
    """Under a name that no package has, the same wherever the project lies, unless another project's file has it."""
    steps = Path(os.path.relpath(file, manifest.folder)).with_suffix("").parts
    name = "graph_" + "_".join("up" if step == ".." else step for step in steps)
    known = sys.modules.get(name)
    if known is not None and Path(known.__file__ or "") != file:
        name, known = f"{name}_{hashlib.sha256(str(file).encode()).hexdigest()[:8]}", None
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[spec.name]
        raise
    return module


def _dotted(manifest: Manifest, file: Path) -> Iterator[str]:
    """The names by which the file may be imported, from the deepest root down."""
    for root in sorted(_roots(manifest), key=lambda root: len(root.parts), reverse=True):
        if file.is_relative_to(root):
            parts = file.relative_to(root).with_suffix("").parts
            if all(part.isidentifier() for part in parts):
                yield ".".join(parts)


def _leads_to(name: str, file: Path) -> bool:
    """Whether importing `name` would load `file`, and not a module of ours or of a library."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            return False
        raise
    except ValueError:  # a module without a spec, such as __main__
        return False
    return spec is not None and spec.origin is not None and Path(spec.origin).resolve() == file


def _advice(manifest: Manifest, error: ImportError) -> str | None:
    """The way out of a failed import: a name that is ours, or a package that is not installed."""
    top = (error.name or "").partition(".")[0]
    hiding = [root for root in _roots(manifest) if root != OUR_ROOT and top in (*OURS, "graphs") and _has(root, top)]
    if hiding:
        return (
            f"The name {top!r} is one of Countersign's own, and {hiding[0] / top} cannot be imported beside it. Rename "
            "that package, or put it inside another one, and import it by the new name"
        )
    listed = {package_name(package): package for package in manifest.packages}
    missing = [package for package in listed.values() if not _is_installed(package)]
    if top.lower() in listed and listed[top.lower()] not in missing:
        return None
    if missing:
        many = len(missing) > 1
        return (
            f"{manifest.file.name} lists {', '.join(missing)}, which {'are' if many else 'is'} not installed here. "
            f"Install {'them' if many else 'it'} into this environment with pip"
        )
    return None


def _is_installed(requirement: str) -> bool:
    try:
        distribution(package_name(requirement))
    except PackageNotFoundError:
        return False
    return True


def _has(folder: Path, name: str) -> bool:
    """Whether the folder has a package or a module of that name; our own has them by right."""
    return folder != OUR_ROOT and ((folder / name).is_dir() or (folder / f"{name}.py").exists())
