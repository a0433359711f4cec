"""Breakpoints inside subgraphs and on parallel nodes: one review for what one run goes past, naming every place."""

from __future__ import annotations

from typing import Any

import pytest

from review.desk import Desk
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, begin, pending, reviews, values

NODES = """
def one(state): return {"log": ["one"]}
def two(state): return {"log": ["two"]}
def three(state): return {"log": ["three"]}
def last(state): return {"log": ["last"]}
def beside(join=None, **nodes):
    builder = StateGraph(State)
    for name, node in nodes.items():
        builder.add_node(name, node)
        builder.add_edge(START, name)
        if join:
            builder.add_edge(name, "last")
    if join:
        builder.add_node("last", join)
    return builder
"""
PARALLEL = NODES + "graph = beside(last, one=one, two=two, three=three).compile({options})"
TWO = (
    NODES
    + """
graph = beside(
    last, left=wire(one, two, three, interrupt_before=["two"]), right=wire(one, two, interrupt_before=["two"])
).compile()
"""
)
UNEVEN = TWO.replace('interrupt_before=["two"])', 'interrupt_before=["two", "three"])', 1)
MIXED = TWO.replace('interrupt_before=["two"])', 'interrupt_after=["one"])', 1)
FAN = (
    NODES
    + """
inner = wire(one, two, interrupt_before=["two"])
builder = StateGraph(State)
builder.add_node("inner", inner)
builder.add_conditional_edges(START, lambda state: [Send("inner", {}) for n in range(3)], ["inner"])
graph = builder.compile()
"""
)
BEHIND = NODES + 'graph = beside(last, outer=wire(one, two, interrupt_after=["{node}"])).compile()'
BEHIND_DEEP = (
    NODES
    + 'graph = beside(last, outer=beside(three, inner=wire(one, two, interrupt_after=["one"])).compile()).compile()'
)
LOOP = (
    NODES
    + """
def again(state): return END if len(state["log"]) > 2 else "one"
builder = StateGraph(State)
builder.add_node("one", one)
builder.add_edge(START, "one")
builder.add_conditional_edges("one", again, ["one", END])
graph = beside(last, outer=builder.compile({options})).compile()
"""
)


def go_on(desk: Desk, thread_id: str) -> Review:
    """Continue the thread's one breakpoint."""
    review = pending(desk, thread_id)
    assert review.kind == ReviewKind.BREAKPOINT
    desk.decide(review.id, "continue", ADA)
    desk.finish(thread_id, review.id)
    assert desk.review(review.id).status == ReviewStatus.RESUMED
    return review


def ran(desk: Desk, thread_id: str) -> list[str]:
    assert desk.thread(thread_id).status == ThreadStatus.DONE
    return sorted(values(desk, thread_id)["log"])


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ('interrupt_before=["one"]', "Breakpoint before one"),
        ('interrupt_before=["three", "one"]', "Breakpoint before one, three"),
        ('interrupt_before="*"', "Breakpoint before one, two, three"),
    ],
)
def test_a_breakpoint_names_every_node_that_it_lets_go_on(make_desk: MakeDesk, options: str, title: str) -> None:
    desk = make_desk({"stops": PARALLEL.replace("{options}", options)})
    thread = begin(desk, "stops", {})
    review = pending(desk, thread.id)
    assert review.title == title
    assert review.payload["next"] == "one, two, three"
    assert "**one, two, three**" in review.request.description
    assert values(desk, thread.id).get("log", []) == []
    go_on(desk, thread.id)
    if "*" in options:
        assert go_on(desk, thread.id).title == "Breakpoint before last"
    assert ran(desk, thread.id) == ["last", "one", "three", "two"]


def test_a_breakpoint_behind_parallel_nodes_names_those_that_it_is_behind(make_desk: MakeDesk) -> None:
    desk = make_desk({"stops": PARALLEL.replace("{options}", 'interrupt_after=["one", "three"]')})
    thread = begin(desk, "stops", {})
    assert go_on(desk, thread.id).payload == {"when": "after", "node": "one, three", "next": "last"}
    assert ran(desk, thread.id) == ["last", "one", "three", "two"]


