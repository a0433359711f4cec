"""Keys beside those that decide: select, search, claim, stay, undo, apply."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from review.desk import Desk, open_desk
from review.model import Review
from review.settings import Settings
from tests.browser.conftest import Serve
from tests.browser.kinds import DRAFT
from tests.browser.screens import at_desk, button, editor, known, on_screen, row, settled, status, write
from tests.browser.servers import SECONDS
from tests.pages.screens import decision
from tests.support import begin, pending, wait_for, write_graphs

ANSWER = """
KINDS = ["respond", "approve", "ignore"]
WORDS = {"decision": {"enum": [*KINDS, "reject"]}, "message": {"type": "string"}}
def ask(state):
    payload = {"title": "A draft", "content": "It rises.", "allowed_decisions": KINDS}
    schema = {"type": "object", "properties": WORDS, "required": ["decision"]}
    return {"answer": interrupt(payload, response_schema=schema)["decision"]}
graph = wire(ask)
"""
Drafts = Callable[..., tuple[Desk, list[Review]]]
# The page has heard what is chosen, so that the next press of the letter sends it.
SENDS = """all => all.some(({ keys }) =>
  keys?.all.some(({ action, mark }) => action === "approve" && mark && !mark.clicks))"""


@pytest.fixture
def drafts(serve: Serve, page: Page, tmp_path: Path) -> Iterator[Drafts]:
    """Puts a draft of each topic on a desk with much time for undo, and the first of them on screen."""
    registry = write_graphs(tmp_path / "graphs", draft=DRAFT)
    desk = open_desk(Settings(data_dir=tmp_path / "data", graphs=registry))

    def put(*topics: str) -> tuple[Desk, list[Review]]:
        found = [pending(desk, begin(desk, "draft", {"topic": topic}).id) for topic in topics]
        server = serve(REVIEW_GRAPHS=str(registry), REVIEW_UNDO_SECONDS="900")
        known(page, server)
        at_desk(page, server)
        assert on_screen(page) == found[0].id
        return desk, found

    yield put
    desk.close()


def test_everything_beside_the_decision_has_a_key(drafts: Drafts, page: Page) -> None:
    desk, (one, two) = drafts("rye", "oats")

    page.keyboard.press("s")
    expect(row(page, one)).to_have_class(re.compile("picked"))
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("1 selected")).to_have_count(0)

    search = page.get_by_role("textbox", name="Search")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("ms")
    expect(search).to_have_value("ms")  # typed, and nothing is claimed or selected by it
    search.fill("")
    expect(row(page, two)).to_be_visible()
    search.press("Escape")

    page.keyboard.press("m")
    expect(page.get_by_text("You have claimed this review.")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_text("Nobody has claimed this review.")).to_be_visible()

    stay = page.get_by_role("switch", name="Stay and watch the run").or_(page.get_by_label("Stay and watch the run"))
    page.keyboard.press("w")
    expect(stay.first).to_be_checked()
    page.keyboard.press("a")
    expect(page.get_by_text("Applied in")).to_be_visible()
    assert status(desk, one) == "decided"
    expect(page.locator("button[aria-keyshortcuts='U']")).to_be_visible()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.locator(".now").get_by_text("Undo the last decision")).to_be_visible()
    expect(keys.locator(".later").get_by_text("Reject")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.get_by_text("Your decision is undone.")).to_be_visible()
    assert status(desk, one) == "pending"

    assert on_screen(page) == one.id
    page.keyboard.press("w")
    expect(stay.first).not_to_be_checked()
    page.keyboard.press("a")
    assert on_screen(page, one.id) == two.id
    expect(page.get_by_text("Just decided")).to_be_visible()
    settled(page)
    page.keyboard.press("Control+Enter")  # out of habit, for the one that A has approved by itself
    expect(page.get_by_text("That was not sent")).to_be_visible()
    assert status(desk, two) == "pending"
    expect(page.locator("button[aria-keyshortcuts='P']")).to_be_visible()
    page.keyboard.press("p")
    wait_for(lambda: status(desk, one) == "resumed", "what was applied at once", SECONDS)


def test_a_switch_that_is_still_to_come_is_waited_for(drafts: Drafts, page: Page) -> None:
    drafts("rye")
    stay = page.get_by_role("switch", name="Stay and watch the run")
    page.evaluate("document.querySelector('.st-key-stay_and_watch').style.display = 'none'")
    expect(stay).not_to_be_visible()
    page.keyboard.press("w")
    page.evaluate("document.querySelector('.st-key-stay_and_watch').style.display = ''")
    expect(stay).to_be_checked()


def test_the_list_tells_which_keys_do_something_on_this_review_and_the_others_do_nothing(
    serve: Serve, page: Page, tmp_path: Path
) -> None:
    registry = write_graphs(tmp_path / "graphs", answer=ANSWER)
    desk = open_desk(Settings(data_dir=tmp_path / "data", graphs=registry))
    review, other = (pending(desk, begin(desk, "answer").id) for _ in range(2))
    server = serve(REVIEW_GRAPHS=str(registry))
    known(page, server)
    at_desk(page, server)
    assert on_screen(page) == review.id
    # The code of the choice comes late, and a key without its button is told of as one that does nothing.
    expect(page.get_by_test_id("stButtonGroup").get_by_role("radio", name="Approve")).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keys")
    expect(listed.locator(".now").get_by_text("Ask for changes, or answer")).to_be_visible()
    expect(listed.locator(".now").get_by_text("Approve")).to_be_visible()
    expect(listed.locator(".now").get_by_text("Ignore")).to_be_visible()
    expect(listed.locator(".later").get_by_text("Reject")).to_be_visible()
    expect(listed.locator(".later").get_by_text("Edit", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("a")  # which is not offered first, so that it is chosen by one press and sent by the next
    expect(button(page, "Approve")).to_be_visible()
    wait_for(lambda: page.locator(".keys").evaluate_all(SENDS), "the key that sends", SECONDS)
    page.keyboard.press("a")
    wait_for(lambda: status(desk, review) != "pending", "the approval", SECONDS)
    assert decision(desk, review) == ("approve", "Ada", False)

    assert on_screen(page, review.id) == other.id
    ignore = page.get_by_test_id("stButtonGroup").get_by_role("radio", name="Ignore")
    expect(ignore).to_be_visible()
    page.keyboard.press("i")  # which is chosen by it, and sent by the key that submits
    expect(ignore).to_be_checked()
    expect(page.locator(f".st-key-submit_{other.id}").get_by_role("button", name="Ignore")).to_be_visible()
    settled(page)
    assert status(desk, other) == "pending"
    page.keyboard.press("Control+Enter")
    wait_for(lambda: decision(desk, other) == ("ignore", "Ada", False), "the ignored review", SECONDS)
    desk.close()


def test_undo_is_for_all_that_were_decided_together_and_the_next_one_opens(drafts: Drafts, page: Page) -> None:
    desk, (one, two, three) = drafts("rye", "oats", "spelt")
    page.keyboard.press("s")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("j")
    assert on_screen(page, one.id) == two.id
    page.keyboard.press("s")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Approve…").click(delay=80)
    page.get_by_role("button", name="Approve 2").click(delay=80)
    expect(page.get_by_text("2 decided")).to_be_visible()
    assert on_screen(page, two.id) == three.id

    page.get_by_role("radio", name="Decided").click(delay=80)
    row(page, two).get_by_role("link").click(delay=80)  # one of them, looked at again
    assert on_screen(page, three.id) == two.id
    expect(page.locator(".st-key-undo_batch button[aria-keyshortcuts='U']")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("2 decisions are undone.")).to_be_visible()
    assert [status(desk, each) for each in (one, two, three)] == ["pending"] * 3


def test_escape_leaves_the_editor_and_not_the_review(drafts: Drafts, page: Page) -> None:
    _, (one, two) = drafts("rye", "oats")
    page.keyboard.press("j")
    assert on_screen(page, one.id) == two.id
    page.keyboard.press("e")
    write(page, " More.")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(editor(page)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(two.id))
    assert on_screen(page) == two.id
    page.keyboard.press("e")
    expect(editor(page)).to_have_value(re.compile(r"More\.$"))


def test_the_first_line_of_a_long_draft_is_not_left_under_the_bar_at_the_top(drafts: Drafts, page: Page) -> None:
    drafts("rye")
    page.keyboard.press("e")
    editor(page).fill("\n".join(f"Line {n}." for n in range(60)))
    page.set_viewport_size({"width": 1280, "height": 500})
    editor(page).press("Control+End")
    main = page.get_by_test_id("stMain")
    main.evaluate("it => it.scrollTo(0, it.scrollHeight)")
    wait_for(lambda: main.evaluate("it => it.scrollTop") > 250, "the foot of the page", SECONDS)
    editor(page).press("Control+Home")
    bar = page.get_by_test_id("stHeader").bounding_box()
    assert bar
    wait_for(lambda: first_line(page) >= bar["y"] + bar["height"], "its first line below the bar", SECONDS)


def first_line(page: Page) -> float:
    """Where it begins, in the window."""
    return float(editor(page).evaluate(FIRST_LINE))


FIRST_LINE = "it => it.getBoundingClientRect().top + parseFloat(getComputedStyle(it).paddingTop) - it.scrollTop"


def test_what_is_critical_is_approved_by_key_and_word(serve: Serve, page: Page, tmp_path: Path) -> None:
    registry = write_graphs(tmp_path / "graphs", draft=DRAFT)
    policy = {"draft": {"critical": True}}
    desk = open_desk(Settings(data_dir=tmp_path / "data", graphs=registry, policy=policy))
    review, other = (pending(desk, begin(desk, "draft", {"topic": topic}).id) for topic in ("rye", "oats"))
    server = serve(REVIEW_GRAPHS=str(registry), REVIEW_POLICY=json.dumps(policy))
    known(page, server)
    at_desk(page, server)
    assert on_screen(page) == review.id
    page.keyboard.press("a")
    page.keyboard.type("draft")  # at once: none of its letters is a key
    word = page.get_by_role("textbox", name="Type draft to confirm")
    expect(word).to_have_value("draft")
    expect(word).to_be_focused()
    assert status(desk, review) == "pending"
    page.keyboard.press("Control+Enter")
    wait_for(lambda: decision(desk, review) == ("approve", "Ada", False), "the approval", SECONDS)
    assert on_screen(page, review.id) == other.id
    assert status(desk, other) == "pending"
    desk.close()
