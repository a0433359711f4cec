"""Mentions reach who is mentioned, until they have opened or decided the review."""

from __future__ import annotations

import pytest

from review.desk import Desk
from review.model import Review
from review.reviewers import Reviewer
from tests.support import ADA, BEN, begin, pending


@pytest.fixture
def review(desk: Desk) -> Review:
    """One that ben has given back, so that the desk knows him."""
    found = pending(desk, begin(desk).id)
    desk.claim(found.id, BEN)
    desk.release(found.id, BEN)
    return found


def told(desk: Desk, name: str) -> list[str]:
    return [mention.text for mention in desk.mentions(name)]


def test_a_mention_names_the_review_and_who_wrote_it(desk: Desk, review: Review) -> None:
    note = desk.add_note(review.id, ADA, "@ben, is rye right?")
    (mention,) = desk.mentions("ben")
    assert (mention.review_id, mention.title, mention.author, mention.text, mention.at) == (
        review.id, review.title, "ada", "@ben, is rye right?", note.at
    )  # fmt: skip


def test_a_mention_finds_its_reviewer_however_the_name_is_written(desk: Desk, review: Review) -> None:
    desk.add_note(review.id, ADA, "@BEN!")
    assert told(desk, " Ben") == ["@BEN!"]


def test_a_private_note_and_a_note_to_oneself_mention_nobody(desk: Desk, review: Review) -> None:
    desk.add_note(review.id, ADA, "@ben knows nothing", private=True)
    desk.add_note(review.id, BEN, "@ben, remember")
    assert told(desk, "ben") == []


def test_a_mention_goes_when_the_review_was_opened_and_a_later_one_comes(desk: Desk, review: Review) -> None:
    other = pending(desk, begin(desk).id)
    desk.add_note(review.id, ADA, "@ben one")
    desk.add_note(other.id, ADA, "@ben two")
    desk.look_at(review.id, "browser-1", ADA)  # which is somebody else's look
    assert told(desk, "ben") == ["@ben two", "@ben one"]
    desk.look_at(review.id, "browser-2", Reviewer("Ben"))
    assert told(desk, "ben") == ["@ben two"]
    desk.add_note(review.id, ADA, "@ben three")
    assert told(desk, "ben") == ["@ben three", "@ben two"]


def test_a_mention_goes_with_my_decision_and_does_not_come_back_with_its_undo(desk: Desk, review: Review) -> None:
    desk.add_note(review.id, ADA, "@ben?")
    desk.decide(review.id, "approve", BEN, undo_seconds=60)
    desk.undo(review.id, BEN)
    assert told(desk, "ben") == []


def test_a_mention_on_a_review_that_another_decided_waits_for_its_return(desk: Desk, review: Review) -> None:
    desk.add_note(review.id, ADA, "@ben?")
    desk.decide(review.id, "approve", ADA, undo_seconds=60)
    assert told(desk, "ben") == []
    desk.undo(review.id, ADA)
    assert told(desk, "ben") == ["@ben?"]


def test_a_removed_example_takes_its_mentions_along(desk: Desk, review: Review) -> None:
    example = pending(desk, begin(desk, example=True).id)
    desk.add_note(example.id, ADA, "@ben?")
    desk.remove_examples(ADA)
    assert told(desk, "ben") == []
