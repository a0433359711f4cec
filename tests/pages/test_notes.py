"""Notes on a review's page: for everybody, or for their author alone."""

from __future__ import annotations

import pytest

from review.desk import Desk
from review.model import Review
from tests.pages.screens import open_page, opened, said, unfold
from tests.support import ADA, BEN, begin, pending


@pytest.fixture
def review(drafts: Desk) -> Review:
    return pending(drafts, begin(drafts, "drafts").id)


def test_a_note_is_read_by_others_and_a_private_one_is_not(drafts: Desk, review: Review) -> None:
    at = unfold(opened(review), f"notes_{review.id}")
    at.text_area(f"note_{review.id}").set_value("Ask @ben about <b>rye</b>").run()
    at.button(f"add_note_{review.id}").click().run()
    at.text_area(f"note_{review.id}").set_value("I doubt it").run()
    at.checkbox(f"note_private_{review.id}").check().run()
    at.button(f"add_note_{review.id}").click().run()
    assert at.text_area(f"note_{review.id}").value == ""
    assert {"Ask @ben about <b>rye</b>", "I doubt it"} <= set(said(at).splitlines())
    other = said(unfold(opened(review, name="ben"), f"notes_{review.id}"))
    assert "Ask @ben about <b>rye</b>" in other
    assert "I doubt it" not in other
    assert [note.private for note in drafts.notes(review.id, "ada")] == [False, True]


def test_an_empty_note_is_refused_in_a_sentence(drafts: Desk, review: Review) -> None:
    at = unfold(opened(review), f"notes_{review.id}")
    at.button(f"add_note_{review.id}").click().run()
    assert "A note has 1 to 20,000 characters" in str(at.error[0].value)
    assert drafts.notes(review.id, "ada") == []


def test_what_was_noted_is_read_beside_the_decision_and_what_is_private_by_its_author_alone(
    drafts: Desk, review: Review
) -> None:
    drafts.add_note(review.id, BEN, "Ask the baker")
    drafts.add_note(review.id, ADA, "I doubt it", private=True)
    drafts.decide(review.id, "approve", ADA)
    drafts.finish(review.thread_id, review.id)
    hers, his = (said(unfold(opened(review, name=name), f"notes_{review.id}")) for name in ("ada", "ben"))
    assert "Ask the baker" in hers
    assert "I doubt it" in hers
    assert "Ask the baker" in his
    assert "I doubt it" not in his
    history = open_page("history").dataframe[0].value
    assert list(history[history["Action"] == "Note added"]["Said"]) == ["", "Ask the baker"]
    story = said(open_page("threads", thread=review.thread_id))
    assert "Note added by ben" in story
    assert "Ask the baker" in story
    assert "I doubt it" not in story
