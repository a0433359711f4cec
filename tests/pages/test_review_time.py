"""The Review page over time: undo and its countdown, claims, and a review that changed while it was open."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.ledger import Opening, Settlement
from review.model import Review, ReviewStatus, ThreadStatus, now
from tests.pages.conftest import PageDesk
from tests.pages.redlines import redlines
from tests.pages.screens import DRAFTS, choose, decision, labels, opened, said, submit, told, write, written
from tests.support import ADA, BEN, begin, pending, reviews, values

# Two siblings; one asks in other words each time it is asked.
RESTLESS = """
HERE = pathlib.Path(__file__).parent
def still(state): return {"log": [interrupt("still?")]}
def restless(state):
    with open(HERE / "asked", "a") as asked: asked.write("x")
    said = interrupt({"draft": f"Round {len((HERE / 'asked').read_text())}", "prompt": "Publish?", "same": 1})
    return {"log": [said["content"]]}
builder = StateGraph(State)
for node in (still, restless):
    builder.add_node(node.__name__, node)
    builder.add_edge(START, node.__name__)
graph = builder.compile()
"""


@pytest.fixture
def review(drafts: Desk) -> Review:
    return pending(drafts, begin(drafts, "drafts").id)


@pytest.fixture
def patient(page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch) -> Review:
    """A review of a desk on which a decision can be undone for ten minutes."""
    monkeypatch.setenv("REVIEW_UNDO_SECONDS", "600")
    desk = page_desk(drafts=DRAFTS)
    return pending(desk, begin(desk, "drafts").id)


def click(at: AppTest, key: str) -> AppTest:
    at.button(key).click().run()
    assert not at.exception, at.exception
    return at


def test_a_decision_can_be_undone_and_what_was_typed_is_still_there(patient: Review) -> None:
    at = choose(opened(patient), patient, "edit")
    write(at, patient, "Mine")
    submit(at, patient)
    assert "Applied in" in said(at)
    assert {"Undo", "Apply now"} <= set(labels(at))
    click(at, f"undo_{patient.id}_button")
    assert "Your decision is undone" in said(at)
    assert written(at) == "Mine"
    again = choose(opened(patient), patient, "edit")  # another browser of the same reviewer
    assert written(again) == "Mine"


def test_a_decision_can_be_applied_before_its_time(page_desk: PageDesk, patient: Review) -> None:
    desk = page_desk()
    at = submit(opened(patient), patient)
    assert not desk.relay.advance(patient.thread_id)
    click(at, f"apply_{patient.id}")
    assert desk.finish(patient.thread_id, patient.id).status == "done"
    at.run()
    assert "Undo" not in labels(at)
    assert ": Finished]" in said(at)


def test_somebody_elses_decision_is_not_offered_for_undo(page_desk: PageDesk, patient: Review) -> None:
    page_desk().decide(patient.id, "approve", BEN, undo_seconds=600)
    at = opened(patient)
    assert "Applied in" in said(at)
    assert not {"Undo", "Apply now"} & set(labels(at))


def test_who_holds_a_review_is_told_and_can_lose_it(drafts: Desk, review: Review) -> None:
    drafts.claim(review.id, BEN)
    at = opened(review)
    assert "ben has claimed this review until" in said(at)
    submit(at, review)
    assert "ben has claimed review" in told(at)
    click(at, f"take_over_{review.id}")
    assert "You have claimed this review." in said(at)
    submit(at, review)
    assert decision(drafts, review) == ("approve", "ada", False)


def test_a_review_is_claimed_and_given_back_on_its_page(drafts: Desk, review: Review) -> None:
    at = click(opened(review), f"claim_{review.id}")
    assert drafts.review(review.id).holder(now()) == "ada"
    click(at, f"release_{review.id}")
    assert drafts.review(review.id).holder(now()) is None
    assert "Nobody has claimed this review." in said(at)


def test_who_else_has_the_review_open_is_told(drafts: Desk, review: Review) -> None:
    assert "open too" not in said(opened(review))
    assert "ada has it open too." in said(opened(review, name="ben"))


def test_a_claim_needs_a_name(drafts: Desk, review: Review) -> None:
    at = click(opened(review, name=None), f"claim_{review.id}")
    assert "Give your name first" in told(at)
    assert drafts.review(review.id).holder(now()) is None


def test_a_changed_review_is_refused_shows_the_difference_and_keeps_the_text(page_desk: PageDesk) -> None:
    desk = page_desk(restless=RESTLESS)
    thread = begin(desk, "restless")
    still, review = sorted(reviews(desk, thread.id), key=lambda each: each.title, reverse=True)
    assert (still.title, review.title) == ("still?", "Publish?")
    at = choose(opened(review), review, "edit")
    write(at, review, "Mine")
    desk.decide(still.id, "respond", ADA, message="yes")
    desk.finish(thread.id, still.id)
    submit(at, review)
    assert "changed since it was shown" in told(at)
    assert "What is asked changed while you had this open" in said(at)
    assert redlines(at)["draft"] == ("Round 1", "Round 2")
    assert written(at) == "Mine"
    submit(at, review)  # without having looked: refused again
    assert desk.review(review.id).status == ReviewStatus.PENDING
    click(at, f"seen_{review.id}")
    assert "What is asked changed" not in said(at)
    submit(at, review)
    assert desk.finish(thread.id, review.id).status == "done"
    assert "Mine" in values(desk, thread.id)["log"]


def move_on(desk: Desk, review: Review) -> None:
    """The thread asks the same in another state, as a process reads it that looks at it now."""
    kept = ("pause_key", "kind", "dialect", "node", "payload", "request", "interrupt_id", "task_id")
    asked = Opening(**{name: getattr(review, name) for name in kept}, checkpoint_id="a later one")
    assert desk.ledger.leases.take(review.thread_id, desk.name, 60, idle=True)
    settlement = Settlement(ThreadStatus.INTERRUPTED, openings=(asked,))
    desk.ledger.settling.settle(review.thread_id, desk.name, settlement)


def test_the_same_question_in_another_state_is_refused_says_so_and_keeps_the_text(drafts: Desk, review: Review) -> None:
    at = choose(opened(review), review, "edit")
    write(at, review, "Mine")
    move_on(drafts, review)
    now_ = drafts.review(review.id)
    assert (now_.payload, now_.status) == (review.payload, ReviewStatus.PENDING)
    for _ in range(2):  # without having looked, the second time as well
        submit(at, review)
        assert "changed since it was shown" in told(at)
        assert "The state behind it changed while you had this open" in said(at)
        assert written(at) == "Mine"
        assert drafts.review(review.id).status == ReviewStatus.PENDING
    click(at, f"seen_{review.id}")
    assert "The state behind it changed" not in said(at)
    submit(at, review)
    made = drafts.review(review.id).decision
    assert made is not None
    assert (made.type, made.value, made.version) == ("edit", "Mine", now_.version)
