"""Decisions in the ledger: compare-and-set, refusals in sentences, claims, undo, pages, audit."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from review.desk import Desk
from review.errors import (
    AlreadyDecided,
    BadInput,
    Changed,
    DecisionNotAllowed,
    HeldByOther,
    InvalidAnswer,
    Refused,
    ReviewNotFound,
    ThreadBusy,
    ThreadNotFound,
)
from review.ledger import MEMORY, Draft, Ledger, Start
from review.model import DecisionType, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, SIBLINGS, actions, begin, pending, reviews, values


def rows(tmp_path: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(tmp_path / "data" / "ledger.sqlite")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


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
        f"ada decided review {review.id} already: approve, {won.decided_at:%Y-%m-%d %H:%M:%S} UTC. "
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
    with pytest.raises(Refused, match="is pending; there is no decision on it to undo"):
        desk.undo(review.id, ADA)
    desk.decide(review.id, "approve", BEN, version=again.version)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["answer"]["reviewer"] == "ben"
    with pytest.raises(Refused, match="is resumed"):
        desk.undo(review.id, BEN)


def test_an_undone_decision_is_never_applied_when_its_time_comes(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA, undo_seconds=0.05)
    desk.undo(review.id, ADA)
    while desk.relay.due():
        desk.relay.run_due()
    assert desk.thread(review.thread_id).status == ThreadStatus.INTERRUPTED
    assert desk.review(review.id).status == ReviewStatus.PENDING


def test_the_queue_is_paged_by_key_oldest_first(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "siblings": SIBLINGS})
    for _ in range(3):
        begin(desk)
    begin(desk, "siblings")
    every = desk.ledger.reviews.page()
    assert len(every) == 5
    assert [review.created_at for review in every] == sorted(review.created_at for review in every)
    first = desk.ledger.reviews.page(limit=2)
    second = desk.ledger.reviews.page(limit=2, after=(first[-1].created_at, first[-1].id))
    third = desk.ledger.reviews.page(limit=2, after=(second[-1].created_at, second[-1].id))
    assert first + second + third == every
    assert [review.graph for review in desk.ledger.reviews.page(graph="siblings")] == ["siblings"] * 2
    desk.decide(every[0].id, "approve", ADA)
    assert desk.ledger.reviews.count() == 4
    assert desk.ledger.reviews.count(graph="ask") == 2
    assert desk.ledger.reviews.count(status=("decided",)) == 1
    assert desk.ledger.reviews.count(status=()) == 5


def test_the_queue_reads_by_index(desk: Desk, tmp_path: Path) -> None:
    begin(desk)
    plan = rows(
        tmp_path,
        "EXPLAIN QUERY PLAN SELECT * FROM reviews WHERE status IN ('pending') "
        "AND (created_at > '2026' OR (created_at = '2026' AND id > 'a')) ORDER BY created_at, id LIMIT 50",
    )
    told = " ".join(str(row[-1]) for row in plan)
    assert "reviews_by_status_and_age" in told
    assert "TEMP B-TREE" not in told


def test_threads_are_paged_newest_first_and_counted(desk: Desk) -> None:
    ids = [begin(desk).id for _ in range(3)]
    assert [thread.id for thread in desk.ledger.threads.page()] == ids[::-1]
    newest = desk.ledger.threads.page(limit=1)[0]
    rest = desk.ledger.threads.page(before=(newest.created_at, newest.id))
    assert [thread.id for thread in rest] == ids[-2::-1]
    desk.close_thread(ids[0], ADA)
    assert desk.ledger.threads.counts() == {"interrupted": 2, "closed": 1}


def test_the_history_is_filtered_and_paged(desk: Desk) -> None:
    one, other = begin(desk), begin(desk)
    desk.decide(pending(desk, one.id).id, "approve", BEN)
    entries = desk.ledger.audit.entries()
    assert [entry.id for entry in entries] == sorted((entry.id for entry in entries), reverse=True)
    assert [entry.action for entry in desk.ledger.audit.entries(actor="ben")] == ["review.approved"]
    assert {entry.thread_id for entry in desk.ledger.audit.entries(thread_id=other.id)} == {other.id}
    assert [entry.action for entry in desk.ledger.audit.entries(actions=("thread.started",))] == ["thread.started"] * 2
    assert desk.ledger.audit.entries(before=entries[1].id) == entries[2:]
    assert desk.ledger.audit.entries(limit=1) == entries[:1]
    kinds, actors = desk.ledger.audit.kinds()
    assert kinds == ["review.approved", "review.opened", "thread.started"]
    assert actors == ["ada", "ben", "system"]


def test_a_thread_that_waits_takes_no_new_start(desk: Desk) -> None:
    thread = begin(desk)
    with pytest.raises(ThreadBusy, match=f"Thread {thread.id} is interrupted; only a finished thread"):
        desk.start("ask", {"topic": "cake"}, ADA, thread_id=thread.id)
    assert pending(desk, thread.id).status == ReviewStatus.PENDING


def test_another_graphs_thread_is_bad_input(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "siblings": SIBLINGS})
    thread = begin(desk)
    with pytest.raises(BadInput, match="belongs to graph ask, not siblings"):
        desk.start("siblings", {}, ADA, thread_id=thread.id)


def test_a_done_thread_goes_on_with_new_input(desk: Desk) -> None:
    thread = begin(desk)
    desk.decide(pending(desk, thread.id).id, "approve", ADA)
    desk.finish(thread.id)
    again = desk.start("ask", {"topic": "cake"}, BEN, thread_id=thread.id)
    assert (again.status, again.input) == (ThreadStatus.QUEUED, {"topic": "cake"})
    desk.finish(thread.id)
    assert pending(desk, thread.id).payload["draft"] == "About cake"
    assert len(reviews(desk, thread.id, "resumed")) == 1


def test_a_ledger_in_memory_forgets() -> None:
    one, other = Ledger(MEMORY), Ledger(MEMORY)
    one.threads.queue_start(Start("thread-1", "ask", {}), ADA)
    assert [thread.id for thread in one.threads.page()] == ["thread-1"]
    assert other.threads.page() == []
    one.close()
    other.close()


def test_examples_are_added_once_and_removed_whole(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    assert desk.ledger.threads.claim_first_start()
    assert not desk.ledger.threads.claim_first_start()
    example = begin(desk, example=True)
    real = begin(desk)
    desk.decide(pending(desk, example.id).id, "approve", ADA)
    desk.finish(example.id)
    assert desk.ledger.threads.has_examples()
    assert desk.remove_examples(ADA) == 1
    assert not desk.ledger.threads.has_examples()
    assert [thread.id for thread in desk.ledger.threads.page()] == [real.id]
    assert pending(desk, real.id).status == ReviewStatus.PENDING
    assert not desk.ledger.threads.claim_first_start()
    with pytest.raises(ThreadNotFound):
        desk.thread(example.id)
