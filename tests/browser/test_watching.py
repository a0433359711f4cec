"""A run that is watched in the browser: words as a model writes them, steps as they come, and the word at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.conftest import Serve
from tests.browser.screens import at_desk, choose, known, open_review, step
from tests.browser.servers import SECONDS, Server
from tests.openai_server import OpenAIServer, Paused, openai_server
from tests.support import ADA, pending, wait_for

BRIEF = {"topic": "Rye bread", "audience": "bakers", "tone": "plain", "length": 120}
FROM_THE_END = "box => box.scrollHeight - box.scrollTop - box.clientHeight"


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with openai_server() as server:
        yield server


def writing(page: Page, node: str) -> Locator:
    """The box with what a node's model is writing."""
    return page.get_by_role("region", name=f"What {node} writes")


def waiting(desk: Desk, thread_id: str) -> Review:
    wait_for(lambda: desk.ledger.reviews.of_thread(thread_id, status=["pending"]), "the review", SECONDS)
    return pending(desk, thread_id)


def test_words_are_seen_before_their_step_ends_and_the_end_has_a_word(
    serve: Serve, page: Page, beside: Callable[[Server], Desk], model: OpenAIServer
) -> None:
    server = serve(OPENAI_BASE_URL=model.url, REVIEW_POLL_SECONDS="0.1")
    desk = beside(server)
    first = Paused(("# Rye bread\n\nMix <b>and</b> wait", ", then bake."))
    model.script(first)
    thread = desk.start("editorial", BRIEF, ADA)
    page.goto(f"{server.url}/start?thread={thread.id}")
    expect(writing(page, "write")).to_have_text("# Rye bread\n\nMix <b>and</b> wait", use_inner_text=True)
    expect(page.get_by_text("write is at work").first).to_be_visible()
    expect(step(page, "write")).to_have_count(0)
    first.go_on()
    expect(step(page, "write")).to_be_visible()
    expect(writing(page, "write")).to_have_count(0)
    expect(page.get_by_text("The graph asks.")).to_be_attached()

    second = Paused(("# Rye bread\n\nMix, knead", " and wait, then bake."))
    model.script(second)
    review = waiting(desk, thread.id)
    known(page, server)
    at_desk(page, server)
    choose(page, "Ask for changes")
    page.get_by_role("textbox", name="Which changes you ask for").fill("Say that one kneads.")
    page.locator(f".st-key-submit_{review.id}").get_by_role("button").click(
        delay=80
    )  # and the run stays beside the list
    expect(writing(page, "revise")).to_have_text("# Rye bread\n\nMix, knead", use_inner_text=True)
    expect(step(page, "review")).to_be_visible()
    expect(step(page, "revise")).to_have_count(0)
    second.go_on()
    expect(step(page, "revise")).to_be_visible()
    expect(page.get_by_text("Asks again").first).to_be_visible()
    expect(writing(page, "revise")).to_have_count(0)

    review = waiting(desk, thread.id)
    desk.decide(review.id, "approve", ADA)
    open_review(page, server, review)
    expect(page.get_by_text(re.compile("Published as .*published/rye-bread-")).first).to_be_visible()


def test_who_has_scrolled_back_is_not_pulled_to_the_end(
    serve: Serve, page: Page, beside: Callable[[Server], Desk], model: OpenAIServer
) -> None:
    server = serve(OPENAI_BASE_URL=model.url, REVIEW_POLL_SECONDS="0.1")
    lines = "\n\n".join(f"Line {n}." for n in range(60))
    text = Paused((lines, "\n\nSeen.", "\n\nUnseen.", "\n\nDone."))
    model.script(text)
    thread = beside(server).start("editorial", BRIEF, ADA)
    page.goto(f"{server.url}/start?thread={thread.id}")
    box = writing(page, "write")
    expect(box).to_contain_text("Line 59.")
    text.go_on()
    expect(box).to_contain_text("Seen.")
    wait_for(lambda: box.evaluate(FROM_THE_END) < 2, "the end of the text", SECONDS)
    box.focus()
    page.keyboard.press("Home")
    wait_for(lambda: box.evaluate("box => box.scrollTop") == 0, "the beginning of the text", SECONDS)
    text.go_on()
    expect(box).to_contain_text("Unseen.")
    assert box.evaluate("box => box.scrollTop") == 0
    assert box.evaluate("box => box.getRootNode().activeElement === box")
    text.go_on()
    expect(step(page, "write")).to_be_visible()
