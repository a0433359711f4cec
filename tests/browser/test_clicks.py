"""A click that leaves a field, as people's clicks do, is never lost: nothing moves under it when the field is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.conftest import Watched
from tests.browser.screens import button, open_review, press, settled
from tests.browser.servers import SECONDS, Server, server_of
from tests.support import ADA, pending, values, wait_for

# A dict for the schema, so that `interrupt` returns what was sent and not what a model makes of it.
TRIP = """
from pydantic import BaseModel, Field
class Trip(BaseModel):
    city: str
    nights: int = Field(ge=1)
    budget: float
    reviewer: str
    note: str = ""
def ask(state): return {"answer": interrupt({"title": "Plan the trip"}, response_schema=Trip.model_json_schema())}
graph = wire(ask)
"""
STOPS = """
def write(state): return {"log": ["write"]}
def publish(state): return {"log": [f"About {state['topic']}."]}
graph = wire(write, publish, interrupt_before=["publish"])
"""
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server_of(tmp_path_factory.mktemp("server"), {"trip": TRIP, "stops": STOPS}) as started:
        yield started


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, watched: Watched, server: Server) -> Page:
    """A page in either layout, of a person whose name is known."""
    opened = watched.open(viewport=SIZES[request.param])
    opened.context.add_cookies([{"name": "countersign_reviewer", "value": "Ada", "url": server.url}])
    return opened


def asked(desk: Desk, graph: str) -> Review:
    thread = desk.start(graph, {"topic": "rye"}, ADA)
    wait_for(lambda: desk.ledger.reviews.of_thread(thread.id, status=["pending"]), "the review", SECONDS)
    return pending(desk, thread.id)


def done(desk: Desk, review: Review) -> Any:
    """The state's values when the graph has finished."""
    wait_for(lambda: desk.thread(review.thread_id).status in ("done", "failed"), "the end of the run", SECONDS)
    assert desk.thread(review.thread_id).status == "done"
    return values(desk, review.thread_id)


def field(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stMain").get_by_label(label, exact=True)


def test_a_schema_without_a_verdict_is_answered_by_a_click_that_leaves_its_last_field(
    server: Server, desk: Desk, page: Page
) -> None:
    review = asked(desk, "trip")
    open_review(page, server, review)
    for label, text in (("City", "Ulm"), ("Nights", "2"), ("Budget", "99.5")):
        field(page, label).fill(text)
    field(page, "Note").press_sequentially("By train")
    settled(page)
    press(page, "Send the answer")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    answer = {"city": "Ulm", "nights": 2, "budget": 99.5, "reviewer": "Ada", "note": "By train"}
    assert json.dumps(done(desk, review)["answer"], sort_keys=True) == json.dumps(answer, sort_keys=True)


def test_the_state_is_edited_at_a_breakpoint_by_a_click_that_leaves_its_field(
    server: Server, desk: Desk, page: Page
) -> None:
    review = asked(desk, "stops")
    open_review(page, server, review)
    settled(page)
    page.get_by_test_id("stMain").get_by_text("Edit the state first", exact=True).click(delay=80)
    field(page, "Topic").fill("oats")
    press(page, "Preview the change")
    press(page, "Change the state")
    page.get_by_role("link", name="Asked anew after the state was edited").click(delay=80)
    # The other review is on screen, and whole: while a page is first drawn, its parts still find their places.
    expect(page.get_by_role("link", name="the earlier review")).to_be_visible()
    settled(page)
    press(page, "Continue")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    assert done(desk, review)["log"] == ["write", "About oats."]
    assert desk.review(review.id).status == "superseded"
    # It is the other one that was continued, and that stays on screen.
    (anew,) = desk.ledger.reviews.of_thread(review.thread_id, status=["resumed"])
    expect(page).to_have_url(re.compile(anew.id))
    expect(page.get_by_text("continued", exact=False).first).to_be_visible()


def test_a_refusal_stays_in_its_place_until_the_click_that_answers_it(server: Server, desk: Desk, page: Page) -> None:
    review = asked(desk, "trip")
    open_review(page, server, review)
    settled(page)
    press(page, "Send the answer")
    expect(page.get_by_text("This does not fit yet.").first).to_be_visible()
    for label, text in (("City", "Ulm"), ("Nights", "2"), ("Budget", "99.5")):
        field(page, label).fill(text)
    settled(page)
    before = button(page, "Send the answer").bounding_box()
    field(page, "Budget").press("Tab")
    settled(page)
    assert button(page, "Send the answer").bounding_box() == before
    press(page, "Send the answer")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    expect(page.get_by_text("This does not fit yet.")).to_have_count(0)
    assert done(desk, review)["answer"]["budget"] == 99.5
