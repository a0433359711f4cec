"""Start many in the browser: a file is given, its columns are told apart, and each row that fits is started once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.screens import button, heading, press, settled
from tests.browser.servers import Server, server_of
from tests.pages.test_many import ORDERS

ROWS = 45  # more than are started at once
LINES = [f"customer {n},{n}" for n in range(ROWS)] + ["nobody,many"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for this module, with a graph that takes orders and asks nothing."""
    with server_of(tmp_path_factory.mktemp("server"), {"orders": ORDERS}) as started:
        yield started


def give_file(page: Page, server: Server, word: str) -> None:
    """Until it is checked, and can be started; `word` makes its rows others than those of other files."""
    page.goto(f"{server.url}/start")
    expect(heading(page, "Start")).to_be_visible()
    settled(page)
    page.get_by_text("Start many, from").click(delay=80)
    expect(page.get_by_text("The file", exact=True)).to_be_visible()
    text = "\n".join(["Who,amount", *(f"{word} {line}" for line in LINES)])
    page.locator("input[type=file]").set_input_files(
        {"name": "orders.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    expect(page.get_by_text("Must be given, and no column is it: customer")).to_be_visible()
    expect(page.get_by_text(f"0 of {ROWS + 1} rows fit.")).to_be_visible()
    expect(button(page, "Start 0")).to_be_disabled()
    page.get_by_role("combobox", name="Who").click(delay=80)
    page.get_by_role("option", name="customer").click(delay=80)
    expect(page.get_by_text(f"{ROWS} of {ROWS + 1} rows fit.")).to_be_visible()
    expect(page.get_by_text("Must be given")).to_have_count(0)


def amounts(desk: Desk, word: str) -> list[int]:
    """Of the threads that were started from the file."""
    given = [thread.input or {} for thread in desk.ledger.threads.page(limit=400)]
    return [each["amount"] for each in given if each["customer"].startswith(word)]


def test_a_file_is_started_row_by_row_to_its_end_and_once_however_often_it_is_given(
    server: Server, desk: Desk, page: Page
) -> None:
    word = uuid.uuid4().hex[:6]
    give_file(page, server, word)
    press(page, f"Start {ROWS}")
    expect(page.get_by_text(f"{ROWS} started", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{ROWS} of {ROWS} rows", exact=True)).to_be_visible()
    press(page, "Done")
    expect(button(page, f"Start {ROWS}")).to_be_visible()
    assert sorted(amounts(desk, word)) == list(range(ROWS))

    give_file(page, server, word)
    press(page, f"Start {ROWS}")
    expect(page.get_by_text(f"0 started, {ROWS} had been started before")).to_be_visible()
    assert len(amounts(desk, word)) == ROWS