def test_two_subgraphs_that_stop_are_one_review_of_both(make_desk: MakeDesk) -> None:
    desk = make_desk({"stops": TWO})
    thread = begin(desk, "stops", {})
    review = pending(desk, thread.id)
    assert review.title == "2 breakpoints: before left/two, before right/two"
    assert review.node == "left/two"
    place = {"when": "before", "node": "two", "next": "two", "times": 1}
    assert review.payload == {"places": [{"within": "left"} | place, {"within": "right"} | place]}
    for name in ("left", "right"):
        assert f"- {name}: before **two**, goes on with **two**" in review.request.description
    go_on(desk, thread.id)
    assert ran(desk, thread.id) == ["last", "one", "one", "three", "two", "two"]


def test_a_subgraph_that_stops_again_is_asked_about_again(make_desk: MakeDesk) -> None:
    desk = make_desk({"stops": UNEVEN})
    thread = begin(desk, "stops", {})
    first = go_on(desk, thread.id)
    second = pending(desk, thread.id)
    assert second.id != first.id
    assert (second.title, second.node) == ("Breakpoint before three", "left/three")
    go_on(desk, thread.id)
    assert ran(desk, thread.id) == ["last", "one", "one", "three", "two", "two"]


def test_stops_before_and_behind_nodes_are_named_together(make_desk: MakeDesk) -> None:
    desk = make_desk({"stops": MIXED})
    thread = begin(desk, "stops", {})
    assert go_on(desk, thread.id).title == "2 breakpoints: after left/one, before right/two"
    assert ran(desk, thread.id) == ["last", "one", "one", "three", "two", "two"]


def test_a_fan_out_of_subgraphs_that_stop_is_told_once_with_its_number(make_desk: MakeDesk) -> None:
    desk = make_desk({"stops": FAN})
    thread = begin(desk, "stops", {})
    review = pending(desk, thread.id)
    assert review.title == "3 breakpoints: before inner/two"
    assert [place["times"] for place in review.payload["places"]] == [3]
    assert "(3 times)" in review.request.description
    go_on(desk, thread.id)
    assert ran(desk, thread.id) == ["one"] * 3 + ["two"] * 3


@pytest.mark.parametrize(
    ("source", "payload", "node"),
    [
        (BEHIND.replace("{node}", "one"), {"when": "after", "node": "one", "next": "two"}, "outer/two"),
        (BEHIND.replace("{node}", "two"), {"when": "after", "node": "two", "next": "outer"}, "outer"),
        (BEHIND_DEEP, {"when": "after", "node": "one", "next": "two"}, "outer/inner/two"),
    ],
    ids=["behind its first node", "behind its last node", "two levels down"],
)
def test_a_breakpoint_behind_a_subgraphs_node_is_continued(
    make_desk: MakeDesk, source: str, payload: Any, node: str
) -> None:
    desk = make_desk({"stops": source})
    thread = begin(desk, "stops", {})
    assert thread.status == ThreadStatus.INTERRUPTED
    review = go_on(desk, thread.id)
    assert (review.payload, review.node) == (payload, node)
    assert "last" in ran(desk, thread.id)


@pytest.mark.parametrize("options", ['interrupt_before=["one"]', 'interrupt_after=["one"]'])
def test_a_subgraph_that_comes_to_its_breakpoint_again_stops_again(make_desk: MakeDesk, options: str) -> None:
    desk = make_desk({"stops": LOOP.replace("{options}", options)})
    thread = begin(desk, "stops", {})
    seen = {go_on(desk, thread.id).id for _ in range(3)}
    assert len(seen) == 3
    assert ran(desk, thread.id) == ["last", "one", "one", "one"]
    assert reviews(desk, thread.id) == []
