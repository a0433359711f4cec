"""The Start page: a graph, its input, its run."""

from __future__ import annotations

from typing import Any

import pytest

from review.desk import Desk
from review.model import Thread
from tests.pages.conftest import PageDesk
from tests.pages.screens import labels, links, open_page, said, told
from tests.support import ASK, actions, pending

# An input with a field of every kind, and a graph that ends at once.
FIELDS = """
from typing import Literal, Optional
from pydantic import BaseModel, Field
class Part(BaseModel):
    weight: float
class Given(BaseModel):
    model_config = {"json_schema_extra": {"examples": [{"name": "Ada", "story": "a"}, {"name": "Ben", "story": "b"}]}}
    name: str = Field(title="Name", min_length=1, max_length=20, pattern=r"\\S")
    story: str = Field(title="Story", max_length=5000)
    tone: Literal["plain", "lively"] = "lively"
    urgent: bool = False
    copies: int = Field(default=2, ge=1, le=9)
    price: float = 1.5
    limit: Optional[int] = None
    tags: list[str] = []
    sizes: list[int] = [1]
    any: Any = None
    part: Optional[Part] = None
def keep(state): return {"log": ["kept"]}
builder = StateGraph(State, input_schema=Given)
builder.add_node("keep", keep)
builder.add_edge(START, "keep")
builder.add_edge("keep", END)
graph = builder.compile()
"""
ANYTHING = """
from langgraph.func import entrypoint
@entrypoint()
def graph(given: Any) -> Any:
    return given
"""


def only_thread(desk: Desk) -> Thread:
    (thread,) = desk.ledger.threads.page()
    return thread


def test_every_kind_of_field_arrives_with_its_type(page_desk: PageDesk) -> None:
    desk = page_desk(fields=FIELDS)
    at = open_page("start")
    at.text_input("start_fields_name").set_value("Ada")
    at.text_area("start_fields_story").set_value("Long\n\nago")
    at.selectbox("start_fields_tone").set_value("plain")
    at.toggle("start_fields_urgent").set_value(True)
    at.number_input("start_fields_copies").set_value(3)
    at.number_input("start_fields_price").set_value(0.25)
    at.number_input("start_fields_limit").set_value(7)
    at.text_area("start_fields_tags").set_value("a\nb")
    at.toggle("start_fields_part~").set_value(True).run()
    at.number_input("start_fields_part/weight").set_value(1)
    at.button("start").click().run()
    assert only_thread(desk).input == {
        "name": "Ada",
        "story": "Long\n\nago",
        "tone": "plain",
        "urgent": True,
        "copies": 3,
        "price": 0.25,
        "limit": 7,
        "tags": ["a", "b"],
        "sizes": [1],
        "part": {"weight": 1},
    }
    assert isinstance(only_thread(desk).input["copies"], int)


def test_fields_show_their_defaults_and_what_is_left_empty_is_left_out(page_desk: PageDesk) -> None:
    desk = page_desk(fields=FIELDS)
    at = open_page("start")
    assert at.selectbox("start_fields_tone").value == "lively"
    assert at.number_input("start_fields_copies").value == 2
    at.text_input("start_fields_name").set_value("Ada")
    at.text_area("start_fields_story").set_value("s")
    at.button("start").click().run()
    given = only_thread(desk).input
    assert {"limit", "part"}.isdisjoint(given)
    assert (given["tone"], given["price"], given["tags"]) == ("lively", 1.5, [])


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "   ", "name:"),
        ("sizes", "1\ntwo", "sizes: line 2 must be a number"),
        ("any", '["a"', "any: is not JSON"),
    ],
)
def test_an_input_that_does_not_fit_is_refused_and_what_was_typed_stays(
    page_desk: PageDesk, field: str, value: str, sentence: str
) -> None:
    desk = page_desk(fields=FIELDS)
    at = open_page("start")
    boxes: dict[str, Any] = {box.key: box for box in (*at.text_input, *at.text_area)}
    boxes["start_fields_name"].set_value("Ada")
    boxes["start_fields_story"].set_value("An hour of work")
    boxes[f"start_fields_{field}"].set_value(value)
    at.button("start").click().run()
    assert sentence in told(at)
    assert at.text_area("start_fields_story").value == "An hour of work"
    assert not desk.ledger.threads.page()


def test_a_graph_that_takes_anything_is_given_json(page_desk: PageDesk) -> None:
    desk = page_desk(anything=ANYTHING)
    at = open_page("start")
    (box,) = [box for box in at.text_area if box.label == "Input, as JSON"]
    box.set_value('{"n": 1}')
    at.button("start").click().run()
    assert only_thread(desk).input == {"n": 1}


def test_a_started_run_is_shown_until_it_pauses_and_leads_to_its_review_and_its_thread(drafts: Desk) -> None:
    at = open_page("start", name="ada")
    at.text_input("start_drafts_topic").set_value("rye")
    at.button("start").click().run()
    thread = only_thread(drafts)
    assert at.query_params["thread"] in (thread.id, [thread.id])
    assert "Queued" in said(at)
    drafts.finish(thread.id)
    at.run()
    assert any("write" in expander.label for expander in at.expander)
    assert "Open the review: Draft: rye" in [link.replace("\\", "") for link in links(at)]
    (whole,) = [link.proto for link in at.get("page_link") if link.proto.label == "Open the thread"]
    assert (whole.page, whole.query_string) == ("threads", f"thread={thread.id}")
    assert actions(drafts, thread.id)[0] == "thread.started"
    assert drafts.ledger.audit.entries(actions=["thread.started"])[0].actor == "ada"


def test_a_name_given_here_is_kept_for_the_decision(drafts: Desk) -> None:
    at = open_page("start", name=None)
    at.text_input("name_with_start").set_value("Grace").run()
    at.text_input("start_drafts_topic").set_value("rye")
    at.button("start").click().run()
    drafts.finish(only_thread(drafts).id)
    at.switch_page("../pages/review.py")
    at.query_params["review"] = review_id = pending(drafts, only_thread(drafts).id).id
    at.run()
    at.button(f"submit_{review_id}").click().run()
    made = drafts.review(review_id).decision
    assert made is not None
    assert (made.reviewer, made.signed_in) == ("Grace", False)


def test_a_graph_that_did_not_load_is_named_with_the_cause(page_desk: PageDesk) -> None:
    page_desk(ask=ASK, torn='raise RuntimeError("No paper left")')
    at = open_page("start")
    assert "Graph 'torn' could not be loaded" in said(at)
    assert "RuntimeError: No paper left" in said(at)
    assert at.selectbox("graph").options == ["ask"]


def test_where_no_graph_loads_there_is_nothing_to_start(page_desk: PageDesk) -> None:
    page_desk(torn='raise RuntimeError("No paper left")')
    at = open_page("start")
    assert "No paper left" in said(at)
    assert "Start" not in labels(at)


def test_a_thread_in_the_address_that_does_not_exist_is_named(drafts: Desk) -> None:
    at = open_page("start", thread="nowhere")
    assert "There is no thread 'nowhere'" in said(at.run())


def test_an_example_fills_the_form_and_the_next_one_replaces_it(page_desk: PageDesk) -> None:
    desk = page_desk(fields=FIELDS)
    at = open_page("start")
    at.button("example_fields").click().run()
    assert at.text_input("start_fields_1_name").value == "Ada"
    at.button("example_fields").click().run()
    assert at.text_input("start_fields_2_name").value == "Ben"
    at.button("start").click().run()
    assert [thread.input["name"] for thread in desk.ledger.threads.page()] == ["Ben"]
