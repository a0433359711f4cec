"""A table's rows: what each cell shows, and the rows after a person's changes to some of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from review.forms.fields import MISSING, Column, Table

NOTHING = object()


def cell(column: Column, row: Mapping[str, Any]) -> Any:
    """What the table shows of the row's value; None for null and for nothing."""
    value = row.get(column.name)
    if value is None:
        return None
    match column.kind:
        case "json":
            return json.dumps(value, ensure_ascii=False)
        case "digits":
            return str(value)
        case "date":
            return date.fromisoformat(value) if isinstance(value, str) else None
    return value


def changed_rows(table: Table, rows: Sequence[Any], changes: Mapping[str, Any]) -> list[Any]:
    """The rows with a data editor's changes (edited_rows, added_rows, deleted_rows); what was not touched is as it
    was, type for type."""
    after = deepcopy(list(rows))
    for at, cells in (changes.get("edited_rows") or {}).items():
        if int(at) < len(after):
            _fill(table, after[int(at)], cells)
    deleted = {int(at) for at in changes.get("deleted_rows") or ()}
    after = [row for at, row in enumerate(after) if at not in deleted]
    for cells in changes.get("added_rows") or ():
        row: dict[str, Any] = {}
        _fill(table, row, cells)
        if row:
            _complete(table, row)
            after.append(row)
    return after


def _fill(table: Table, row: dict[str, Any], cells: Mapping[str, Any]) -> None:
    columns = {column.name: column for column in table.columns}
    for name, shown in cells.items():
        if (column := columns.get(name)) is None:
            continue
        value = _value(column, shown)
        if value is MISSING:
            row.pop(name, None)
        else:
            row[name] = value


def _value(column: Column, shown: Any) -> Any:
    """The JSON value of a changed cell. What cannot be read stays as it was typed, and is told when it is checked."""
    if shown is None:
        if column.nullable:
            return None
        return "" if column.kind == "text" and column.required else MISSING
    match column.kind:
        case "integer":
            return int(shown)
        case "digits":
            return _digits(str(shown))
        case "json":
            try:
                return json.loads(shown)
            except ValueError:
                return shown
        case "date":
            return str(shown)[:10]
    return shown


def _digits(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text


def _complete(table: Table, row: dict[str, Any]) -> None:
    """A new row also has what the schema would put there."""
    for column in table.columns:
        if column.name in row:
            continue
        if column.default is not MISSING:
            row[column.name] = deepcopy(column.default)
        elif column.required and column.kind == "boolean":
            row[column.name] = False
        elif column.required and column.nullable:
            row[column.name] = None
