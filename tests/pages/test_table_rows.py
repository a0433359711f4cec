"""A table's rows have numbers, and what is wrong with one is told by its number."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.screens import said

SCRIPT = """
import streamlit as st
from components.forms import read_form, show_form
from review.errors import BadInput
SCHEMA = {
    "type": "object",
    "properties": {
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "item": {"type": "string"}, "count": {"type": "integer", "minimum": 1, "title": "Count"},
                },
                "required": ["item", "count"],
            },
        },
        "names": {"type": "array", "items": {"type": "string", "maxLength": 5}},
    },
}
START = {"lines": [{"item": "soup", "count": 2}, {"item": "tart", "count": 1}], "names": ["Ada"]}
def read():
    try:
        st.session_state["read"] = read_form(SCHEMA, "form", START)
    except BadInput as error:
        st.session_state["refused"] = error.message
show_form(SCHEMA, "form", START)
st.button("Read", key="read_button", on_click=read)
"""


@pytest.fixture
def at() -> AppTest:
    found = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not found.exception
    return found


def table(at: AppTest) -> Any:
    return at.dataframe[0].value


def given(at: AppTest, rows: list[dict[str, Any]]) -> AppTest:
    """As a person's changes to the table do, whose browser half does not run here."""
    at.session_state["form_lines"] = rows
    return at.button("read_button").click().run()


def test_rows_are_numbered_from_one(at: AppTest) -> None:
    assert list(table(at).index) == [1, 2]


def test_what_is_wrong_names_the_row_and_the_column_as_they_are_shown(at: AppTest) -> None:
    rows = [{"item": "soup", "count": 2}, {"item": "tart", "count": 1}, {"item": "pie", "count": 3}]
    given(at, [*rows, {"item": "cake", "count": 0}])
    assert "Row 4, Count: must be at least 1." in said(at)
    assert at.session_state["refused"] == "This does not fit yet. lines, row 4, count: must be at least 1."


def test_rows_that_were_added_have_their_numbers_once_they_are_told_of(at: AppTest) -> None:
    given(at, [{"item": "soup", "count": 2}, {"item": "cake", "count": 0}, {"item": "pie", "count": 3}])
    assert list(table(at).index) == [1, 2, 3]
    assert list(table(at)["item"]) == ["soup", "cake", "pie"]


def test_a_list_of_texts_names_the_line(at: AppTest) -> None:
    at.text_area("form_names").set_value("Ada\nBenedict").run()
    at.button("read_button").click().run()
    assert "Line 2: must have at most 5 characters" in said(at)
