"""Drafts, notes and views: what people leave on the queue, and who sees it."""

from __future__ import annotations

from typing import Any

import pytest

from review.desk import Desk
from review.errors import AlreadyDecided, BadInput, NotFound, ReviewNotFound
from review.ledger.notes import mentioned
from review.ledger.queries import QueueQuery, Sort, Tab
from review.model import Review, ReviewStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, begin, pending


@pytest.fixture
def review(desk: Desk) -> Review:
    return pending(desk, begin(desk).id)


def typed(desk: Desk, review: Review, who: Any = ADA) -> dict[str, Any]:
    return {field: draft.value for field, draft in desk.drafts(review.id, who).items()}


def test_a_draft_is_kept_for_each_field_and_reviewer(desk: Desk, review: Review, make_desk: MakeDesk) -> None:
    first = desk.save_draft(review.id, ADA, "v1", "content", "About")
    later = desk.save_draft(review.id, ADA, "v2", "content", "About ü \ud800 \x00")
    desk.save_draft(review.id, ADA, "v2", "form", {"count": 1, "ratio": 1.0, "none": None})
    desk.save_draft(review.id, BEN, "v1", "content", "Ben's")
    assert later > first
    elsewhere = make_desk(other=1)  # another process, or another device
    found = elsewhere.drafts(review.id, ADA)
    assert (found["content"].version, found["content"].saved_at) == ("v2", later)
    assert typed(elsewhere, review) == {
        "content": "About ü \ud800 \x00",
        "form": {"count": 1, "ratio": 1.0, "none": None},
    }
    assert typed(desk, review, BEN) == {"content": "Ben's"}


def test_a_draft_ends_with_its_reviewers_decision_and_with_nobody_elses(desk: Desk, review: Review) -> None:
    desk.save_draft(review.id, ADA, review.version, "content", "Mine")
    desk.save_draft(review.id, BEN, review.version, "content", "Ben's")
    desk.decide(review.id, "edit", ADA, value="Mine", undo_seconds=600)
    assert typed(desk, review) == {}
    with pytest.raises(AlreadyDecided):
        desk.decide(review.id, "approve", BEN)
    assert typed(desk, review, BEN) == {"content": "Ben's"}
    desk.undo(review.id, ADA)
    withdrawn = desk.ledger.reviews.last_withdrawn(review.id)
    assert withdrawn is not None
    assert withdrawn.value == "Mine"
    assert typed(desk, review, BEN) == {"content": "Ben's"}
    desk.ledger.drafts.clear(review.id, BEN)
    assert typed(desk, review, BEN) == {}


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("content", "x" * 1_000_001, "1,000,001 bytes"),
        ("content", "ü" * 500_001, "1,000,002 bytes"),
        ("content", {"a": object()}, "plain JSON"),
        ("x" * 41, "text", "41"),
        ("", "text", "0"),
    ],
)
def test_a_draft_that_cannot_be_kept_is_refused_and_the_last_one_stays(
    desk: Desk, review: Review, field: str, value: Any, why: str
) -> None:
    desk.save_draft(review.id, ADA, "v1", "content", "x" * 1_000_000)
    with pytest.raises(BadInput, match=why):
        desk.save_draft(review.id, ADA, "v1", field, value)
    assert typed(desk, review) == {"content": "x" * 1_000_000}


def test_a_draft_of_no_review_is_refused(desk: Desk) -> None:
    with pytest.raises(ReviewNotFound):
        desk.save_draft("review-x", ADA, "v1", "content", "text")


def test_a_private_note_is_for_its_author_alone(desk: Desk, review: Review) -> None:
    open_note = desk.add_note(review.id, ADA, " Look at line 3. ")
    secret = desk.add_note(review.id, ADA, "I doubt it, @ben", private=True)
    assert desk.notes(review.id, "ada") == [open_note, secret]
    assert desk.notes(review.id, "ben") == [open_note]
    assert desk.mentions("ben") == []
    told = desk.ledger.audit.entries(review_id=review.id, actions=("note.added",))
    assert [entry.detail.get("text") for entry in told] == [None, "Look at line 3."]
    assert "doubt" not in str(told)


def test_who_is_mentioned_finds_the_note(desk: Desk, review: Review) -> None:
    desk.claim(review.id, BEN)
    note = desk.add_note(review.id, ADA, "@Ben, and @nobody, see this; so do I, @ada")
    assert note.mentions == ("ben", "ada")
    assert [each.text for each in desk.mentions("ben")] == [note.text]
    assert desk.mentions("ada") == []
    assert desk.ledger.notes.reviewers() == ["ada", "ben"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@ada", ["ada"]),
        ("(@ADA)", ["ada"]),
        ("@adam", []),
        ("to ada@example.org", []),
        ("@ada lovelace and @ada", ["ada lovelace", "ada"]),
        ("@a.b (c)", ["a.b (c)"]),
        ("@axb (c)", []),
    ],
)
def test_a_mention_is_a_whole_name(text: str, found: list[str]) -> None:
    assert mentioned(text, ["ada", "ada lovelace", "a.b (c)"]) == found


def test_a_note_has_some_text(desk: Desk, review: Review) -> None:
    for text in ("  ", "x" * 20_001):
        with pytest.raises(BadInput, match="was not added"):
            desk.add_note(review.id, ADA, text)


def test_a_view_is_saved_replaced_and_removed_by_its_name(desk: Desk) -> None:
    query = QueueQuery(Tab.DUE, graph="ask", search="50 %", sort=Sort.PRIORITY)
    desk.save_view(" My  view ", QueueQuery(), ADA)
    desk.save_view("My view", query, BEN)
    desk.save_view("Another", QueueQuery(), BEN)
    first, second = desk.views()
    assert (first.name, second.name, second.query, second.saved_by) == ("Another", "My view", query, "ben")
    assert second.parameters == {"tab": "due", "graph": "ask", "search": "50 %", "sort": "priority"}
    desk.remove_view("My view", ADA)
    with pytest.raises(NotFound, match="There is no view 'My view'"):
        desk.remove_view("My view", ADA)
    with pytest.raises(BadInput, match="1 to 80 characters"):
        desk.save_view("x" * 81, query, ADA)
    told = [(e.action, e.actor) for e in desk.ledger.audit.entries() if e.action.startswith("view.")]
    assert told == [("view.removed", "ada"), ("view.saved", "ben"), ("view.saved", "ben"), ("view.saved", "ada")]


def test_mine_has_what_was_escalated_to_a_group_of_mine(make_desk: MakeDesk) -> None:
    deadline = {"after": 600, "escalate": [{"after": 0, "to": "leads"}]}
    desk = make_desk({"ask": ASK}, groups={"leads": ["ada"]}, policy={"ask": {"deadline": deadline}})
    review = pending(desk, begin(desk).id)
    desk.relay.run_due()
    query = QueueQuery(Tab.MINE)
    assert [found.id for found in desk.queue(query, "ada").reviews] == [review.id]
    assert desk.queue(query, "ben").total == 0
    assert desk.queue(query, "ada", since=review.created_at).arrived == ()
    assert desk.review(review.id).status == ReviewStatus.PENDING
