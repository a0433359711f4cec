"""The revisions of a draft: what was asked before, in which order, and what reviewers made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from review.contract import Request
from review.model import DecisionType, Review
from review.revisions import asked_before, revisions_by_node, revisions_of
from tests.support import AT, decision_factory, review_factory


def asked(number: int, subject: Any = "text", **more: Any) -> Review:
    """What the node asked in its `number`th step."""
    request = Request(title=more.pop("title", "Draft"), subject=subject, details=more.pop("details", {}))
    fields = {"id": f"review-{number}", "checkpoint_id": f"checkpoint-{number}", "request": request}
    return review_factory(**fields | {"created_at": AT + timedelta(hours=number)} | more)


def edited(number: int, subject: Any, value: Any) -> Review:
    made = decision_factory(type=DecisionType.EDIT, value=value, reviewer="Ada")
    return asked(number, subject, decision=made)


def test_what_was_asked_before_is_of_the_same_node_and_of_earlier_steps() -> None:
    first, second, third = asked(1), asked(2), asked(3)
    elsewhere, beside = asked(2, id="other", node="approve"), asked(3, id="beside", created_at=AT)
    assert asked_before(third, [beside, first, second, elsewhere, third]) == [first, second]


def test_of_several_things_asked_in_one_step_the_one_of_the_same_title_counts() -> None:
    left, right = asked(1, title="Left"), asked(1, id="right", title="Right")
    now = asked(2, title="Right")
    assert asked_before(now, [left, right, now]) == [right]


def test_an_edit_is_a_revision_of_its_own_named_by_who_made_it() -> None:
    found = revisions_of([asked(1, "one"), edited(2, "two", "TWO"), asked(3, "three")])
    assert [(each.label, each.value) for each in found] == [
        ("Revision 1", "one"),
        ("Revision 2", "two"),
        ("Revision 2, as Ada edited it", "TWO"),
        ("Revision 3", "three"),
    ]
    assert len({each.id for each in found}) == 4


def test_a_graph_names_its_own_numbers_and_one_asked_again_says_so() -> None:
    found = revisions_of([asked(n, details={"Revision": number}) for n, number in ((1, 1), (2, 1), (3, 4))])
    assert [each.label for each in found] == ["Revision 1", "Revision 1, asked again", "Revision 4"]
    odd = revisions_of([asked(1, details={"Revision": "<b>two</b>"}), asked(2, details={"Revision": True})])
    assert [each.label for each in odd] == ["Revision 1", "Revision 2"]


def test_what_has_no_subject_is_no_revision() -> None:
    assert [each.label for each in revisions_of([asked(1, None), asked(2, {"amount": 3})])] == ["Revision 2"]


def test_only_nodes_that_asked_more_than_once_have_something_to_compare() -> None:
    first, second, once = asked(1), asked(2), asked(1, id="other", node="approve")
    assert list(revisions_by_node([first, once, second])) == ["ask"]
