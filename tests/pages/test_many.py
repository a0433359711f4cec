"""Start many on the Start page: rows are checked, listed where they do not fit, started once."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from review.desk import Desk
from tests.pages.screens import open_page, said

FILE = b"topic,colour\nbread,red\ncake,blue\n"


def upload(content: bytes) -> AppTest:
    at = open_page("start")
    at.get("file_uploader")[0].set_value(("rows.csv", content, "text/csv")).run()
    assert not at.exception, at.exception
    return at


def test_each_row_that_fits_becomes_a_thread_once_however_often_it_is_uploaded(drafts: Desk) -> None:
    at = upload(FILE)
    assert "2 of 2 rows fit." in said(at)
    assert "Not used: colour" in said(at)
    at.button("many_start_drafts").click().run()
    assert "2 started" in said(at)
    assert sorted(thread.input["topic"] for thread in drafts.ledger.threads.page()) == ["bread", "cake"]
    again = upload(FILE)
    again.button("many_start_drafts").click().run()
    assert "0 started, 2 had been started before" in said(again)
    assert len(drafts.ledger.threads.page()) == 2


def test_a_file_without_a_column_of_the_input_is_refused_in_a_sentence(drafts: Desk) -> None:
    assert "No column of the file is a field" in said(upload(b"colour\nred\n"))
