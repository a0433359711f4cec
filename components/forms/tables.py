"""A list of objects as an editable table.

The widget keeps only a person's changes, by row number. They are applied to the rows as JSON, so that a cell nobody
touched never passes through the table's own types; what comes of it is kept beside the widget, and is what the table
starts with when it is drawn anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components.words import escaped
from review.forms.fields import Column, Table
from review.forms.tables import cell, changed_rows
from review.forms.values import shown

TYPES = {"integer": "Int64", "boolean": "boolean", "number": "float64"}


def show_table(table: Table, key: str, label: str, told: Mapping[str, str]) -> None:
    """Draws the rows; those that were changed are in the session under `key`, all of them. `told` is what is wrong with
    them, by path: where that changes they are numbered anew, so that each has the number by which it is told."""
    numbered = st.session_state.setdefault(f"{key}~numbered", (0, {}))
    if told and told != numbered[1]:
        numbered = st.session_state[f"{key}~numbered"] = (numbered[0] + 1, dict(told))
    editor, base = f"{key}~editor{numbered[0] or ''}", f"{key}~base"
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
        hide_index=False,
        column_config={"_index": st.column_config.NumberColumn("Row", width=56, disabled=True)}
        | {column.name: _config(column) for column in table.columns},
        alt=table.label,
    )


def frame_of(table: Table, rows: list[Any]) -> Any:
    """The rows as the table shows them, numbered from 1, each column of one type, with room for nothing."""
    numbers = pd.RangeIndex(1, len(rows) + 1)
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [cell(column, row) for row in rows], index=numbers, dtype=TYPES.get(column.kind, "object")
            )
            for column in table.columns
        },
        index=numbers,
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
