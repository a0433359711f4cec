"""Lists of objects as tables."""

from __future__ import annotations

import json

from pydantic import BaseModel, Field, TypeAdapter

from review.forms import MISSING, read_back, read_schema, wrong_with
from review.forms.fields import Table
from review.forms.tables import cell, changed_rows
from tests.review.form_fields import exact

ROWS = [
    {"name": "a", "count": 1, "price": 1.0, "paid": True, "day": "2026-01-02", "tags": ["x"], "extra": 2**60},
    {"name": "b", "count": None, "price": 2, "paid": False, "big": 2**60},
]


class Row(BaseModel):
    name: str
    count: int | None = None
    price: float = 9.5
    paid: bool
    day: str | None = Field(default=None, json_schema_extra={"format": "date"})
    tags: list[str] = []
    big: int = 0


def table() -> Table:
    field = read_schema(TypeAdapter(list[Row]).json_schema(), ROWS)
    assert isinstance(field, Table)
    return field


def test_the_columns_of_a_table_hold_what_their_cells_can_keep() -> None:
    kinds = {column.name: column.kind for column in table().columns}
    assert kinds == {
        "name": "text",
        "count": "integer",
        "price": "number",
        "paid": "boolean",
        "tags": "json",
        "big": "digits",
    } | {"day": kinds["day"]}
    tags = next(column for column in table().columns if column.name == "tags")
    assert cell(tags, ROWS[0]) == '["x"]'


def test_cells_that_were_not_touched_stay_as_they_were() -> None:
    after = changed_rows(table(), ROWS, {"edited_rows": {0: {"name": "z"}}})
    assert exact(after) == exact([{**ROWS[0], "name": "z"}, ROWS[1]])
    assert ROWS[0]["name"] == "a"


def test_changed_cells_have_the_columns_types() -> None:
    cells = {"count": 7.0, "price": 3.25, "paid": None, "tags": '["y", 1]', "big": str(2**61)}
    (after, _) = changed_rows(table(), ROWS, {"edited_rows": {"0": cells}})
    assert exact([after[name] for name in ("count", "price", "tags", "big")]) == exact([7, 3.25, ["y", 1], 2**61])
    assert "paid" not in after
    assert changed_rows(table(), ROWS, {"edited_rows": {0: {"count": None, "name": None}}})[0]["count"] is None


def test_rows_are_added_with_the_defaults_and_deleted_by_their_place() -> None:
    after = changed_rows(
        table(), ROWS, {"edited_rows": {1: {"name": "z"}}, "added_rows": [{"name": "n"}, {}], "deleted_rows": [0]}
    )
    assert [row["name"] for row in after] == ["z", "n"]
    assert after[1] == {"name": "n", "count": None, "price": 9.5, "paid": False, "day": None, "tags": [], "big": 0}


def test_a_cell_that_cannot_be_read_is_told_with_its_place() -> None:
    schema = TypeAdapter(list[Row]).json_schema()
    rows = changed_rows(table(), ROWS, {"edited_rows": {1: {"big": "many"}}})
    wrong = wrong_with(schema, read_back(table(), {"": rows}))
    assert wrong["1/big"] == "must be a whole number, not 'many'."


def test_missing_is_not_null() -> None:
    field = read_schema({"type": "object", "properties": {"a": {}}})
    assert read_back(field, {}).value == {}
    assert json.dumps(read_back(read_schema({}, None), {}).value) == "null"
    assert read_back(read_schema({}), {}).value is MISSING
