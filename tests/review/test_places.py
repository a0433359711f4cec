"""Where something is wrong, as whoever gave the value sees it."""

from __future__ import annotations

from typing import Any

import pytest

from review.schemas import first_of, place_of, problems

LINES = {
    "type": "object",
    "properties": {
        "lines": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number"}}}}
    },
}


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("lines/3/price", {"lines": [{}, {}, {}, {"price": "x"}]}, "lines, row 4, price"),
        ("0", ["x"], "row 1"),
        ("years/2024", {"years": {"2024": "x"}}, "years, 2024"),  # a name that is a number is no row
        ("grid/1/0", {"grid": [[], ["x"]]}, "grid, row 2, row 1"),
        ("lines/3", {"lines": []}, "lines, row 4"),
        ("topic", {}, "topic"),
    ],
)
def test_items_of_lists_are_rows_counted_from_one(path: str, value: Any, place: str) -> None:
    assert place_of(path, value) == place


def test_the_first_fault_is_a_sentence_with_its_place() -> None:
    given = {"lines": [{"price": 1.0}, {"price": "much"}]}
    told = first_of(problems(LINES, given), given)
    assert told.startswith("lines, row 2, price: must be a number")
    assert first_of({"": "must be an object."}, 3) == "must be an object."
    assert first_of({"": "must be an object."}, 3, "The value") == "The value: must be an object."
