"""Every page, in every state that matters, has nothing that axe-core finds."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.axe import DESK, PHONE, Audit
from tests.browser.conftest import Watched
from tests.browser.screens import at_desk, button, choose, editor, give_name, heading, known, open_review, press
from tests.browser.servers import SECONDS, Server
from tests.support import ADA, pending, wait_for

REVISED = "Draft: How we moved payroll to a four-day close"
BRIEF = {"topic": "Rye bread", "audience": "bakers", "tone": "plain", "length": 120}
ROWS = b"topic,audience,tone,length\nRye bread,bakers,plain,120\n,nobody,loud,1\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for this module, with its examples; each test leaves them as it found them."""
    settings = {"REVIEW_EXAMPLES": "true", "REVIEW_UNDO_SECONDS": "900", "REVIEW_POLL_SECONDS": "0.5"}
    started = Server(tmp_path_factory.mktemp("server"), settings).wait_until_up()
    yield started
    started.end()


@pytest.fixture(autouse=True)
def _as_it_was(desk: Desk) -> Iterator[None]:
    """What a test decided, and did not come to take back, is taken back: the next one finds it waiting."""
    yield
    for review in desk.ledger.reviews.page(limit=100, status=["decided"]):
        desk.undo(review.id, ADA)


@pytest.fixture
def audit() -> Iterator[Audit]:
    """Told at the end, all at once."""
    audit = Audit()
    yield audit
    assert not audit.found, audit.told()


@pytest.fixture
def page(watched: Watched) -> Page:
    """A page of a browser that prefers less motion: a colour that is on its way is neither of two."""
    return watched.open(viewport=DESK, color_scheme="light", reduced_motion="reduce")


def example(desk: Desk, title: str) -> Review:
    """The example review of that title that waits."""

    def found() -> list[Review]:
        return [each for each in desk.ledger.reviews.page(limit=100) if each.title.startswith(title)]

    return wait_for(found, "the example reviews", SECONDS)[0]


def popover(page: Page, label: str) -> None:
    page.get_by_test_id("stPopover").get_by_role("button", name=label).filter(visible=True).click(delay=80)
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def leave(page: Page, role: str) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role(role).filter(visible=True)).to_have_count(0)  # type: ignore[arg-type]


def test_the_desk(server: Server, desk: Desk, page: Page, audit: Audit) -> None:
    example(desk, REVISED)
    at_desk(page, server)
    expect(button(page, "Skip the tour")).to_be_visible()
    audit.look(page, "the first visit, with the tour")
    press(page, "Skip the tour")
    for label in ("Filters", "Views", "Who is reviewing?"):
        popover(page, label)
        audit.look(page, f"the popover {label}", sizes=[DESK] if label == "Views" else [DESK, PHONE])
        leave(page, "dialog")
    page.get_by_test_id("stSelectbox").filter(visible=True).first.click()
    expect(region(page, "Choices").get_by_role("listbox")).to_be_visible()
    audit.look(page, "the order's list", sizes=[DESK])
    leave(page, "listbox")
    press(page, "Keys")
    expect(heading(page, "Keys")).to_be_visible()
    audit.look(page, "the list of the keys")
    leave(page, "dialog")
    choose(page, "Edit")
    editor(page).press("Control+End")
    editor(page).press_sequentially("\n\nOne more paragraph.")
    expect(page.get_by_text(re.compile("^Not saved")).first).to_be_visible()
    audit.look(page, "edit mode, with no name given")
    give_name(page, "Ada")
    expect(page.get_by_text(re.compile("^Saved")).first).to_be_visible()
    at_desk(page, server, f"edit=1&review={example(desk, REVISED).id}")
    expect(editor(page)).to_be_visible()
    audit.look(page, "edit mode of a revised draft that was chosen")
    page.set_viewport_size(PHONE)
    popover(page, "More")
    audit.look(page, "the thumb's menu", sizes=[PHONE])


def test_several_at_once(server: Server, desk: Desk, page: Page, audit: Audit) -> None:
    boxes = [example(desk, title) for title in ("Delete user", "Draft: Autumn")]
    at_desk(page, server)
    for review in boxes:
        page.locator(f"li[data-id='{review.id}'] input").check()
    expect(page.get_by_text("2 selected")).to_be_visible()
    press(page, "Assign…")
    expect(page.get_by_role("dialog", name="Assign several")).to_be_visible()
    audit.look(page, "two that are selected, and the dialog to assign them")
    leave(page, "dialog")
    press(page, "Approve…")
    dialog = page.get_by_role("dialog", name="Decide several")
    dialog.get_by_role("textbox", name="Your name").fill("Ada")
    dialog.get_by_role("textbox", name="Your name").press("Tab")
    expect(dialog.get_by_text("1 of 2 would be decided")).to_be_visible()
    audit.look(page, "the preview of a decision on several")
    press(page, "Approve 1")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("1 decided, 1 not")).to_be_visible()
    audit.look(page, "what came of it")
    press(page, "Undo all")
    expect(page.get_by_text("1 decision is undone.")).to_be_visible()
    audit.look(page, "a notice")


