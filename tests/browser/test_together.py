"""The app and the command line on one data folder, what a payload may try, and a page that fails."""

from __future__ import annotations

import re
import socket
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.conftest import Watched
from tests.browser.screens import choose, editor, give_name, heading, new_review, open_review, press
from tests.browser.servers import SECONDS, Server
from tests.support import ADA, wait_for


def test_what_the_command_line_does_shows_in_the_open_queue(server: Server, page: Page) -> None:
    page.goto(server.url)
    expect(heading(page, "Queue")).to_be_visible()
    started = server.command("start", "ask", "--input", '{"topic": "from the shell"}', "--reviewer", "Shell")
    (review,) = started["reviews"]
    row = page.locator(f"li[data-id='{review['id']}']")
    expect(row).to_be_visible()
    decided = server.command("decide", review["id"], "approve", "--reviewer", "Shell")
    assert decided["status"] == "done"
    expect(row).to_have_count(0)


def test_what_the_command_line_decides_shows_on_the_open_review_and_leaves_the_text_alone(
    server: Server, desk: Desk, page: Page
) -> None:
    review = new_review(desk, "decided elsewhere")
    open_review(page, server, review)
    choose(page, "Edit")
    editor(page).press("End")
    page.keyboard.type(" and more")
    server.command("decide", review.id, "approve", "--reviewer", "Shell")
    expect(page.get_by_text("Shell (not signed in) approved")).to_be_visible()
    expect(editor(page)).to_have_value("About decided elsewhere and more")
    press(page, "Show it as it is now")
    expect(page.get_by_text("About decided elsewhere and more")).to_be_visible()
    expect(page.get_by_text("Shell (not signed in) approved")).to_be_visible()
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    expect(page.get_by_text("changed log").first).to_be_visible()


def test_what_the_page_decides_shows_on_the_command_line(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "decided here")
    open_review(page, server, review)
    give_name(page, "Ada")
    press(page, "Approve")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    shown = server.command("show", review.id)
    assert (shown["status"], shown["decision"]["reviewer"]) == ("resumed", "Ada")
    assert not [entry for entry in server.command("queue", "--limit", "500") if entry["id"] == review.id]


def test_a_start_without_waiting_is_run_by_the_app_and_streams_onto_the_page(server: Server, page: Page) -> None:
    queued = server.command(
        "start", "ask", "--input", '{"topic": "queued"}', "--reviewer", "Shell", "--no-wait", "--thread", "queued-1"
    )
    assert queued["thread_id"] == "queued-1"
    page.goto(f"{server.url}/threads?thread=queued-1")
    expect(page.get_by_text("changed log").first).to_be_visible()
    expect(page.get_by_text("Waits for review").first).to_be_visible()


def test_a_payload_cannot_run_anything_and_is_shown_as_text(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "evil", "evil")
    page.goto(server.url)
    row = page.locator(f"li a[href$='{review.id}']")
    expect(row).to_contain_text("<b>Evil</b> <script>")
    row.click(delay=80)
    expect(page.get_by_role("heading", name="<b>Evil</b> <script>")).to_be_visible()
    page.get_by_role("tab", name="Source").click(delay=80)
    expect(page.get_by_text("window.harmed = 1").first).to_be_visible()
    assert page.locator("[href^='javascript']").count() == 0
    assert page.evaluate("window.harmed") is None


def test_a_picture_in_a_draft_is_not_fetched_from_another_host(
    server: Server, desk: Desk, page: Page, watched: Watched
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as spy:
        spy.setblocking(False)
        picture = f"http://127.0.0.1:{spy.getsockname()[1]}/seen.png"
        review = new_review(desk, f"![a picture]({picture})")
        open_review(page, server, review)
        expect(page.get_by_role("img", name="a picture")).to_be_attached()
        wait_for(lambda: any("Content Security Policy" in told for told in watched.broken), "the refusal", SECONDS)
        with pytest.raises(BlockingIOError):
            spy.accept()
    watched.broken.clear()


def test_a_page_that_fails_shows_an_id_that_is_in_the_log_and_no_traceback(
    server: Server, desk: Desk, page: Page
) -> None:
    review = new_review(desk, "damaged")
    desk.decide(review.id, "approve", ADA)
    wait_for(lambda: desk.review(review.id).status == "resumed", "the resumed graph", SECONDS)
    with closing(sqlite3.connect(server.data / "ledger.sqlite", isolation_level=None)) as ledger:
        ledger.execute("UPDATE reviews SET kind = 'nonsense' WHERE id = ?", (review.id,))
    page.goto(f"{server.url}/review?review={review.id}")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This page could not be shown.")
    told = re.search(r"look for (\w+) in the server's log", alert.inner_text())
    assert told is not None
    assert f"a page failed [{told[1]}]" in server.log
    assert "error=ValueError" in server.log
    assert "Traceback" not in page.content()
    assert "nonsense" not in page.content()
