"""Decisions in the ledger: compare-and-set, refusals in sentences, claims, undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.desk import Desk
from review.errors import (
    AlreadyDecided,
    Changed,
    DecisionNotAllowed,
    HeldByOther,
    InvalidAnswer,
    Refused,
    ReviewNotFound,
    ThreadNotFound,
)
from review.ledger import Draft
from review.model import DecisionType, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.review.ledger_rows import rows
from tests.support import ADA, ASK, BEN, actions, begin, pending, values, wait_for


def test_a_decision_is_one_row_and_one_entry(desk: Desk, tmp_path: Path) -> None:
    review = pending(desk, begin(desk).id)
    decided = desk.decide(review.id, "edit", BEN, value="Better", message="Shorter")
    assert decided.status == ReviewStatus.DECIDED
    made = decided.decision
    assert made is not None
    assert (made.type, made.value, made.message, made.reviewer, made.signed_in) == (
        *(DecisionType.EDIT, "Better", "Shorter", "ben", True),
    )
    assert made.version == review.version
    assert made.resume_value == {
        "approved": True,
        "edited": True,
        "reviewer": "ben",
        "content": "Better",
        "notes": "Shorter",
    }
    assert rows(tmp_path, "SELECT count(*) FROM decisions") == [(1,)]
    entry = desk.ledger.audit.entries(review_id=review.id)[0]
    assert (entry.action, entry.actor, entry.signed_in) == ("review.edited", "ben", True)
    assert entry.detail == {"title": "Publish?", "node": "ask", "message": "Shorter", "share_changed": 1.0}
    assert (entry.graph, entry.thread_id) == ("ask", review.thread_id)


def test_second_reviewer_is_told_who_decided(desk: Desk, tmp_path: Path) -> None:
    review = pending(desk, begin(desk).id)
    won = desk.decide(review.id, "approve", ADA, version=review.version).decision
    assert won is not None
    with pytest.raises(AlreadyDecided) as refused:
        desk.decide(review.id, "reject", BEN, version=review.version, message="No")
    error = refused.value
    assert error.message == (
        f"ada decided review 'Publish?' already: approve, {won.decided_at:%Y-%m-%d %H:%M:%S} UTC. "
        "Your decision was not recorded."
    )
    assert error.details == {
        "review_id": review.id,
        "decision": "approve",
        "reviewer": "ada",
        "decided_at": won.decided_at.isoformat(),
    }
    assert (error.code, error.exit_code) == ("already_decided", 3)
    assert error.as_json()["message"] == error.message
    assert desk.review(review.id).decision == won
    assert rows(tmp_path, "SELECT type FROM decisions") == [("approve",)]
    entry = desk.ledger.audit.entries(review_id=review.id)[0]
    assert (entry.action, entry.actor, entry.detail["why"], entry.detail["type"]) == (
        *("decision.refused", "ben", "already_decided", "reject"),
    )


@pytest.mark.parametrize("how", ["before the relay took it", "after it was applied"])
def test_the_second_is_told_at_any_time(desk: Desk, how: str) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    if how == "after it was applied":
        desk.finish(review.thread_id)
    with pytest.raises(AlreadyDecided, match="ada decided review"):
        desk.decide(review.id, "approve", ADA)


def test_a_decision_on_another_version_is_refused(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    with pytest.raises(Changed, match="changed since it was shown") as refused:
        desk.decide(review.id, "approve", ADA, version="of yesterday")
    assert refused.value.details == {"review_id": review.id, "shown": "of yesterday", "version": review.version}
    assert desk.review(review.id) == review
    assert desk.ledger.audit.entries(review_id=review.id)[0].detail["why"] == "changed"


def test_a_superseded_review_takes_no_decision(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.close_thread(review.thread_id, BEN)
    with pytest.raises(Changed, match="is superseded: its thread moved on"):
        desk.decide(review.id, "approve", ADA)


def test_a_type_that_is_not_offered_is_refused(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    for type_ in ("respond", "continue", "retry", "applaud", ""):
        with pytest.raises(DecisionNotAllowed, match="It offers: approve, edit, reject") as refused:
            desk.decide(review.id, type_, ADA)
        assert refused.value.details["allowed_decisions"] == ["approve", "edit", "reject"]
    assert desk.review(review.id) == review


def test_a_required_reason_is_required(make_desk: MakeDesk) -> None:
    graph = """
    from review.contract import Request, ask
    def review(state): return {"answer": ask(Request("Publish?", subject="Bread")).model_dump()}
    graph = wire(review)
    """
    desk = make_desk({"typed": "\n".join(line.strip() for line in graph.splitlines())})
    review = pending(desk, begin(desk, "typed").id)
    assert review.request.message_required == ("respond", "reject")
    for message in ("", "  \n"):
        with pytest.raises(InvalidAnswer, match="say why: the message is empty") as refused:
            desk.decide(review.id, "reject", ADA, message=message)
        assert refused.value.details["errors"] == {"message": ""}
    assert desk.review(review.id) == review
    desk.decide(review.id, "reject", ADA, message="Not yet")
    assert values(desk, desk.finish(review.thread_id).id)["answer"] == {
        "decision": "reject",
        "content": "Bread",
        "message": "Not yet",
        "reviewer": "ada",
    }


def test_an_unknown_review_is_named(desk: Desk) -> None:
    for call in (
        lambda: desk.review("review-0"),
        lambda: desk.decide("review-0", "approve", ADA),
        lambda: desk.ledger.decisions.decide("review-0", "v", Draft(DecisionType.APPROVE), ADA),
        lambda: desk.claim("review-0", ADA),
        lambda: desk.release("review-0", ADA),
        lambda: desk.undo("review-0", ADA),
        lambda: desk.ledger.decisions.retry("review-0", ADA),
    ):
        with pytest.raises(ReviewNotFound, match="There is no review 'review-0'"):
            call()
    with pytest.raises(ThreadNotFound, match="There is no thread 'thread-0'"):
        desk.thread("thread-0")
    assert desk.ledger.audit.entries() == []


def test_a_claim_keeps_others_away_until_it_is_released(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    claimed = desk.claim(review.id, ADA)
    assert claimed.assignee == "ada"
    assert claimed.claimed_until is not None
    assert claimed.version == review.version
    for call in (
        lambda: desk.decide(review.id, "approve", BEN),
        lambda: desk.claim(review.id, BEN),
        lambda: desk.release(review.id, BEN),
    ):
        with pytest.raises(HeldByOther, match="ada has claimed review") as refused:
            call()
        assert refused.value.details["assignee"] == "ada"
    assert desk.claim(review.id, ADA).assignee == "ada"
    assert desk.release(review.id, ADA).assignee is None
    assert desk.release(review.id, BEN).assignee is None
    assert desk.decide(review.id, "approve", BEN).status == ReviewStatus.DECIDED
    assert actions(desk, review.thread_id)[2:] == [
        *("review.claimed", "decision.refused", "review.released", "review.approved"),
    ]


def test_a_claim_ends_by_itself(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, claim_seconds=1e-6)
    review = pending(desk, begin(desk).id)
    desk.claim(review.id, ADA)
    assert desk.claim(review.id, BEN).assignee == "ben"
    assert desk.decide(review.id, "approve", ADA).status == ReviewStatus.DECIDED


def test_a_decided_review_cannot_be_claimed(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    with pytest.raises(AlreadyDecided):
        desk.claim(review.id, BEN)


def test_a_decision_can_be_undone_while_no_relay_may_take_it(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "edit", ADA, value="Typed", message="Why", undo_seconds=600)
    assert not desk.relay.advance(review.thread_id)
    with pytest.raises(HeldByOther, match="only they can undo it"):
        desk.undo(review.id, BEN)
    again = desk.undo(review.id, ADA)
    assert again.status == ReviewStatus.PENDING
    assert again.decision is None
    assert again.version != review.version
    withdrawn = desk.ledger.reviews.last_withdrawn(review.id)
    assert withdrawn is not None
    assert (withdrawn.value, withdrawn.message) == ("Typed", "Why")
    with pytest.raises(Changed):
        desk.decide(review.id, "approve", BEN, version=review.version)
    assert desk.undo(review.id, ADA) == again  # which is what they are told who say it twice
    with pytest.raises(Refused, match="is pending; there is no decision on it to undo"):
        desk.undo(review.id, BEN)
    desk.decide(review.id, "approve", BEN, version=again.version)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["answer"]["reviewer"] == "ben"
    with pytest.raises(Refused, match="is resumed"):
        desk.undo(review.id, BEN)


def test_an_undone_decision_is_never_applied_when_its_time_comes(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA, undo_seconds=1)
    desk.undo(review.id, ADA)
    wait_for(desk.relay.due, "its time")
    while desk.relay.due():
        desk.relay.run_due()
    assert desk.thread(review.thread_id).status == ThreadStatus.INTERRUPTED
    assert desk.review(review.id).status == ReviewStatus.PENDING
