"""What the browser is given to draw: exact, and with the blanks that both texts share left alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from components.redline_view import compared, fields_compared, unix_lines

TEXTS = st.text(st.sampled_from("ab \n\r\t\u202e<"), max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_rebuilt_from_what_is_drawn(before: str, after: str) -> None:
    stretches = compared(before, after)["stretches"]
    assert "".join(text for mark, text in stretches if mark != "added") == unix_lines(before)
    assert "".join(text for mark, text in stretches if mark != "removed") == unix_lines(after)


def test_a_replaced_word_leaves_the_line_break_behind_it_alone() -> None:
    assert compared("An old day.\n\nNext", "An old night.\n\nNext")["stretches"] == [
        ["same", "An old "],
        ["removed", "day."],
        ["added", "night."],
        ["same", "\n\nNext"],
    ]


def test_another_kind_of_line_break_is_no_change() -> None:
    shown = compared("one\r\ntwo\rthree", "one\ntwo\nthree")
    assert (shown["added"], shown["removed"]) == (0, 0)
    assert [mark for mark, _ in shown["stretches"]] == ["same"]


def test_what_came_went_or_became_another_kind_is_told_in_words() -> None:
    before = {"who": {"name": "ada", "roles": ["editor", "author"]}, "paid": True, "no": "1", "gone": [], "all": "x"}
    after = {"who": "ada", "paid": None, "no": 1, "all": {"x": [{"on": False}, {}]}, "came": {"a": {"b": "two\nlines"}}}
    assert fields_compared(before, after) == [
        {"path": "who", "before": ["name: ada", "roles:", "    1: editor", "    2: author"], "after": "ada"},
        {"path": "paid", "before": "yes", "after": "–"},
        {"path": "no", "before": "1 (text)", "after": "1 (whole number)"},
        {"path": "gone", "before": "empty", "after": None},
        {"path": "all", "before": "x", "after": ["x:", "    1:", "        on: no", "    2: empty"]},
        {"path": "came", "before": None, "after": ["a:", "    b: two\nlines"]},
    ]
