"""The Queue page: tabs with their counts, search, order, filters and named views."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.ledger.queries import QueueQuery, Sort, Tab
from review.model import Review
from tests.pages.screens import NAVIGATION, heading, links, open_page, rows, said, unfold
from tests.support import ADA, BEN, begin, pending

TOPICS = ("bread", "cake", "rye")


@pytest.fixture
def three(drafts: Desk) -> list[Review]:
    return [pending(drafts, begin(drafts, "drafts", {"topic": topic}).id) for topic in TOPICS]


def shown(at: AppTest, label: str = "Pending reviews") -> list[str]:
    return [row["title"].removeprefix("Draft: ") for row in rows(at, label)]


def unfolded(at: AppTest) -> AppTest:
    return unfold(at, "queue_filters", "queue_views")


def tabs(at: AppTest) -> list[str]:
    return [option.content for option in at.segmented_control("queue_tab").proto.options]


def test_each_tab_tells_how_many_it_has_and_shows_them(drafts: Desk, three: list[Review]) -> None:
    drafts.claim(three[1].id, ADA)
    drafts.decide(three[2].id, "approve", BEN)
    at = open_page()
    assert tabs(at) == ["Mine  1", "Open  2", "Due  0", "Failed  0", "Decided  1"]
    assert shown(at) == ["bread", "cake"]
    at.segmented_control("queue_tab").set_value("mine").run()
    assert shown(at) == ["cake"]
    at.segmented_control("queue_tab").set_value("decided").run()
    assert shown(at, "Decided reviews") == ["rye"]
    assert at.query_params["tab"] == "decided"


def test_the_address_brings_tab_and_search_back(drafts: Desk, three: list[Review]) -> None:
    drafts.decide(three[0].id, "approve", BEN)
    at = AppTest.from_file(NAVIGATION, default_timeout=60)
    at.query_params.update({"tab": "decided", "search": "BREAD"})
    at.run()
    assert shown(at, "Decided reviews") == ["bread"]
    assert at.text_input("queue_search").value == "BREAD"


@pytest.mark.parametrize(
    ("name", "said_there"),
    [
        ("tab", "due"),
        ("search", "BREAD"),
        *(("sort", sort.value) for sort in Sort if sort != Sort.AGE),
        ("graph", "drafts"),
        ("kind", "interrupt"),
        ("assignee", "ada"),
        ("priority", "2"),
        ("older_than", "86400"),
    ],
)
def test_the_address_brings_each_filter_and_order_back(three: list[Review], name: str, said_there: str) -> None:
    at = AppTest.from_file(NAVIGATION, default_timeout=60)
    at.query_params[name] = said_there
    unfolded(at)
    assert not at.exception
    drawn = {"tab": at.segmented_control, "search": at.text_input, "assignee": at.text_input}.get(name, at.selectbox)
    assert drawn(f"queue_{name}").value == said_there
    assert at.query_params[name] == said_there


def test_back_to_the_queue_brings_filters_order_and_search_back(drafts: Desk, three: list[Review]) -> None:
    at = unfolded(open_page())
    at.text_input("queue_search").set_value("rye").run()
    at.selectbox("queue_sort").set_value("graph").run()
    at.selectbox("queue_graph").set_value("drafts").run()
    at.switch_page("../pages/review.py")
    at.query_params.clear()
    at.query_params["review"] = three[0].id
    at.run()
    assert heading(at) == three[0].title
    assert "Back to the queue" in links(at)
    at.switch_page("../pages/queue.py")  # as the link does, whose address says nothing of a queue
    at.query_params.clear()
    unfolded(at)
    assert shown(at) == ["rye"]
    assert (at.text_input("queue_search").value, at.selectbox("queue_sort").value) == ("rye", "graph")
    assert at.selectbox("queue_graph").value == "drafts"
    assert {name: at.query_params[name] for name in ("search", "sort", "graph")} == {
        "search": "rye",
        "sort": "graph",
        "graph": "drafts",
    }


@pytest.mark.parametrize("text", ["AK", "about cak"], ids=["of the title", "of the payload"])
def test_search_finds_a_part_of_title_or_payload(three: list[Review], text: str) -> None:
    at = unfolded(open_page())
    at.text_input("queue_search").set_value(text).run()
    assert shown(at) == ["cake"]
    at.text_input("queue_search").set_value("100%").run()
    assert "Nothing fits the search and the filters." in said(at)
    at.button("clear_filters").click().run()
    assert shown(at) == list(TOPICS)


def test_how_many_filters_are_on_stands_beside_them_and_clears_them(three: list[Review]) -> None:
    at = unfolded(open_page())
    assert "clear_beside" not in [button.key for button in at.button]
    at.text_input("queue_assignee").set_value("nobody").run()
    at.selectbox("queue_graph").set_value("drafts").run()
    assert shown(at) == []
    assert at.button("clear_beside").label == "Clear 2 filters"
    at.button("clear_beside").click().run()
    assert shown(at) == list(TOPICS)


def test_a_view_is_saved_for_everybody_and_applied_with_one_click(drafts: Desk, three: list[Review]) -> None:
    at = unfolded(open_page())
    at.text_input("queue_search").set_value("rye").run()
    at.text_input("view_name").set_value("Rye only").run()
    at.button("save_view").click().run()
    (view,) = drafts.ledger.views.all()
    assert (view.name, view.query, view.saved_by) == ("Rye only", QueueQuery(search="rye"), "ada")
    other = unfolded(open_page(name="ben"))
    assert shown(other) == list(TOPICS)
    other.button("view_Rye only").click().run()
    assert shown(other) == ["rye"]
    other.button("remove_view_Rye only").click().run()
    assert not drafts.ledger.views.all()


def test_a_view_of_another_tab_and_order_is_applied_whole(drafts: Desk, three: list[Review]) -> None:
    drafts.ledger.views.save("Mine by priority", QueueQuery(tab=Tab.MINE, sort=Sort.PRIORITY), BEN)
    at = unfolded(open_page())
    at.button("view_Mine by priority").click().run()
    assert (at.segmented_control("queue_tab").value, at.selectbox("queue_sort").value) == ("mine", "priority")
    assert "Nothing here is yours." in said(at)