def test_what_is_decided(server: Server, desk: Desk, page: Page, audit: Audit) -> None:
    known(page, server)
    chosen = example(desk, "Delete user")
    at_desk(page, server, f"review={chosen.id}")
    expect(heading(page, chosen.title)).to_be_visible()
    page.get_by_role("radio", name="Approve").click()
    confirms = page.get_by_role("textbox", name="Type delete_user to confirm", exact=True)
    confirms.fill("delete_user")
    audit.look(page, "what is critical, and its confirmation")
    confirms.press("Tab")
    button(page, "Approve").filter(visible=True).first.click(delay=80)
    expect(page.get_by_text("Just decided")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="The next review is open.")).to_have_count(1)
    audit.look(page, "the tray")
    page.locator(f".st-key-watch_{chosen.id} button").filter(visible=True).click(delay=80)
    expect(heading(page, "What was asked")).to_be_visible()
    audit.look(page, "a decision that can be undone")
    button(page, "Undo").first.click(delay=80)
    expect(button(page, "Dismiss")).to_be_visible()
    thread = desk.start("editorial", BRIEF, ADA)
    wait_for(lambda: desk.ledger.reviews.of_thread(thread.id, status=["pending"]), "the review", SECONDS)
    review = pending(desk, thread.id)
    desk.decide(review.id, "approve", ADA, undo_seconds=0)
    wait_for(lambda: desk.review(review.id).status == "resumed", "the end of the run", SECONDS)
    open_review(page, server, review)
    expect(page.get_by_text("Published").first).to_be_visible()
    audit.look(page, "a run that has ended")
    at_desk(page, server, "tab=decided")
    expect(page.get_by_text("newest first")).to_be_visible()
    audit.look(page, "the decided ones")
    at_desk(page, server, "search=nothingisfound")
    expect(page.get_by_role("list", name="Pending reviews")).to_have_count(0)
    audit.look(page, "an empty list")


def test_other_kinds_alone(server: Server, desk: Desk, page: Page, audit: Audit) -> None:
    for title, kind in (("Contacts to import", ""), ("2 actions", "Edit"), ("Breakpoint", "")):
        open_review(page, server, example(desk, title))
        if kind:
            page.get_by_role("radio", name=kind).first.click()
        page.get_by_text("Notes").click()
        page.locator(".st-key-submit_wide button").click(delay=80)
        expect(button(page, "Dismiss")).to_be_visible()
        audit.look(page, f"{title}, alone, and why it is not decided")
    page.goto(f"{server.url}/review?review=missing")
    expect(page.get_by_role("alert")).to_be_visible()
    audit.look(page, "a review that there is not")
    page.goto(f"{server.url}/threads?thread=missing")
    expect(page.get_by_role("alert")).to_be_visible()
    audit.look(page, "a thread that there is not")
    page.set_viewport_size(PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_role("link", name="Insights").filter(visible=True)).to_be_visible()
    audit.look(page, "the pages, on a telephone", sizes=[PHONE])


def test_a_page_that_there_is_not(server: Server, page: Page, audit: Audit, watched: Watched) -> None:
    page.goto(f"{server.url}/nowhere")
    expect(page.get_by_role("dialog").get_by_text("Page not found")).to_be_visible()
    audit.look(page, "a page that there is not", sizes=[DESK])
    watched.broken.clear()  # Streamlit says so in the console, too


def test_a_thread(server: Server, desk: Desk, page: Page, audit: Audit) -> None:
    known(page, server)
    page.goto(f"{server.url}/threads?thread={example(desk, REVISED).thread_id}")
    page.get_by_text("Compare the revisions").click()
    page.get_by_text("The state of the thread").click()
    page.get_by_test_id("stExpander").filter(has_text="write").first.click()
    page.get_by_role("tab", name="Before and after").click()
    audit.look(page, "a thread, unfolded")
    button(page, "What if").nth(1).click(delay=80)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    audit.look(page, "what if, another decision")
    dialog.get_by_role("radio", name="Another state").click()
    dialog.get_by_role("textbox", name="Topic").fill("Payroll, twice")
    dialog.get_by_role("textbox", name="Topic").press("Tab")
    expect(region(page, "Help").get_by_role("tooltip")).to_be_visible()
    audit.look(page, "what if, another state, and the help of a field")
    press(page, "Preview the change")
    expect(button(page, "Begin the new thread")).to_be_visible()
    audit.look(page, "what if, the preview")
    press(page, "Begin the new thread")
    page.get_by_role("link", name="Side by side").click()
    expect(heading(page, "How their states differ")).to_be_visible()
    audit.look(page, "two branches side by side")


def test_the_other_pages(server: Server, desk: Desk, page: Page, audit: Audit) -> None:
    known(page, server)
    page.goto(f"{server.url}/start")
    page.get_by_role("textbox", name="Topic").fill("A")
    press(page, "Start")
    page.get_by_text("Start many, from").click()
    page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": ROWS})
    expect(page.get_by_text("1 of 2 rows fit")).to_be_visible()
    expect(page.get_by_role("group", name="The file").get_by_role("button", name="Add files")).to_be_visible()
    audit.look(page, "start, one and many")
    page.goto(f"{server.url}/threads")
    expect(page.get_by_role("list", name="Threads")).to_be_visible()
    audit.look(page, "all threads")
    page.goto(f"{server.url}/history")
    expect(page.get_by_text("newest first")).to_be_visible()
    page.get_by_test_id("stMultiSelect").get_by_role("combobox").click()
    expect(region(page, "Choices").get_by_role("listbox")).to_be_visible()
    audit.look(page, "the history, and the list of the actions")
    page.goto(f"{server.url}/insights")
    expect(page.get_by_text("examples are left out")).to_be_visible()
    audit.look(page, "insights")
    for tab in page.get_by_role("tab", name="Table").all():
        tab.click()
    audit.look(page, "insights as tables", sizes=[DESK])
    page.goto(f"{server.url}/doctor")
    expect(button(page, "Read again")).to_be_visible()
    audit.look(page, "the doctor")
