"""The drawing of a graph: signs for what ran and where it stands, names that are nothing but names."""

from __future__ import annotations

import tomllib

import pytest

from components.graph_drawing import ARROWS, LOOKS, Marks, mermaid_of, quoted
from review.engine.base import Arrow, Shape, ShapeNode
from tests.browser.colours import contrast
from tests.conftest import MakeDesk
from tests.support import ROOT

SHAPE = Shape(
    (ShapeNode("__start__", "start"), ShapeNode("write"), ShapeNode("inner", "subgraph"), ShapeNode("__end__", "end")),
    (Arrow("__start__", "write"), Arrow("write", "inner", conditional=True, label="go"), Arrow("inner", "__end__")),
)

WAYS = """
def first(state): return {}
def second(state): return {}
def inside(state): return {}
inner = StateGraph(State)
inner.add_node("inside", inside)
inner.add_edge(START, "inside")
builder = StateGraph(State)
builder.add_node("first", first)
builder.add_node("second", second)
builder.add_node("inner", inner.compile())
builder.add_edge(START, "first")
builder.add_conditional_edges("first", lambda state: "second", {"on": "second", "in": "inner"})
builder.add_edge("second", END)
builder.add_edge("inner", END)
graph = builder.compile(interrupt_before=["second"])
"""


def test_signs_tell_what_ran_and_where_it_stands() -> None:
    text = mermaid_of(SHAPE, Marks(done=["__start__", "write"], now=["inner"]))
    assert 'n1("✓ write"):::done' in text
    assert 'n2[["▶ inner"]]:::now' in text
    assert 'n3(["end"]):::idle' in text


def test_a_node_that_runs_again_stands_rather_than_ran() -> None:
    assert 'n1("▶ write"):::now' in mermaid_of(SHAPE, Marks(done=["write"], now=["write"]))


def test_a_way_that_may_not_be_taken_is_dotted_and_named() -> None:
    text = mermaid_of(SHAPE, Marks())
    assert 'n1 -.->|"go"| n2' in text
    assert "n0 --> n1" in text


def test_a_node_that_may_run_again_at_once_says_so_by_a_sign() -> None:
    text = mermaid_of(Shape((ShapeNode("ask"),), (Arrow("ask", "ask", conditional=True),)), Marks(now=["ask"]))
    assert 'n0("▶ ask ↻"):::now' in text
    assert "n0 -.->" not in text


def test_no_name_is_markup() -> None:
    name = 'a"]; click n0 "javascript:alert(1)" <b>`x`</b> %%{init}%% #quot;'
    shown = quoted(name)
    assert not set(shown) & set("\"<>`%{}[]&'|\\#;$")
    assert ShapeNode(name).name not in mermaid_of(Shape((ShapeNode(name),), ()), Marks())
    assert len(quoted("x" * 500)) == 48


def test_light_and_dark_have_the_same_states() -> None:
    assert LOOKS["light"].keys() == LOOKS["dark"].keys()
    assert "#141715" not in mermaid_of(SHAPE, Marks(), "dark")
    assert mermaid_of(SHAPE, Marks(), "dark") != mermaid_of(SHAPE, Marks())


@pytest.mark.parametrize("look", ["light", "dark"])
def test_names_lines_and_arrows_can_be_told_from_their_grounds(look: str) -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    page = rgb(theme[look]["backgroundColor"])
    for mark, colours in LOOKS[look].items():
        fill, line, text = (rgb(each) for each in colours)
        assert contrast(text, [fill]) >= 4.5, mark
        assert min(contrast(line, [fill]), contrast(line, [page])) >= 3, mark
    arrows = ARROWS[look]
    assert f"linkStyle default stroke:{arrows}" in mermaid_of(SHAPE, Marks(), look)
    assert contrast(rgb(arrows), [page]) >= 3


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"


def test_the_engine_tells_the_shape_of_a_graph(make_desk: MakeDesk) -> None:
    shape = make_desk({"ways": WAYS}).shape("ways")
    assert [(node.name, node.kind, node.stops_before) for node in shape.nodes] == [
        ("__start__", "start", False),
        ("first", "node", False),
        ("second", "node", True),
        ("inner", "subgraph", False),
        ("__end__", "end", False),
    ]
    conditional = {(arrow.source, arrow.target, arrow.label) for arrow in shape.arrows if arrow.conditional}
    assert conditional == {("first", "second", "on"), ("first", "inner", "in")}
