"""A form of each dialect, filled in a browser as a person does, and what the graph received of it, type for type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.form_graphs import GRAPHS
from tests.browser.screens import choose, give_name, open_review, press, rewrite
from tests.browser.servers import SECONDS, Server, server_of
from tests.support import ADA, actions, pending, values, wait_for


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for this module, with a graph of each dialect."""
    with server_of(tmp_path_factory.mktemp("server"), GRAPHS) as started:
        yield started


def asked(desk: Desk, graph: str, given: Any = None) -> Review:
    """A thread of the graph that the server runs until it waits."""
    thread = desk.start(graph, given or {"topic": "a form"}, ADA)
    wait_for(lambda: desk.ledger.reviews.of_thread(thread.id, status=["pending"]), "the review", SECONDS)
    return pending(desk, thread.id)


def done(desk: Desk, review: Review) -> Any:
    """The state's values when the graph has finished."""
    wait_for(lambda: desk.thread(review.thread_id).status in ("done", "failed"), "the end of the run", SECONDS)
    assert desk.thread(review.thread_id).status == "done"
    return values(desk, review.thread_id)


def received(desk: Desk, review: Review) -> str:
    """What `interrupt` returned, as JSON, in which 1 and 1.0 differ."""
    return exact(done(desk, review)["answer"])


def exact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, indent=1)


