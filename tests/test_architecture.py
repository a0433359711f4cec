"""The arrows of the house: who may import whom, and where LangGraph is called."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support import ROOT

OURS = ("review", "components", "pages", "graphs", "app")
ENGINE = "review/engine/"

# What only the engine may call: it runs a graph, or reads or writes its state.
RUNS = {
    *("invoke", "ainvoke", "stream", "astream", "astream_events", "batch", "abatch"),
    *("get_state", "aget_state", "get_state_history", "aget_state_history", "update_state", "aupdate_state"),
    *("bulk_update_state", "abulk_update_state", "get_tuple", "aget_tuple", "delete_thread", "adelete_thread"),
}

# Beside the engine: which files of review may import what of LangGraph.
LANGGRAPH = {
    "review/contract.py": {"langgraph.types.interrupt", "langgraph.config.get_config"},
    "review/actions.py": {"langgraph.config.get_config"},
    "review/loading.py": {"langgraph.graph.StateGraph", "langgraph.pregel.Pregel"},
    "review/schemas.py": {"langgraph.pregel.Pregel"},
    "review/own_graph.py": {"langgraph.pregel.Pregel"},
}


@dataclass(frozen=True)
class Import:
    file: str
    line: int
    name: str

    def is_of(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.name}"


def sources() -> list[Path]:
    found = [path for folder in OURS for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in [*found, ROOT / "app.py"] if path.exists())


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_in(source: str, file: str) -> Iterator[Import]:
    """Every import, also those inside functions; `from a import b` counts as `a.b`."""
    package = file.removesuffix(".py").removesuffix("/__init__").split("/")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            around = package[: len(package) - node.level] if node.level else []
            start = ".".join([*around, *([node.module] if node.module else [])])
            yield from (Import(file, node.lineno, f"{start}.{each.name}") for each in node.names)


def imports() -> list[Import]:
    return [found for path in sources() for found in imports_in(path.read_text("utf-8"), named(path))]


def offending(where: str, wrong: Callable[[Import], bool]) -> list[str]:
    return [str(each) for each in imports() if each.file.startswith(where) and wrong(each)]


def test_the_reader_of_imports_sees_every_kind() -> None:
    source = "import a.b\ndef f():\n    from c import d, e\n    from . import g\n    from .h import i\n"
    found = [each.name for each in imports_in(source, "pages/x.py")]
    assert found == ["a.b", "c.d", "c.e", "pages.g", "pages.h.i"]
    assert {path.parts[len(ROOT.parts)] for path in sources()} >= {"review", "graphs"}


def test_the_domain_knows_no_screen_and_no_graph() -> None:
    assert offending("review/", lambda i: i.is_of("streamlit", "graphs", "components", "pages", "app")) == []


@pytest.mark.parametrize("folder", ["pages/", "components/", "app.py"])
def test_the_screens_know_no_graph_and_no_database(folder: str) -> None:
    assert offending(folder, lambda i: i.is_of("graphs", "langgraph", "sqlalchemy", "alembic", "sqlite3")) == []


def test_components_import_no_page() -> None:
    assert offending("components/", lambda i: i.is_of("pages", "app")) == []


def test_no_page_imports_another_page() -> None:
    assert offending("pages/", lambda i: i.is_of("pages", "app")) == []


def test_graphs_import_the_contract_and_each_other() -> None:
    def wrong(each: Import) -> bool:
        ours = each.is_of(*OURS) and not each.is_of("graphs", "review.contract")
        return ours or each.is_of("streamlit")

    assert offending("graphs/", wrong) == []


def test_nothing_outside_graphs_imports_them() -> None:
    wrong = [str(each) for each in imports() if each.is_of("graphs") and not each.file.startswith("graphs/")]
    assert wrong == []


def test_langgraph_is_the_engines() -> None:
    def wrong(each: Import) -> bool:
        if each.file.startswith(ENGINE) or not each.is_of("langgraph"):
            return False
        if each.file.startswith("review/dialects/"):
            return not each.is_of("langgraph.types")
        return each.name not in LANGGRAPH.get(each.file, set())

    assert offending("review/", wrong) == []


def test_the_engine_alone_runs_graphs() -> None:
    """By the names of LangGraph's methods, called on anything."""
    wrong = [
        f"{file}:{node.lineno} calls {node.func.attr}"
        for path in sources()
        if not (file := named(path)).startswith((ENGINE, "graphs/"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in RUNS and ast.unparse(node.func.value) not in {"self.engine", "self._engine"}
    ]
    assert wrong == []


def test_no_module_of_ours_reads_checkpoints_by_itself() -> None:
    wrong = [
        str(each)
        for each in imports()
        if each.is_of("langgraph.checkpoint", "langgraph.store", "langgraph_sdk") and not each.file.startswith(ENGINE)
    ]
    assert wrong == []


@pytest.mark.parametrize("heavy", ["sqlalchemy", "alembic", "langgraph", "streamlit", "pydantic_settings"])
def test_the_contract_is_light(heavy: str) -> None:
    code = f"import sys, review.contract; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_domain_loads_no_screen() -> None:
    code = "import sys, review.desk, review.approval; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_component_hides_another_module() -> None:
    """Streamlit puts the folder of navigation.py first on the path."""
    taken = {*sys.stdlib_module_names, *packages_distributions(), *OURS} - {"components"}
    folder = ROOT / "components"
    hiding = [named(path) for path in folder.glob("*") if path.stem in taken and path.stem != "__init__"]
    assert hiding == []
