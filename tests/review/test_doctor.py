"""What the doctor reads of a project: through imports, past what it cannot read, and without running any of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from review.doctor import examine
from review.doctor.rules.nodes import BROAD
from review.doctor.rules.payloads import REFUSED
from review.errors import BadInput
from tests.review.doctor_projects import HEAD, project
from tests.review.doctor_wrong import WRONG

EFFECT, NO_CHECKPOINTER = "effect before interrupt", "no checkpointer"


def test_helpers_graphs_and_runs_are_followed_through_imports(tmp_path: Path) -> None:
    report = project(
        tmp_path,
        app__helpers="import requests\n\ndef notify():\n    requests.post('https://crm')\n",
        app__asking="from langgraph.types import interrupt\n\ndef ask_person():\n    return interrupt('Well?')\n",
        app__graph="""
from langgraph.graph import StateGraph
from .asking import ask_person
from app import helpers

def node(state):
    helpers.notify()
    return {"answer": ask_person()}

graph = StateGraph(dict).add_node("node", node).compile()
""",
        main="from app.graph import graph\n\nprint(graph.invoke({}))\n",
    )
    assert [(each.place, each.rule) for each in report.findings] == [
        ("app/graph.py:7", EFFECT),
        ("app/graph.py:10", NO_CHECKPOINTER),
    ]
    assert "app/helpers.py:4" in report.findings[0].what
    assert "main.py" in report.findings[1].what


def test_a_file_that_is_not_python_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe\x00")
    report = project(tmp_path, broken="x = 1\ndef (:\n", graph=HEAD + WRONG["http"])
    assert [(each.file, each.line, each.rule) for each in report.findings] == [
        ("broken.py", 2, "cannot be read"),
        ("bytes.py", 1, "cannot be read"),
        ("graph.py", 14, EFFECT),
    ]


@pytest.mark.parametrize("terms", [2000, 9000])
def test_code_that_is_nested_too_deep_is_named(terms: int, tmp_path: Path) -> None:
    deep = (
        "from langgraph.types import interrupt\ndef node(state):\n    return interrupt("
        + "+".join(["1"] * terms)
        + ")\n"
    )
    report = project(tmp_path, deep=deep, graph=HEAD + WRONG["http"])
    assert [(each.file, each.rule) for each in report.findings] == [("deep.py", "cannot be read"), ("graph.py", EFFECT)]


def test_the_code_is_never_run(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    project(
        tmp_path, graph=f"import pathlib\npathlib.Path({str(trace)!r}).touch()\nfrom langgraph.types import interrupt\n"
    )
    assert not trace.exists()


def test_other_peoples_code_is_skipped_and_so_are_tests_unless_they_are_named(tmp_path: Path) -> None:
    wrong = HEAD + WRONG["http"]
    folders = (".venv", "venv", "node_modules", "lib__site-packages", "__pycache__", ".hidden")
    for folder in folders:
        place = tmp_path / folder.replace("__s", "/s")
        place.mkdir(parents=True)
        (place / "graph.py").write_text(wrong, "utf-8")
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "env" / "graph.py").write_text(wrong, "utf-8")
    report = project(tmp_path, app__graph=wrong, tests__graph=wrong)
    assert [each.file for each in report.findings] == ["app/graph.py"]
    assert report.files == 1
    assert [each.file for each in examine(tmp_path / "tests").findings] == ["graph.py"]


@pytest.mark.parametrize("name", ["nowhere", "nowhere.json", "text.md"])
def test_a_path_that_cannot_be_read_is_bad_input(name: str, tmp_path: Path) -> None:
    (tmp_path / "text.md").touch()
    with pytest.raises(BadInput, match=name):
        examine(tmp_path / name)


def test_what_the_rules_know_of_langgraph_is_true_of_the_installed_one() -> None:
    import langgraph.errors as errors
    import langgraph.graph
    import langgraph.types

    assert not hasattr(langgraph.graph, "interrupt")
    assert hasattr(langgraph.types, "interrupt") and hasattr(langgraph.types, "Command")
    assert {name for name in BROAD if hasattr(errors, name)} == {"GraphInterrupt", "GraphBubbleUp"}
    assert issubclass(errors.GraphInterrupt, Exception)


@pytest.mark.parametrize(
    "made", ["range(3)", "map(str, [1])", "zip([1], [2])", "object()", "iter([1])", "complex(1, 2)"]
)
def test_the_serialiser_refuses_what_the_rule_says(made: str) -> None:
    assert made.partition("(")[0] in REFUSED
    with pytest.raises(TypeError):
        JsonPlusSerializer().dumps_typed({"value": eval(made)})
