"""Start many on the Start page: columns are mapped, rows checked and listed where they do not fit, started once."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from tests.pages.conftest import PageDesk
from tests.pages.screens import open_page, said

FILE = b"topic,colour\nbread,red\ncake,blue\n"
MANY = b"topic\n" + b"".join(b"number %d\n" % n for n in range(50))
ORDERS = """
from pydantic import BaseModel
class Order(BaseModel):
    customer: str
    amount: int = 1
    remark: str = ""
def take(state): return {}
builder = StateGraph(Order)
builder.add_node("take", take)
builder.add_edge(START, "take")
graph = builder.compile()
"""


def upload(content: bytes, kind: str = "text/csv") -> AppTest:
    at = open_page("start")
    at.get("file_uploader")[0].set_value(("rows.csv", content, kind)).run()
    assert not at.exception, at.exception
    return at


def excel(*rows: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def topics(desk: Desk) -> list[str]:
    return sorted(thread.input["topic"] for thread in desk.ledger.threads.page(limit=1000))


def test_each_row_that_fits_becomes_a_thread_once_however_often_it_is_uploaded(drafts: Desk) -> None:
    at = upload(FILE)
    assert "2 of 2 rows fit." in said(at)
    assert "Not used: colour" in said(at)
    at.button("many_start_drafts").click().run()
    assert "2 started" in said(at)
    assert topics(drafts) == ["bread", "cake"]
    again = upload(FILE)
    again.button("many_start_drafts").click().run()
    assert "0 started, 2 had been started before" in said(again)
    assert len(drafts.ledger.threads.page()) == 2


def test_a_table_that_a_spreadsheet_saved_again_starts_nothing_twice(drafts: Desk) -> None:
    upload(FILE).button("many_start_drafts").click().run()
    saved = excel(["topic", "colour"], ["bread", "red"], ["cake", "blue"])
    at = upload(saved, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    at.button("many_start_drafts").click().run()
    assert "0 started, 2 had been started before" in said(at)


def test_who_stops_goes_on_later_and_no_row_is_started_twice(drafts: Desk) -> None:
    at = upload(MANY)
    at.button("many_start_drafts").click().run()
    begun = len(topics(drafts))
    assert 0 < begun < 50
    at.button("many_stop_drafts").click().run()
    assert len(topics(drafts)) == begun  # stopping starts nothing more
    assert f"Stopped: {begun} of 50 were started" in said(at)
    at.button("many_start_drafts").click().run()
    for _ in range(5):  # as the page's own ticks do
        at.run()
    assert f"{50 - begun} started, {begun} had been started before" in said(at)
    assert topics(drafts) == sorted(f"number {n}" for n in range(50))


def test_columns_are_mapped_to_fields_and_guessed_by_a_similar_name(page_desk: PageDesk) -> None:
    desk = page_desk(orders=ORDERS)
    at = upload(b"Name,amounts,colour,remark\nada,3,red,soon\nben,4,blue,\n")
    assert at.selectbox("many_column_orders_amounts").value == "amount"
    assert at.selectbox("many_column_orders_colour").value == "Not used"
    assert "Must be given, and no column is it: customer" in said(at)
    assert "0 of 2 rows fit." in said(at)
    at.selectbox("many_column_orders_Name").set_value("customer").run()
    assert "Must be given" not in said(at)
    assert "2 of 2 rows fit." in said(at)
    at.selectbox("many_column_orders_colour").set_value("customer").run()
    assert "are both for 'customer'" in said(at)
    at.selectbox("many_column_orders_colour").set_value("Not used").run()
    at.button("many_start_orders").click().run()
    given = sorted((thread.input for thread in desk.ledger.threads.page()), key=lambda each: each["customer"])
    assert given == [{"customer": "ada", "amount": 3, "remark": "soon"}, {"customer": "ben", "amount": 4}]


def test_columns_that_are_all_named_as_fields_are_not_asked_about(page_desk: PageDesk) -> None:
    page_desk(orders=ORDERS)
    assert "Which field is each of these columns?" not in said(upload(b"customer,amount\nada,3\n"))


def test_a_file_without_a_column_of_the_input_is_refused_in_a_sentence(drafts: Desk) -> None:
    at = upload(b"colour\nred\n")
    assert "No column of the file is a field" in said(at)
    at.selectbox("many_column_drafts_colour").set_value("topic").run()
    assert "1 of 1 rows fit." in said(at)
