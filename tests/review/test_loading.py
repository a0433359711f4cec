"""Graphs from anywhere: someone else's project, as its own langgraph.json describes it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from review.registry import Registry
from tests.conftest import MakeDesk, Spawn
from tests.review.their_projects import Project, graph
from tests.support import ASK, begin, outcome_of


def registry_of(project: Project, source: str, place: str = "graph", **more: Any) -> Registry:
    return Registry(
        project({"graphs": {"one": f"./agent_of_theirs.py:{place}"}, **more}, **{"agent_of_theirs.py": source})
    )


def test_every_kind_of_factory_makes_a_graph(project: Project) -> None:
    source = graph(
        ASK
        + """
import contextlib, functools
from langchain_core.runnables import RunnableConfig
from langgraph_sdk.runtime import ServerRuntime
made = graph
opened = []
def plain(): return made
def with_config(config: RunnableConfig): return made if config["configurable"] == {} else None
def with_runtime(runtime: ServerRuntime): return made if runtime.execution_runtime and not runtime.user else None
def with_both(settings: RunnableConfig, runtime: ServerRuntime, more=1): return made
async def later(): return made
async def later_with_config(config): return made
class Factory:
    def __call__(self, config): return made
instance = Factory()
partial = functools.partial(with_config)
@contextlib.asynccontextmanager
async def opened_later(config: RunnableConfig):
    opened.append("in")
    yield made
    opened.append("out")
@contextlib.contextmanager
def opened_now():
    opened.append("in")
    yield made
    opened.append("out")
builder = StateGraph(State).add_node("write", write).add_edge(START, "write")
async def later_builder(): return builder
"""
    )
    kinds = ["plain", "with_config", "with_runtime", "with_both", "later", "later_with_config", "instance", "partial"]
    kinds += ["opened_later", "opened_now", "later_builder"]
    places = {kind: f"./agent_of_theirs.py:{kind}" for kind in kinds}
    registry = Registry(project({"graphs": places}, **{"agent_of_theirs.py": source}))
    for kind in kinds:
        assert "write" in registry.get(kind).nodes, registry.info(kind).error
    opened = sys.modules["agent_of_theirs"].opened
    assert opened == ["in", "in"]
    registry.close()
    assert opened == ["in", "in", "out", "out"]


def test_what_an_asynchronous_factory_opens_belongs_to_the_loop_that_runs_the_graph(
    project: Project, make_desk: MakeDesk
) -> None:
    source = graph(
        """
import asyncio, contextlib
@contextlib.asynccontextmanager
async def make():
    loop = asyncio.get_running_loop()
    async def node(state): return {"answer": asyncio.get_running_loop() is loop}
    yield wire(node)
