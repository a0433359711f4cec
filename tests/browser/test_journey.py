"""The main job, end to end: a draft is written, waits in the queue, is edited, and is published."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.conftest import Serve
from tests.browser.screens import button, choose, go_to, heading, press, rewrite, settled
from tests.browser.servers import Server
from tests.support import ROOT


def test_a_draft_is_started_edited_published_and_found_in_the_history(
    serve: Serve, page: Page, beside: Callable[[Server], Desk]
) -> None:
    server = serve()
    page.goto(server.url)
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()

    go_to(page, "Start")
    page.get_by_role("textbox", name="Topic").fill("Rye bread at home")
    page.get_by_role("textbox", name="Your name (optional)").fill("Ada Lovelace")
    press(page, "Start")
    expect(page.get_by_role("link", name="Open the review: Draft: Rye bread at home")).to_be_visible()
    expect(page.get_by_text("changed revisions").first).to_be_visible()  # the values that the writer's step brought

    go_to(page, "Queue")
    page.get_by_role("link", name="Draft: Rye bread at home").click(delay=80)
    expect(heading(page, "Draft: Rye bread at home")).to_be_visible()
    choose(page, "Edit")
    rewrite(page, "# Rye\n\nMix, wait, bake. <i>Eat.</i>")
    press(page, "Approve with my edits")

    expect(page.get_by_text(re.compile("Published as .*published/rye-bread-at-home-")).first).to_be_visible()
    expect(page.get_by_text("Ada Lovelace (not signed in) edited and approved")).to_be_visible()
    expect(page.get_by_text("changed published").first).to_be_visible()
    (article,) = (server.data / "published").glob("*.md")
    text = article.read_text("utf-8")
    assert text.endswith("# Rye\n\nMix, wait, bake. <i>Eat.</i>\n")
    assert 'reviewer: "Ada Lovelace"' in text
    assert not button(page, "Next review").is_visible()

    go_to(page, "History")
    # The table is drawn on a canvas; what screen readers are given of it stands inside.
    expect(page.get_by_role("gridcell", name="Edited and approved", include_hidden=True)).to_be_attached()
    settled(page)  # while a page is drawn anew, what it offers to download is on its way
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click(delay=80)
    entries = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    (edited,) = [entry for entry in entries if "review.edited" in entry.values()]
    assert "Ada Lovelace" in edited.values()
    assert len(beside(server).ledger.audit.entries(actions=["review.edited"])) == 1


def test_the_examples_of_a_fresh_desk_can_be_approved_and_removed(serve: Serve, page: Page, tmp_path: Path) -> None:
    registry = tmp_path / "langgraph.json"
    registry.write_text(json.dumps({"graphs": {"editorial": f"{ROOT}/graphs/editorial.py:graph"}}), "utf-8")
    server = serve(REVIEW_EXAMPLES="true", REVIEW_GRAPHS=str(registry))
    page.goto(server.url)
    row = page.get_by_role("link", name="Draft: ")
    expect(row).to_have_count(4)
    row.first.click(delay=80)
    page.get_by_test_id("stMain").get_by_role("textbox", name="Your name", exact=True).fill("Ada")
    press(page, "Approve")
    expect(page.get_by_text("Just decided")).to_be_visible()
    expect(page.get_by_text(re.compile("^approved, as published/"))).to_be_visible()
    expect(row).to_have_count(3)
    press(page, "Remove the examples")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    expect(page.get_by_text("4 example threads are gone")).to_be_visible()
