"""The form beside the queue is sent again: by a double click, from another tab, after going back. One decision each."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.conftest import Watched
from tests.browser.screens import at_desk, button, heading, known, new_review, open_review, press, row, settled, status
from tests.browser.servers import SECONDS, Server
from tests.support import wait_for

VERBS = ("review.approved", "review.edited", "review.rejected", "review.responded", "decision.refused")


@pytest.fixture
def two(desk: Desk) -> tuple[str, Review, Review]:
    """A word that only these two reviews have, the first of which is open at the desk."""
    word = f"once{uuid.uuid4().hex[:6]}"
    return word, new_review(desk, f"{word} one"), new_review(desk, f"{word} two")


def decisions(desk: Desk, review: Review) -> list[str]:
    """What the audit tells of it, without refusals of what was the same decision."""
    return [entry.action for entry in desk.ledger.audit.entries(review_id=review.id) if entry.action in VERBS]


def shown(page: Page, review: Review) -> None:
    """It is open beside the list, and its form can be sent."""
    expect(row(page, review).get_by_role("link")).to_have_attribute("aria-current", "true")
    expect(page.locator(f".st-key-submit_{review.id}").get_by_role("button")).to_be_visible()
    settled(page)


def begin(page: Page, server: Server, query: str, review: Review) -> None:
    """Somebody who is known opens the desk, where the review is beside the list."""
    known(page, server)
    at_desk(page, server, query)
    shown(page, review)


def half_a_double_click(page: Page, count: int) -> None:
    """The first or the second click of one that is so slow that much may happen between them."""
    page.mouse.down(click_count=count)
    page.mouse.up(click_count=count)


def approved_alone(desk: Desk, first: Review, second: Review) -> None:
    """The first was approved, once, and nothing was said of the second."""
    assert decisions(desk, first) == ["review.approved"]
    assert decisions(desk, second) == []


def resumed(desk: Desk, review: Review) -> None:
    wait_for(lambda: status(desk, review) == "resumed", "the resumed graph", SECONDS)


def test_a_double_click_decides_the_review_that_was_clicked_and_not_the_next(
    server: Server, desk: Desk, page: Page, two: tuple[str, Review, Review]
) -> None:
    word, first, second = two
    begin(page, server, f"search={word}", first)
    button(page, "Approve").dblclick(delay=20)
    resumed(desk, first)
    shown(page, second)
    approved_alone(desk, first, second)


def test_a_slow_double_click_does_not_decide_the_review_that_came_under_the_pointer(
    server: Server, desk: Desk, page: Page, two: tuple[str, Review, Review]
) -> None:
    word, first, second = two
    begin(page, server, f"search={word}", first)
    place = button(page, "Approve").bounding_box()
    assert place
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    half_a_double_click(page, 1)
    shown(page, second)
    half_a_double_click(page, 2)  # which the browser takes for one with the first
    resumed(desk, first)
    press(page, "Claim")  # what was clicked before it has been heard by then
    expect(page.get_by_text("You have claimed this review.")).to_be_visible()
    assert decisions(desk, second) == []
    press(page, "Approve")  # as ever, by a click of its own
    resumed(desk, second)


def test_a_second_tab_that_approves_as_well_is_told_of_the_one_decision(
    server: Server, desk: Desk, watched: Watched, two: tuple[str, Review, Review]
) -> None:
    word, first, _ = two
    here = watched.open(viewport={"width": 1280, "height": 900})
    there = here.context.new_page()
    for tab in (here, there):
        begin(tab, server, f"search={word}&review={first.id}", first)
    press(there, "Approve")
    resumed(desk, first)
    press(here, "Approve")
    expect(here.get_by_text("Ada was first").first).to_be_visible()
    assert decisions(desk, first).count("review.approved") == 1
    made = desk.review(first.id).decision
    assert made is not None
    assert made.reviewer == "Ada"


def test_after_the_back_button_there_is_nothing_to_send_again(
    server: Server, desk: Desk, page: Page, two: tuple[str, Review, Review]
) -> None:
    word, first, second = two
    begin(page, server, f"search={word}&review={first.id}", first)
    press(page, "Approve")
    shown(page, second)
    resumed(desk, first)
    open_review(page, server, second)  # another page altogether
    page.go_back()
    expect(heading(page, "Queue")).to_be_visible()
    shown(page, second)
    page.goto(f"{server.url}/?search={word}&review={first.id}")  # as the address was when the form was sent
    expect(page.get_by_text("Ada (not signed in) approved").first).to_be_visible()
    expect(page.locator(f".st-key-submit_{first.id}")).to_have_count(0)
    approved_alone(desk, first, second)
