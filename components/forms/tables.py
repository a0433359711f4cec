"""A list of objects as an editable table.

The widget keeps only a person's changes, by row number. They are applied to the rows as JSON, so that a cell nobody
touched never passes through the table's own types; what comes of it is kept beside the widget, and is what the table
starts with when it is drawn anew.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components.words import escaped
from review.forms.fields import Column, Table
from review.forms.tables import cell, changed_rows
from review.forms.values import shown

TYPES = {"integer": "Int64", "boolean": "boolean", "number": "float64"}


def show_table(table: Table, key: str, label: str) -> None:
    """Draws the rows; those that were changed are in the session under `key`, all of them."""
    editor, base = f"{key}~editor", f"{key}~base"
    if editor not in st.session_state or base not in st.session_state:
        st.session_state[base] = st.session_state.get(key, shown(table))
    rows = st.session_state[base]

    def keep() -> None:
        st.session_state[key] = changed_rows(table, rows, st.session_state[editor])

    if label:
        st.markdown(escaped(label), help=escaped(table.help) or None)
    st.data_editor(
        frame_of(table, rows),
        key=editor,
        on_change=keep,
        num_rows="dynamic",
        hide_index=True,
        column_config={column.name: _config(column) for column in table.columns},
        alt=table.label,
    )


def frame_of(table: Table, rows: list[Any]) -> Any:
    """The rows as the table shows them, each column of one type, with room for nothing."""
    return pd.DataFrame(
        {
            column.name: pd.Series([cell(column, row) for row in rows], dtype=TYPES.get(column.kind, "object"))
            for column in table.columns
        }
    )


def _config(column: Column) -> Any:
    told: dict[str, Any] = {"label": column.label, "help": escaped(column.help) or None}
    match column.kind:
        case "integer":
            return st.column_config.NumberColumn(**told, step=1, format="%d")
        case "number":
            return st.column_config.NumberColumn(**told)
        case "boolean":
            return st.column_config.CheckboxColumn(**told)
        case "choice":
            return st.column_config.SelectboxColumn(**told, options=list(column.options), required=column.required)
        case "date":
            return st.column_config.DateColumn(**told, format="YYYY-MM-DD")
        case "digits":
            return st.column_config.TextColumn(**told, validate=r"^[+-]?\d+$")
    return st.column_config.TextColumn(**told)