"""
    )
    file = project({"graphs": {"one": "./agent_of_theirs.py:make"}}, **{"agent_of_theirs.py": source})
    desk = make_desk(file)
    desk.graphs()
    assert desk.state(begin(desk, "one").id).values["answer"] is True


def test_a_factory_that_raises_is_one_that_does_not_load(project: Project) -> None:
    registry = registry_of(project, "async def make():\n    raise ValueError('no key')\n", "make")
    assert "ValueError: no key. Mend it and restart." in str(registry.info("one").error)
    assert str(registry_of(project, "def make(): return 3\n", "make").info("one").error)


def test_a_file_that_is_not_python_is_named(project: Project) -> None:
    registry = Registry(project({"graphs": {"one": "./agent.ts:graph"}}))
    assert "ImportError: ./agent.ts is not a Python file." in str(registry.info("one").error)


def test_variables_are_set_before_the_import_and_override_nothing(project: Project, monkeypatch: Any) -> None:
    monkeypatch.setenv("THEIR_REGION", "here")
    source = graph(ASK + 'assert os.environ["THEIR_KEY"] == "k" and os.environ["THEIR_REGION"] == "here"\n')
    given = {"THEIR_KEY": "k", "THEIR_REGION": "there"}
    assert registry_of(project, source, env=given).info("one").error is None


def test_variables_may_stand_in_a_file(project: Project) -> None:
    files = {"agent_of_theirs.py": graph(ASK + 'assert os.environ["THEIR_TOKEN"] == "a b"\n')}
    places = {"graphs": {"one": "./agent_of_theirs.py:graph"}, "env": "./.env"}
    registry = Registry(project(places, **files, **{".env": "# theirs\nexport THEIR_TOKEN='a b'\n"}))
    assert registry.info("one").error is None


def test_a_missing_file_of_variables_is_told_and_stops_nothing(project: Project, caplog: Any) -> None:
    assert registry_of(project, graph(ASK), env=".env").info("one").error is None
    assert "names .env for its variables, and there is no such file" in caplog.text


def test_local_dependencies_are_importable(project: Project) -> None:
    files = {
        "src/their_agent/graph.py": graph("from their_agent.nodes import say\nfrom their_lib import told\n" + ASK),
        "src/their_agent/nodes.py": "def say(): ...\n",
        "libs/their_lib.py": "told = 1\n",
        "pack/__init__.py": "",
        "pack/graph.py": graph("from pack.inner import told\nfrom . import inner\n" + ASK),
        "pack/inner.py": "told = 1\n",
    }
    places = {"one": "./src/their_agent/graph.py:graph", "two": "./pack/graph.py:graph"}
    registry = Registry(project({"dependencies": ["./src", "./libs", "./pack"], "graphs": places}, **files))
    assert [info.error for info in registry.infos()] == [None, None]
    assert "their_agent.graph" in sys.modules and "pack.graph" in sys.modules


def test_a_package_that_is_not_installed_is_named(project: Project) -> None:
    registry = registry_of(
        project, "import their_sdk_that_is_not_here\n", dependencies=[".", "their-sdk-that-is-not-here>=2"]
    )
    told = str(registry.info("one").error)
    assert "No module named 'their_sdk_that_is_not_here'" in told
    assert "langgraph.json lists their-sdk-that-is-not-here>=2, which is not installed here. Install it" in told


def test_a_place_with_a_description_is_described_by_it(project: Project) -> None:
    place = {"path": "./agent_of_theirs.py:graph", "description": "Writes about bread."}
    registry = Registry(project({"graphs": {"one": place}}, **{"agent_of_theirs.py": graph(ASK)}))
    assert registry.info("one").description == "Writes about bread."


# In a process of its own: what is imported there is the project's affair alone.
SHOW = """
import sys, json, tempfile
from pathlib import Path
from review.desk import open_desk
from review.settings import Settings
desk = open_desk(Settings(data_dir=Path(sys.argv[2]), graphs=Path(sys.argv[1])))
print(json.dumps({info.name: [info.error, info.description] for info in desk.graphs()}))
from components.words import escaped  # ours, whatever the project has
desk.close()
"""


def shown(spawn: Spawn, registry: Path, data: Path) -> Any:
    return json.loads(outcome_of(spawn(SHOW, registry, data)))


@pytest.mark.parametrize("package", ["graphs", "graphs with init"])
def test_a_project_with_a_package_graphs_of_its_own_is_served(
    project: Project, spawn: Spawn, tmp_path: Path, package: str
) -> None:
    files = {
        "graphs/editorial.py": graph('"""Theirs."""\nfrom graphs.parts import told\n' + ASK),
        "graphs/parts.py": "told = 1\n",
    }
    if package != "graphs":
        files["graphs/__init__.py"] = ""
    files["graphs/editorial.py"] = '"""Theirs."""\n' + files["graphs/editorial.py"]
    registry = project({"graphs": {"one": "./graphs/editorial.py:graph"}}, **files)
    assert shown(spawn, registry, tmp_path / "data") == {"one": [None, "Theirs."]}


@pytest.mark.parametrize("name", ["review", "components", "pages"])
def test_a_name_that_is_ours_is_explained_with_the_remedy(
    project: Project, spawn: Spawn, tmp_path: Path, name: str
) -> None:
    files = {f"{name}/words.py": "told = 1\n", f"{name}/theirs.py": "told = 1\n", "sound.py": graph(ASK)}
    files[f"{name}/graph.py"] = graph(f"from {name}.theirs import told\n" + ASK)
    files[f"{name}/alone.py"] = graph(ASK)
    places = {
        "inside": f"./{name}/graph.py:graph",
        "alone": f"./{name}/alone.py:graph",
        "sound": "./sound.py:graph",
    }
    found = shown(spawn, project({"graphs": places}, **files), tmp_path / "data")
    assert found["sound"][0] is None
    if name == "review":  # the others are folders without __init__.py, of which Python makes one with theirs
        assert f"The name '{name}' is one of Countersign's own, and " in found["inside"][0]
        assert "Rename that package" in found["inside"][0]
    else:
        assert found["inside"][0] is None
    assert found["alone"][0] is None
