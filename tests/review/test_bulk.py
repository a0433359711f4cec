"""Several reviews decided at once: each by itself, one run a thread, one undo for all. Claimed at once, too."""

from __future__ import annotations

import pytest

from review.desk import Desk
from review.engine.base import Resume
from review.errors import AlreadyDecided, Changed, DecisionNotAllowed, HeldByOther, InvalidAnswer, NotFound, Refused
from review.model import DecisionType, ReviewStatus, ThreadStatus, now
from tests.conftest import MakeDesk
from tests.review.test_several import FAN, MANY, runs_of
from tests.support import ADA, ASK, BEN, FRAGILE, actions, begin, pending, reviews, values, wait_for

LONG = 600
STOP = "def pay(state): return {}\ngraph = wire(pay, interrupt_before=['pay'])"
CRITICAL = """
def ask(state): return {"answer": interrupt({"draft": "Drop it", "critical": True})}
graph = wire(ask)
"""


def test_each_is_decided_by_itself_with_a_result_of_its_own(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "stop": STOP, "critical": CRITICAL})
    free, old, taken, held = (pending(desk, begin(desk).id) for _ in range(4))
    stop = pending(desk, begin(desk, "stop").id)
    critical = pending(desk, begin(desk, "critical").id)
    desk.decide(taken.id, "approve", BEN)
    desk.claim(held.id, BEN)
    items = [(each.id, each.version) for each in (free, taken, held, stop, critical)]
    items += [(old.id, "another"), ("review-x", "v")]
    foreseen = desk.preview_many(items, "reject", ADA, message="No.")
    assert desk.review(free.id).status == ReviewStatus.PENDING
    made = desk.decide_many(items, "reject", ADA, message="No.")
    for results in (foreseen, made.results):
        assert [result.review_id for result in results] == [review_id for review_id, _ in items]
        assert [type(result.error) for result in results] == [
            *(type(None), AlreadyDecided, HeldByOther, DecisionNotAllowed, DecisionNotAllowed, Changed),
            type(results[-1].error),
        ]
        assert "There is no review 'review-x'" in str(results[-1].error)
        assert "is critical, so it is left out" in str(results[4].error)
    assert made.done == 1
    decided = desk.review(free.id).decision
    assert decided is not None
    assert (decided.type, decided.message, decided.batch) == (DecisionType.REJECT, "No.", made.id)
    entries = desk.ledger.audit.entries(actor="ada", actions=("review.rejected", "decision.refused"))
    assert {entry.group for entry in entries} == {made.id}
    assert len(entries) == 4


