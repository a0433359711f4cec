"""The Queue page by page: each costs as much as the first, and the address leads back to it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components import queue_list
from review.desk import Desk
from review.model import Review
from tests.pages.screens import NAVIGATION, labels, open_page, rows, said
from tests.support import BEN, begin, pending


@pytest.fixture
def five(drafts: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Review]:
    monkeypatch.setattr(queue_list, "PAGE_SIZE", 2)
    return [pending(drafts, begin(drafts, "drafts", {"topic": topic}).id) for topic in "abcde"]


def shown(at: AppTest) -> str:
    assert not at.exception, at.exception
    return "".join(row["title"].removeprefix("Draft: ") for row in rows(at, "Pending reviews"))


def at_address(**parameters: str) -> AppTest:
    at = AppTest.from_file(NAVIGATION, default_timeout=60)
    at.query_params.update(parameters)
    return at.run()


def test_each_page_has_those_that_come_after_the_one_before(five: list[Review]) -> None:
    at = open_page()
    assert "5 reviews wait" in said(at)
    assert (shown(at), at.button("queue_before").disabled) == ("ab", True)
    pages = [shown(at.button("queue_after").click().run()) for _ in range(2)]
    assert (pages, at.button("queue_after").disabled) == (["cd", "e"], True)
    assert "5 reviews wait" in said(at)  # whatever the page has
    back = [shown(at.button("queue_before").click().run()) for _ in range(2)]
    assert back == ["cd", "ab"]
    assert "after" not in at.query_params


def test_a_page_stays_what_it_is_though_those_before_it_are_decided(drafts: Desk, five: list[Review]) -> None:
    at = open_page()
    at.button("queue_after").click().run()
    drafts.decide(five[0].id, "approve", BEN)
    drafts.decide(five[2].id, "approve", BEN)
    assert shown(at.run()) == "de"


def test_the_address_leads_to_the_page(five: list[Review]) -> None:
    at = open_page()
    at.button("queue_after").click().run()
    (after,) = [at.query_params["after"]] if isinstance(at.query_params["after"], str) else at.query_params["after"]
    again = at_address(after=after)
    assert shown(again) == "cd"
    assert again.button("queue_before").label == "First page"
    assert shown(again.button("queue_before").click().run()) == "ab"


def test_another_order_or_search_begins_at_its_first_page(five: list[Review]) -> None:
    at = open_page()
    at.button("queue_after").click().run()
    at.text_input("queue_search").set_value("about").run()
    assert (shown(at), "after" in at.query_params) == ("ab", False)


def test_a_page_on_which_all_is_decided_makes_room_for_the_first(drafts: Desk, five: list[Review]) -> None:
    at = open_page()
    for _ in range(2):
        at.button("queue_after").click().run()
    drafts.decide(five[4].id, "approve", BEN)
    assert shown(at.run()) == "ab"


@pytest.mark.parametrize("after", ["nothing", "[1, 2, 3]", "{}"])
def test_a_page_that_there_is_not_is_a_sentence_above_the_first(five: list[Review], after: str) -> None:
    at = at_address(after=after)
    assert shown(at) == "ab"
    assert "The queue has no such page any more." in said(at)
    assert "The queue has no such page any more." not in said(at.button("queue_after").click().run())


def test_a_list_of_one_page_leads_nowhere(drafts: Desk) -> None:
    begin(drafts, "drafts")
    assert not {"First page", "Next page"} & set(labels(open_page()))
