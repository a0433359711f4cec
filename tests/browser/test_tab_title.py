"""The title of the browser's tab tells how many reviews wait, whatever is shown in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.conftest import Serve
from tests.browser.graphs import GRAPHS
from tests.browser.screens import go_to, heading, new_review, open_review
from tests.browser.servers import Server
from tests.support import ADA, write_graphs


def test_the_tab_counts_what_waits_on_every_page(
    serve: Serve, page: Page, beside: Callable[[Server], Desk], tmp_path: Path
) -> None:
    server = serve(REVIEW_GRAPHS=str(write_graphs(tmp_path / "graphs", **GRAPHS)), REVIEW_POLL_SECONDS="0.1")
    desk = beside(server)
    page.goto(server.url)
    expect(page).to_have_title("Queue · Countersign")
    first, second = new_review(desk, "rye"), new_review(desk, "oats")
    expect(page).to_have_title("(2) Queue · Countersign")  # by itself

    desk.decide(first.id, "approve", ADA)
    expect(page).to_have_title("(1) Queue · Countersign")
    for query in ("tab=decided", "search=nothing%20has%20this", "graph=none"):
        page.goto(f"{server.url}/?{query}")
        expect(heading(page, "Queue")).to_be_visible()
        expect(page).to_have_title("(1) Queue · Countersign")
    go_to(page, "History")
    expect(page).to_have_title("(1) History · Countersign")
    open_review(page, server, second)
    expect(page).to_have_title(f"(1) {second.title} · Countersign")
