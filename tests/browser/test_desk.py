"""The desk by its keys alone: fifty reviews of one kind; what is typed is text."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.kinds import BRIEF, DRAFT, PHRASE, waiting
from tests.browser.screens import at_desk, on_screen, write
from tests.browser.servers import SECONDS, Server, server_of
from tests.support import values, wait_for

VERBS = {"review.approved", "review.edited", "review.rejected", "review.responded"}
WALK = {3: "n", 6: "j", 8: "k", 9: "n"}
Said = tuple[str, str, str]  # what the graph was told: the decision, the content, the message


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for this module, with a graph that asks about drafts."""
    with server_of(tmp_path_factory.mktemp("server"), {"fifty": DRAFT}) as started:
        yield started


def decided(desk: Desk, review: Review) -> list[str]:
    """The decisions on it that the audit tells of."""
    return [entry.action for entry in desk.ledger.audit.entries(review_id=review.id) if entry.action in VERBS]


def test_fifty_reviews_are_decided_without_a_mouse(server: Server, desk: Desk, page: Page) -> None:
    word = f"bread{uuid.uuid4().hex[:6]}"
    reviews = {each.id: each for each in waiting(desk, "fifty", [f"{word} {n:02}" for n in range(50)])}
    at_desk(page, server, f"graph=fifty&search={word}")
    here, said = on_screen(page), dict[str, Said]()
    page.keyboard.press("a")
    expect(page.get_by_test_id("stMain").get_by_role("textbox", name="Your name", exact=True)).to_be_focused()
    write(page, "Ada")
    page.keyboard.press("Control+Enter")
    said[here] = ("approve", str(reviews[here].request.subject), "")
    for turn in itertools.count():
        here = on_screen(page, here)
        if turn % 10 in WALK and len(said) < 45:
            here = _walk(page, here, WALK[turn % 10], len(reviews) - len(said))
        assert here not in said
        said[here] = _decide(page, reviews[here], turn % 5)
        if len(said) == len(reviews):
            break
    for review in reviews.values():
        wait_for(lambda id=review.id: desk.review(id).status == "resumed", "the resumed graph", SECONDS)  # type: ignore[misc]
        assert tuple(values(desk, review.thread_id)["answer"]) == said[review.id]
        made = desk.review(review.id).decision
        assert made is not None
        assert (made.type, made.reviewer) == (said[review.id][0], "Ada")
        assert len(decided(desk, review)) == 1


def _walk(page: Page, here: str, key: str, left: int) -> str:
    """To another review by this key, with nothing decided on the one before; returns which one is open then."""
    rows = page.locator("ol[aria-label='Pending reviews'] li")
    expect(rows).to_have_count(left)
    ids = rows.evaluate_all("all => all.map(each => each.dataset.id)")
    there = str(ids[(ids.index(here) + (-1 if key == "k" else 1)) % len(ids)])
    if (key, there) in (("k", ids[-1]), ("j", ids[0])):  # these end where the list ends
        return here
    page.keyboard.press(key)
    assert on_screen(page, here) == there
    return there


def _decide(page: Page, review: Review, what: int) -> Said:
    """One of the four decisions, by keys; returns what the graph has to be told."""
    subject = str(review.request.subject)
    if what == 1:
        page.keyboard.press("x")
        write(page, BRIEF)
        page.keyboard.press("Control+Enter")
        return "reject", subject, BRIEF
    if what == 2:
        page.keyboard.press("e")
        write(page, PHRASE)
        page.keyboard.press("Control+Enter")
        return "edit", f"{subject}{PHRASE}", ""
    if what == 3:
        page.keyboard.press("q")
        write(page, BRIEF)
        page.keyboard.press("Control+Enter")
        return "respond", subject, BRIEF
    page.keyboard.press("a")
    return "approve", subject, ""
