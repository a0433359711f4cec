"""Start many in the browser: a file is given, its columns are told apart, and each row that fits is started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.screens import button, press
from tests.browser.servers import Server
from tests.pages.test_many import ORDERS
from tests.support import write_graphs

ROWS = 45  # more than are started at once
FILE = "Who,amount\n" + "".join(f"customer {n},{n}\n" for n in range(ROWS)) + "nobody,many\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for this module, with a graph that takes orders and asks nothing."""
    folder = tmp_path_factory.mktemp("server")
    started = Server(folder, {"REVIEW_GRAPHS": str(write_graphs(folder / "graphs", orders=ORDERS))}).wait_until_up()
    yield started
    started.end()


def give_file(page: Page, server: Server) -> None:
    """Until it is checked, and can be started."""
    page.goto(f"{server.url}/start")
    page.get_by_text("Start many, from").click(delay=80)
    page.locator("input[type=file]").set_input_files(
        {"name": "orders.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    expect(page.get_by_text("Must be given, and no column is it: customer")).to_be_visible()
    expect(page.get_by_text(f"0 of {ROWS + 1} rows fit.")).to_be_visible()
    expect(button(page, "Start 0")).to_be_disabled()
    page.get_by_role("combobox", name="Who").click(delay=80)
    page.get_by_role("option", name="customer").click(delay=80)
    expect(page.get_by_text(f"{ROWS} of {ROWS + 1} rows fit.")).to_be_visible()
    expect(page.get_by_text("Must be given")).to_have_count(0)


def test_a_file_is_started_row_by_row_to_its_end_and_once_however_often_it_is_given(
    server: Server, desk: Desk, page: Page
) -> None:
    give_file(page, server)
    press(page, f"Start {ROWS}")
    expect(page.get_by_text(f"{ROWS} started", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{ROWS} of {ROWS} rows", exact=True)).to_be_visible()
    press(page, "Done")
    expect(button(page, f"Start {ROWS}")).to_be_visible()
    given = sorted((thread.input or {})["amount"] for thread in desk.ledger.threads.page(limit=100))
    assert given == list(range(ROWS))

    give_file(page, server)
    press(page, f"Start {ROWS}")
    expect(page.get_by_text(f"0 started, {ROWS} had been started before")).to_be_visible()
    assert len(desk.ledger.threads.page(limit=100)) == ROWS