def field(page: Page, label: str) -> Locator:
    """The widget's own input."""
    return page.get_by_test_id("stMain").get_by_label(label, exact=True)


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it."""
    box = field(page, label)
    box.fill(text)
    box.press("Tab")
    expect(box).to_have_value(text)


def fill_date(page: Page, label: str, *parts: int) -> None:
    """Type year, month and day, each into its own part of the field."""
    group = page.get_by_test_id("stMain").get_by_role("group", name=label, exact=True)
    for place, number in enumerate(parts):
        part = group.get_by_role("spinbutton").nth(place)
        part.focus()
        part.press_sequentially(f"{number:02}")
        expect(part).to_have_attribute("aria-valuenow", str(number))
    calendar = page.get_by_test_id("stDateInputCalendar")
    expect(calendar).to_be_visible()
    page.keyboard.press("Escape")
    expect(calendar).to_have_count(0)


def switch(page: Page, label: str) -> None:
    page.get_by_test_id("stMain").get_by_text(label, exact=True).click(delay=80)


def pick(page: Page, label: str, option: str) -> None:
    """Open the list of a select box and choose from it."""
    field(page, label).click(delay=80)
    page.get_by_role("option", name=option, exact=True).click(delay=80)


def fill_cell(page: Page, column: int, row: int, text: str) -> None:
    """Type over a cell of the table, by the keyboard; columns count from 1, rows from 0."""
    cell = page.get_by_test_id("stDataFrame").get_by_test_id(f"glide-cell-{column}-{row}")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def select() -> bool:
        cell.focus()
        return cell.get_attribute("aria-selected") == "true"

    wait_for(select, "the selected cell", SECONDS)
    page.keyboard.press("Enter")
    typed = page.locator("#portal .gdg-input")
    expect(typed).to_be_focused()
    typed.fill(text)
    typed.press("Enter")
    expect(typed).to_have_count(0)
    expect(cell).to_have_text(text)


def test_a_typed_form_with_a_verdict_sends_each_field_with_its_type(server: Server, desk: Desk, page: Page) -> None:
    review = asked(desk, "expense")
    open_review(page, server, review)
    choose(page, "Edit")
    fill_cell(page, 3, 1, "12")  # behind the numbers of the rows and the items
    fill(page, "Purpose", "Dinner with the auditors")
    fill(page, "Amount", "99.5")
    fill(page, "Guests (optional)", "3")
    pick(page, "Category", "meals")
    fill_date(page, "Spent On", 2026, 3, 4)
    switch(page, "Billable")
    fill(page, "Zip", "89075")
    give_name(page, "Ada")
    press(page, "Approve with my edits")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    assert received(desk, review) == exact(
        {
            "verdict": "approve",
            "comment": "",
            "reviewer": "Ada",
            "purpose": "Dinner with the auditors",
            "amount": 99.5,
            "guests": 3,
            "category": "meals",
            "spent_on": "2026-03-04",
            "billable": True,
            "address": {"city": "Ulm", "zip": 89075},
            "lines": [{"item": "soup", "count": 2, "price": 7.5}, {"item": "tart", "count": 12, "price": 4.0}],
        }
    )


def test_two_actions_get_a_decision_each(server: Server, desk: Desk, page: Page) -> None:
    review = asked(desk, "batched")
    open_review(page, server, review)
    pay, mail = (
        page.get_by_test_id("stButtonGroup").filter(has_text=f"Decision on {name}") for name in ("pay", "mail")
    )
    pay.get_by_text("Edit", exact=True).click(delay=80)
    fill(page, "amount", "41.5")
    give_name(page, "Ada")
    press(page, "Submit 2 decisions")
    expect(page.get_by_text("Decide on every action first: 2. mail is still open.")).to_be_visible()
    mail.get_by_text("Reject", exact=True).click(delay=80)
    fill(page, "Why it is rejected (optional)", "Call her instead.")
    press(page, "Submit 2 decisions")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    edited = {"name": "pay", "args": {"to": "Ada", "amount": 41.5, "times": 1}}
    decisions = [{"type": "edit", "edited_action": edited}, {"type": "reject", "message": "Call her instead."}]
    assert received(desk, review) == exact({"decisions": decisions})


def test_a_single_tool_call_runs_with_the_edited_arguments(server: Server, desk: Desk, page: Page) -> None:
    review = asked(desk, "agent", {"messages": [{"role": "user", "content": "Pay her."}]})
    assert review.dialect == "per_call"
    open_review(page, server, review)
    choose(page, "Edit")
    fill(page, "Amount", "50")
    fill(page, "Times", "2")
    give_name(page, "Ada")
    press(page, "Approve with my edits")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    (result,) = [message.content for message in done(desk, review)["messages"] if message.type == "tool"]
    assert result.endswith('["Ada", 50.0, 2]')
    made = desk.review(review.id).decision
    assert made is not None
    edited = {"name": "pay", "args": {"to": "Ada", "amount": 50.0, "times": 2}}
    assert exact(made.resume_value) == exact({"type": "edit", "edited_action": edited})


def test_an_action_of_agent_inbox_keeps_the_types_of_its_arguments(server: Server, desk: Desk, page: Page) -> None:
    review = asked(desk, "inbox")
    assert review.dialect == "agent_inbox"
    open_review(page, server, review)
    choose(page, "Edit")
    fill(page, "room", "Red")
    fill(page, "seats", "6")
    switch(page, "quiet")
    give_name(page, "Ada")
    press(page, "Approve with my edits")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    args = {"room": "Red", "seats": 6, "hours": 1.0, "quiet": True}
    assert received(desk, review) == exact([{"type": "edit", "args": {"action": "book", "args": args}}])


def test_a_draft_goes_back_as_it_was_edited(server: Server, desk: Desk, page: Page) -> None:
    review = asked(desk, "draft")
    open_review(page, server, review)
    choose(page, "Edit")
    rewrite(page, "# Rye\n\nBake it twice.")
    give_name(page, "Ada")
    press(page, "Approve with my edits")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    answer = {"approved": True, "edited": True, "content": "# Rye\n\nBake it twice.", "reviewer": "Ada"}
    assert received(desk, review) == exact(answer)


def test_nested_data_of_no_convention_is_changed_in_one_place_alone(server: Server, desk: Desk, page: Page) -> None:
    review = asked(desk, "odd")
    assert review.dialect == "other"
    open_review(page, server, review)
    choose(page, "Edit")
    fill(page, "n", "4")
    fill(page, "name", "Ben")
    give_name(page, "Ada")
    press(page, "Approve with my edits")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    deep = {"name": "Ben", "at": [[1], []]}
    answer = {"n": 4, "rate": 1.0, "ok": True, "parts": [1, 2.0], "none": None, "deep": deep}
    assert received(desk, review) == exact(answer)


def test_a_failed_node_is_retried_once_its_cause_is_gone(server: Server, desk: Desk, page: Page) -> None:
    broken = server.folder / "graphs" / "broken"
    broken.touch()
    review = asked(desk, "fragile")
    open_review(page, server, review)
    expect(page.get_by_text("The printer is on fire.").first).to_be_visible()
    broken.unlink()
    give_name(page, "Ada")
    press(page, "Retry")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    assert done(desk, review)["log"] == ["first", "fragile"]
    assert actions(desk, review.thread_id).count("review.retried") == 1