def test_a_batch_that_is_sent_twice_is_one(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    items = [(review.id, review.version)] * 2
    first = desk.decide_many(items, "approve", ADA, batch="batch-1", undo_seconds=LONG)
    again = desk.decide_many(items, "approve", ADA, batch="batch-1", undo_seconds=LONG)
    assert first.results[0].review == again.results[0].review
    assert len(again.results) == again.done == 1
    assert actions(desk, review.thread_id).count("review.approved") == 1


@pytest.mark.parametrize("serving", [True, False])
def test_a_hundred_siblings_are_one_run(make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, serving: bool) -> None:
    """Without any time for undo, and with a relay that begins as soon as there is something to do."""
    desk = make_desk({"fan": FAN})
    thread = begin(desk, "fan", {})
    waiting = reviews(desk, thread.id)
    told = runs_of(desk, monkeypatch)
    if serving:
        desk.relay.start()
    made = desk.decide_many([(review.id, review.version) for review in waiting], "reject", ADA, message="No.")
    assert made.done == MANY
    if serving:
        wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end of the run")
    else:
        desk.finish(thread.id)
    assert len(told) == 1
    assert isinstance(told[0], Resume)
    assert len(told[0].answers) == MANY
    assert len(values(desk, thread.id)["log"]) == MANY


def test_one_undo_takes_back_what_can_be_taken_back_of_a_batch(desk: Desk) -> None:
    first, second, third = (pending(desk, begin(desk).id) for _ in range(3))
    items = [(each.id, each.version) for each in (first, second, third)]
    batch = desk.decide_many(items, "reject", ADA, reason="Off topic", undo_seconds=LONG).id
    desk.apply_now(second.id, ADA)
    desk.undo(third.id, ADA)
    with_ben = desk.undo_batch(batch, BEN)
    assert [type(result.error) for result in with_ben.results] == [HeldByOther, HeldByOther]
    undone = desk.undo_batch(batch, ADA)
    assert [type(result.error) for result in undone.results] == [type(None), Refused]
    assert desk.review(first.id).status == ReviewStatus.PENDING
    assert desk.review(second.id).status == ReviewStatus.DECIDED
    assert desk.ledger.reviews.last_withdrawn(first.id).message == "Off topic"  # type: ignore[union-attr]
    with pytest.raises(NotFound, match="No decision of the batch 'none' stands"):
        desk.undo_batch("none", ADA)


def test_a_reason_that_the_graph_does_not_list_is_refused_of_each(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, policy={"ask": {"reasons": ["Off topic", "Too long"]}})
    review = pending(desk, begin(desk).id)
    (result,) = desk.decide_many([(review.id, None)], "reject", ADA, reason="Because").results
    assert isinstance(result.error, InvalidAnswer)
    assert "Off topic, Too long" in result.error.message


def test_several_are_claimed_and_assigned(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    first, second = (pending(desk, begin(desk).id) for _ in range(2))
    assert [result.done for result in desk.claim_many([first.id, "review-x", first.id], BEN).results] == [True, False]
    results = desk.assign([first.id, second.id], " carla  b ", ADA).results
    assert [type(result.error) for result in results] == [HeldByOther, type(None)]
    assert desk.review(second.id).assignee == "carla b"
    assert desk.assign([first.id, second.id], "carla b", ADA, take_over=True).done == 2
    assigned = desk.ledger.audit.entries(actions=("review.assigned",))
    assert [(entry.actor, entry.detail["to"], entry.detail.get("was")) for entry in assigned] == [
        ("ada", "carla b", "ben"),
        ("ada", "carla b", None),
    ]
    with pytest.raises(HeldByOther, match="carla b has claimed"):
        desk.decide(first.id, "approve", BEN)
    desk.decide(second.id, "approve", ADA, take_over=True)
    (late,) = desk.assign([second.id], "ben", ADA).results
    assert isinstance(late.error, AlreadyDecided)


def test_claims_made_together_are_taken_back_together(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    free, taken, mine, decided = (pending(desk, begin(desk).id) for _ in range(4))
    until = desk.claim(taken.id, BEN).claimed_until
    desk.claim(mine.id, ADA)
    made = desk.claim_many([free.id, taken.id, mine.id, decided.id], ADA, take_over=True)
    desk.look_at(free.id, "browser", ADA)
    desk.decide(decided.id, "approve", ADA)
    assert desk.undo_claims(made, BEN).results == ()
    undone = {result.review_id: result for result in desk.undo_claims(made, ADA).results}
    assert [undone[each.id].done for each in (free, taken, decided)] == [True, True, False]
    assert "waits for nobody any more" in str(undone[decided.id].error)
    assert mine.id not in undone  # it was ada's before
    back = desk.review(taken.id)
    assert (back.assignee, back.claimed_until) == ("ben", until)
    assert desk.review(free.id).holder(now()) is None
    assert desk.review(mine.id).holder(now()) == "ada"
    entries = desk.ledger.audit.entries(actions=("claim.withdrawn",))
    assert {(entry.review_id, entry.detail["was"], entry.detail.get("to")) for entry in entries} == {
        (free.id, "ada", None),
        (taken.id, "ada", "ben"),
    }


def test_who_was_assigned_a_review_and_has_it_open_keeps_it(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    begun, released, left = (pending(desk, begin(desk).id) for _ in range(3))
    made = desk.assign([begun.id, released.id, left.id], "ben", ADA)
    desk.look_at(begun.id, "browser", BEN)
    desk.release(released.id, BEN)
    undone = desk.undo_claims(made, ADA)
    assert [result.done for result in undone.results] == [False, False, True]
    kept, given_up, _ = (str(result.error) for result in undone.results)
    assert kept.startswith("ben has review")
    assert "since, so it stays as it is" in given_up
    assert [desk.review(each.id).holder(now()) for each in (begun, released, left)] == ["ben", None, None]


def test_failed_nodes_are_retried_together(make_desk: MakeDesk) -> None:
    desk = make_desk({"fragile": FRAGILE})
    (desk.settings.graphs.parent / "broken").touch()
    failed = [pending(desk, begin(desk, "fragile").id) for _ in range(2)]
    (desk.settings.graphs.parent / "broken").unlink()
    assert desk.decide_many([(review.id, review.version) for review in failed], "retry", ADA).done == 2
    assert {desk.finish(review.thread_id).status for review in failed} == {ThreadStatus.DONE}
