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
        ("removed", "quick"),
        ("added", "slow"),
        ("same", " fox "),
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


def test_a_word_that_only_gets_another_blank_behind_it_is_no_new_word() -> None:
    found = redline("Two words.", "Two words. And more.\n")
    assert [(each.mark.value, each.text) for each in found.stretches] == [
        ("same", "Two words."),
        ("added", " And more.\n"),
    ]
    assert redline("a b\nc", "a\nb c").share == 0


def test_one_change_in_very_many_lines_is_one_change() -> None:
    lines = [f"line {n}\n" for n in range(30_000)]
    found = redline("".join(lines), "".join([*lines[:20_000], "new\n", *lines[20_001:]]))
    assert (found.coarse, found.words_added, found.words_removed) == (False, 1, 2)


def test_very_long_texts_are_compared_within_the_paragraphs_that_changed() -> None:
    paragraphs = [" ".join(f"word{n}" for n in range(100)) + f" of {place}\n\n" for place in range(500)]
    changed = list(paragraphs)
    changed[7] = changed[7].replace("word50", "another")
    changed[300] = ""
    found = redline("".join(paragraphs), "".join(changed))
    assert not found.coarse
    assert [(each.mark.value, each.text) for each in found.stretches if each.mark != Mark.SAME] == [
        ("removed", "word50"),
        ("added", "another"),
        ("removed", paragraphs[300]),
    ]


@pytest.mark.parametrize("between", [" ", "\n"])
def test_what_is_too_long_for_words_is_told_whole_and_exact(between: str) -> None:
    before, after = (between.join(f"{name}{n}" for n in range(20_000)) for name in ("old", "new"))
    before, after = "Title\n" + before, "Title\n" + after
    found = redline(before, after)
    assert found.coarse
    assert [each.mark.value for each in found.stretches] == ["same", "removed", "added"]
    assert "".join(each.text for each in found.stretches if each.mark != Mark.ADDED) == before
    assert (found.words_added, found.words_removed) == (20_000, 20_000)
