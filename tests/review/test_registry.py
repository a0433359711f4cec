"""langgraph.json: which graphs there are, and why one is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from review.errors import BadInput, GraphNotFound
from review.registry import Registry
from tests.conftest import MakeDesk
from tests.support import ASK, HEAD, ROOT, begin, write_graphs

BUILDER = (
    ASK.replace("graph = wire(write, ask, publish)", "")
    + """
graph = StateGraph(State)
graph.add_node("write", write)
graph.add_edge(START, "write")
"""
)
FACTORY = ASK.replace("graph = wire", "def graph(): return wire")
CONFIGURED = ASK.replace("graph = wire", "def graph(config): return wire")


@pytest.mark.parametrize("source", [ASK, BUILDER, FACTORY, CONFIGURED], ids=["graph", "builder", "factory", "config"])
def test_a_graph_is_loaded_whatever_its_form(tmp_path: Path, source: str) -> None:
    registry = Registry(write_graphs(tmp_path, one=source))
    graph = registry.get("one")
    assert "write" in graph.nodes
    assert registry.get("one") is graph


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("graph = 1 / 0", "ZeroDivisionError: division by zero"),
        ("import a_module_that_is_not_there", "ModuleNotFoundError: No module named 'a_module_that_is_not_there'"),
        ("graph = (", "SyntaxError"),
        ("other = 1", "has no 'graph'"),
        ("graph = 'text'", "it is a str, not a graph"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_graph_that_does_not_load_is_listed_with_the_reason_and_the_others_work(
    make_desk: MakeDesk, source: str, why: str
) -> None:
    desk = make_desk({"broken": source, "ask": ASK})
    broken, ask = sorted(desk.graphs(), key=lambda info: info.name, reverse=True)
    assert (broken.name, ask.name) == ("broken", "ask")
    assert str(broken.error).startswith(f"Graph 'broken' could not be loaded from {broken.path}: ")
    assert why in str(broken.error)
    assert ask.error is None
    with pytest.raises(GraphNotFound, match="could not be loaded"):
        begin(desk, "broken")
    assert begin(desk, "ask").status == "interrupted"


def test_a_graph_knows_its_input_and_its_description(tmp_path: Path) -> None:
    write_graphs(tmp_path, typed=ASK)
    registry = Registry(ROOT / "langgraph.json")
    info = registry.info("editorial")
    assert info.input_schema is not None
    assert list(info.input_schema["properties"]) == ["topic", "audience", "tone", "length"]
    assert info.description.startswith("The editorial graph")


def test_a_module_may_be_named_by_its_dotted_path_or_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "elsewhere.py").write_text(HEAD + ASK, "utf-8")
    registry = tmp_path / "here" / "langgraph.json"
    places = {"outside": "../elsewhere.py:graph", "dotted": {"path": "graphs.editorial:graph"}}
    registry.write_text(json.dumps({"graphs": places}), "utf-8")
    found = Registry(registry)
    assert found.names == ["outside", "dotted"]
    assert "ask" in found.get("outside").nodes
    assert "publish" in found.get("dotted").nodes


def test_an_unknown_graph_is_named_with_those_there_are(tmp_path: Path) -> None:
    registry = Registry(write_graphs(tmp_path, one=ASK, two=ASK))
    with pytest.raises(GraphNotFound, match=r"There is no graph 'three'\. The registered graphs are: one, two\."):
        registry.get("three")


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "{}", "\xff", '{"graphs": []}', '{"graphs": null}'),
        *('{"graphs": {"one": 1}}', '{"graphs": {"one": {}}}', '{"graphs": {"one": "no colon"}}'),
    ],
)
def test_a_registry_that_is_none_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "langgraph.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(BadInput, match=r"langgraph\.json"):
        Registry(path)


def test_a_missing_registry_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"The setting REVIEW_GRAPHS names .*nowhere\.json, which cannot be read"):
        Registry(tmp_path / "nowhere.json")
