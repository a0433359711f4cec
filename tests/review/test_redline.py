"""Redlines: exact in what they rebuild, small in what they show, and counted in words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.redline import ABSENT, FieldChange, Mark, field_changes, redline, share_changed

TEXTS = st.text(st.sampled_from("ab \n\té\u202e<&"), max_size=60)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_rebuilt(before: str, after: str) -> None:
    stretches = redline(before, after).stretches
    assert "".join(each.text for each in stretches if each.mark != Mark.ADDED) == before
    assert "".join(each.text for each in stretches if each.mark != Mark.REMOVED) == after
    assert all(one.mark != other.mark for one, other in itertools.pairwise(stretches))


def test_words_are_what_changes() -> None:
    found = redline("The quick fox jumps.", "The slow fox jumps high.")
    assert [(each.mark.value, each.text) for each in found.stretches] == [
        ("same", "The "),
        ("removed", "quick "),
        ("added", "slow "),
        ("same", "fox "),
        ("removed", "jumps."),
        ("added", "jumps high."),
    ]
    assert (found.words_added, found.words_removed) == (3, 2)


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [("a b", "a b", 0), ("", "", 0), ("a b", "", 1), ("", "a", 1), ("a ", "b ", 1), ("a b ", "a c ", 0.5)],
)
def test_the_share_counts_words_of_both_texts(before: str, after: str, share: float) -> None:
    assert redline(before, after).share == share
    assert share_changed(before, after) == share


@given(PLAIN, PLAIN)
def test_equal_values_alone_have_no_changes(before: object, after: object) -> None:
    assert field_changes(before, before) == []
    assert (field_changes(before, after) == []) == (repr(before) == repr(after) or _same(before, after))


def _same(one: object, other: object) -> bool:
    """Equal, and of the same types all the way down, whatever the order of keys."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other


def test_each_changed_field_is_named_by_its_path() -> None:
    before = {"to": "Ann", "items": [{"price": 1}, {"price": 2}], "gone": True}
    after = {"to": "Ann", "items": [{"price": 1}, {"price": 2.0}, {"price": 3}], "new": None}
    assert field_changes(before, after) == [
        FieldChange("items / 2 / price", 2, 2.0),
        FieldChange("items / 3", ABSENT, {"price": 3}),
        FieldChange("gone", True, ABSENT),
        FieldChange("new", ABSENT, None),
    ]


def test_the_share_of_other_values_counts_their_fields() -> None:
    assert share_changed({"a": 1, "b": 2}, {"a": 1, "b": 3}) == 0.5
    assert share_changed([1, 2, 3, 4], [1, 2, 3]) == 0.25
    assert share_changed({}, {}) == 0
    assert share_changed("text", 1) is None
