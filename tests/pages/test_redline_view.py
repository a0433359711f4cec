"""What the browser is given to draw: exact, and with the blanks that both texts share left alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from components.redline_view import compared, unix_lines

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
