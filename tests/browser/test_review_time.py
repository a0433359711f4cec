"""A decision's first seconds in the browser: undo, apply now, a double click, a second tab, the back button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from review.desk import Desk
from review.model import DecisionType, now
from tests.browser.conftest import Serve
from tests.browser.graphs import GRAPHS
from tests.browser.screens import (
    button,
    choose,
    editor,
    give_name,
    heading,
    known,
    new_review,
    open_review,
    press,
    rewrite,
    status,
)
from tests.browser.servers import SECONDS, Server
from tests.support import BEN, wait_for, write_graphs


def test_an_edit_is_undone_and_then_sent_again_and_applied_at_once(
    serve: Serve, beside: Callable[[Server], Desk], page: Page, tmp_path: Path
) -> None:
    graphs = write_graphs(tmp_path / "graphs", **GRAPHS)
    server = serve(REVIEW_UNDO_SECONDS="60", REVIEW_GRAPHS=str(graphs))
    desk = beside(server)
    review = new_review(desk, "undone")
    open_review(page, server, review)
    give_name(page, "Ada")
    choose(page, "Edit")
    rewrite(page, "Mine")
    editor(page).press("Tab")
    press(page, "Approve with my edits")
    expect(page.get_by_text("Applied in")).to_be_visible()
    assert status(desk, review) == "decided"
    press(page, "Undo")
    expect(page.get_by_text("Your decision is undone.")).to_be_visible()
    expect(editor(page)).to_have_value("Mine")
    assert status(desk, review) == "pending"
    press(page, "Approve with my edits")
    expect(page.get_by_text("Applied in")).to_be_visible()
    expect(button(page, "Undo")).to_have_attribute("aria-keyshortcuts", "U")  # from then on it is heard
    page.keyboard.press("u")
    expect(page.get_by_text("Applied in")).to_have_count(0)
    expect(editor(page)).to_have_value("Mine")
    assert status(desk, review) == "pending"
    press(page, "Approve with my edits")
    press(page, "Apply now")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    expect(button(page, "Undo")).to_have_count(0)
    told = [entry.action for entry in desk.ledger.audit.entries(review_id=review.id)]
    assert (told.count("decision.withdrawn"), told.count("decision.applied")) == (2, 1)
    made = desk.review(review.id).decision
    assert made is not None
    assert (made.type, made.value) == (DecisionType.EDIT, "Mine")


def test_nothing_of_the_run_is_there_or_shown_before_the_time_for_undo_is_over(
    serve: Serve, beside: Callable[[Server], Desk], page: Page, tmp_path: Path
) -> None:
    graphs = write_graphs(tmp_path / "graphs", **GRAPHS)
    server = serve(REVIEW_UNDO_SECONDS="12", REVIEW_GRAPHS=str(graphs))
    desk = beside(server)
    review = new_review(desk, "later")
    stood = desk.state(review.thread_id).checkpoint_id
    open_review(page, server, review)
    give_name(page, "Ada")
    press(page, "Approve")
    expect(page.get_by_text("Applied in")).to_be_visible()
    expect(page.get_by_text("changed answer")).to_have_count(0)
    expect(page.get_by_text("changed answer").first).to_be_visible()
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    made = desk.review(review.id).decision
    assert made is not None
    ran = desk.steps(review.thread_id, stood)
    assert [step.nodes for step in ran] == [("ask",), ("publish",)]
    assert all(step.at >= made.apply_at for step in ran)
    assert made.apply_at > made.decided_at


def test_a_double_click_is_one_decision(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "clicked twice")
    open_review(page, server, review)
    give_name(page, "Ada")
    button(page, "Approve").dblclick(delay=20)
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    expect(page.get_by_text("was not recorded")).to_have_count(0)
    entries = [entry.action for entry in desk.ledger.audit.entries(review_id=review.id)]
    assert entries.count("review.approved") == 1


def test_a_second_tab_and_the_back_button_lead_to_the_one_decision(
    server: Server, desk: Desk, page: Page, browser: Browser
) -> None:
    review = new_review(desk, "two tabs")
    open_review(page, server, review)
    give_name(page, "Ada")
    choose(page, "Edit")
    rewrite(page, "From the first tab")
    editor(page).press("Tab")
    other = browser.new_page()
    open_review(other, server, review)
    give_name(other, "Ada")
    press(other, "Approve")
    expect(other.get_by_text("The graph has finished.")).to_be_visible()
    press(page, "Approve with my edits")
    expect(page.get_by_text("Ada was first")).to_be_visible()
    expect(page.get_by_text("From the first tab").first).to_be_visible()
    other.goto(server.url)
    expect(heading(other, "Queue")).to_be_visible()
    other.go_back()
    expect(other.get_by_text("Ada (not signed in) approved").first).to_be_visible()
    expect(button(other, "Approve")).to_have_count(0)
    other.close()
    wait_for(lambda: status(desk, review) == "resumed", "the decision")
    made = desk.review(review.id).decision
    assert made is not None
    assert made.type == DecisionType.APPROVE


def test_a_claim_is_taken_over_under_the_name_just_typed(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "claimed")
    desk.claim(review.id, BEN)
    open_review(page, server, review)
    expect(page.get_by_text("ben has claimed this review")).to_be_visible()
    press(page, "Take over")
    expect(page.get_by_text("Give your name first")).to_be_visible()
    give_name(page, "Ada")
    press(page, "Take over")
    expect(page.get_by_text("You have claimed this review.")).to_be_visible()
    press(page, "Approve")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    assert "review.taken_over" in [entry.action for entry in desk.ledger.audit.entries(review_id=review.id)]


def test_a_closed_browser_gives_its_claim_back_by_itself(
    serve: Serve, beside: Callable[[Server], Desk], page: Page, tmp_path: Path
) -> None:
    graphs = write_graphs(tmp_path / "graphs", **GRAPHS)
    server = serve(REVIEW_BROWSER_SECONDS="4", REVIEW_GRAPHS=str(graphs))
    desk = beside(server)
    review = new_review(desk, "left behind")
    known(page, server)
    open_review(page, server, review)
    press(page, "Claim")
    expect(page.get_by_text("You have claimed this review.")).to_be_visible()
    first = desk.review(review.id).claimed_until
    assert first
    wait_for(lambda: (desk.review(review.id).claimed_until or first) > first, "the open page to renew it", SECONDS)
    page.context.close()
    wait_for(lambda: desk.review(review.id).holder(now()) is None, "the end of the claim", SECONDS)
    assert desk.claim(review.id, BEN).holder(now()) == "ben"
    told = [entry.action for entry in desk.ledger.audit.entries(review_id=review.id)]
    assert (told.count("review.claimed"), told.count("review.taken_over")) == (2, 0)
