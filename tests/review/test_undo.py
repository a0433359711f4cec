"""A decision can be taken back until it is applied, and never afterwards."""

from __future__ import annotations

import pytest

from review.desk import Desk
from review.errors import Changed, HeldByOther, Refused, ThreadBusy
from review.model import ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, SIBLINGS, actions, begin, pending, reviews, values, wait_for

LONG = 600


def test_a_decision_waits_for_its_time_and_is_then_applied(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    review = pending(desk, begin(desk).id)
    desk.relay.start()
    made = desk.decide(review.id, "approve", ADA, undo_seconds=0.4)
    assert made.decision is not None
    assert made.decision.apply_at > made.decision.decided_at
    wait_for(lambda: desk.review(review.id).status == ReviewStatus.RESUMED, "its application")
    applied = next(e for e in desk.ledger.audit.entries(thread_id=review.thread_id) if e.action == "decision.applied")
    assert applied.at >= made.decision.apply_at


def test_once_its_time_is_over_a_decision_cannot_be_undone_even_if_nothing_has_applied_it(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    with pytest.raises(Refused, match="is being applied, so it cannot be undone any more"):
        desk.undo(review.id, ADA)
    assert desk.review(review.id).status == ReviewStatus.DECIDED


def test_apply_now_ends_the_time_for_undo(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA, undo_seconds=LONG)
    with pytest.raises(HeldByOther, match="only they can apply it"):
        desk.apply_now(review.id, BEN)
    assert not desk.relay.advance(review.thread_id)
    desk.apply_now(review.id, ADA)
    desk.apply_now(review.id, ADA)
    with pytest.raises(Refused):
        desk.undo(review.id, ADA)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert actions(desk, review.thread_id).count("decision.hastened") == 1
    with pytest.raises(Refused, match="is resumed; there is no decision on it to apply"):
        desk.apply_now(review.id, ADA)


def test_siblings_are_applied_together_only_once_each_is_due(make_desk: MakeDesk) -> None:
    desk = make_desk({"siblings": SIBLINGS})
    thread = begin(desk, "siblings")
    first, second = reviews(desk, thread.id)
    desk.decide(first.id, "respond", ADA, message="at once")
    desk.decide(second.id, "respond", ADA, message="later", undo_seconds=LONG)
    desk.finish(thread.id, first.id)
    assert [review.status for review in (desk.review(first.id), desk.review(second.id))] == ["resumed", "decided"]
    again = desk.undo(second.id, ADA)
    with pytest.raises(Changed):
        desk.decide(second.id, "respond", ADA, message="as it was", version=second.version)
    desk.decide(second.id, "respond", ADA, message="on second thought", version=again.version)
    assert desk.finish(thread.id, second.id).status == ThreadStatus.DONE
    assert sorted(map(str, values(desk, thread.id)["log"])) == [
        *("['left', 'at once']", "['right', 'on second thought']", "join"),
    ]


@pytest.mark.parametrize("change", ["edit the state", "close"])
def test_a_thread_whose_decision_can_be_undone_is_not_changed(desk: Desk, change: str) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA, undo_seconds=LONG)
    with pytest.raises(ThreadBusy, match=r"The decision on review 'Publish\?' is still being applied"):
        if change == "close":
            desk.close_thread(review.thread_id, ADA)
        else:
            desk.edit_state(review.thread_id, {"topic": "cake"}, ADA)
    assert desk.undo(review.id, ADA).status == ReviewStatus.PENDING


def test_a_graphs_own_time_for_undo_goes_before_the_general_one(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, policy={"ask": {"undo_seconds": 12}}, undo_seconds=3)
    assert (desk.undo_seconds("ask"), desk.undo_seconds("other")) == (12, 3)
    assert make_desk(other=1).undo_seconds("ask") == 5
