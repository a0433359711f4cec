"""What has come since one looked is told, seen and heard, until one looks again."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review
from tests.pages.screens import open_page, said
from tests.support import begin, pending


def heard(at: AppTest, key: str = "told_of_queue") -> str:
    """What stands in the live region."""
    (region,) = (element.proto for element in at.get("bidi_component") if element.proto.id.endswith(key))
    return str(json.loads(region.json)["text"])


def new(desk: Desk, topic: str) -> Review:
    return pending(desk, begin(desk, "drafts", {"topic": topic}).id)


@pytest.fixture
def first(drafts: Desk) -> Review:
    return new(drafts, "rye")


@pytest.fixture
def at(first: Review) -> AppTest:
    at = open_page()
    assert (heard(at), " new review" in said(at)) == ("", False)
    return at


def test_what_comes_is_seen_and_read_out(drafts: Desk, at: AppTest) -> None:
    new(drafts, "oats")
    assert heard(at.run()) == "1 new"
    assert ":blue-badge[1 new review]" in said(at)
    new(drafts, "corn")
    assert heard(at.run()) == "2 new"


def test_it_is_not_new_any_more_once_a_review_was_opened(drafts: Desk, at: AppTest) -> None:
    new(drafts, "oats")
    at.run().button("next").click().run()
    assert (heard(at), " new review" in said(at)) == ("", False)
    new(drafts, "corn")
    assert heard(at.run()) == "1 new"


def test_it_is_not_new_any_more_once_a_review_was_decided(drafts: Desk, first: Review, at: AppTest) -> None:
    new(drafts, "oats")
    at.run().button(f"submit_{first.id}").click().run()
    assert (heard(at), " new review" in said(at)) == ("", False)


def test_what_came_after_the_list_was_drawn_is_new_after_a_click_too(drafts: Desk, first: Review, at: AppTest) -> None:
    new(drafts, "oats")
    at.button(f"submit_{first.id}").click().run()
    assert heard(at) == "1 new"
