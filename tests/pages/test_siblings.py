"""Reviews that one thread asks at once: which of how many, the way to the others, and what became of them."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review
from tests.pages.conftest import PageDesk
from tests.pages.screens import open_page, opened, rows, said
from tests.support import ADA, BEN, SIBLINGS, begin, reviews

FAN = """
def fan(state): return [Send("ask", {"topic": str(n)}) for n in range(9)]
def ask(state): return {"log": [interrupt(f"Number {state['topic']}?")]}
builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_conditional_edges(START, fan, ["ask"])
graph = builder.compile()
"""


def siblings(desk: Desk) -> tuple[Review, Review]:
    first, second = reviews(desk, begin(desk, "siblings").id)
    return first, second


def beside(at: AppTest) -> list[tuple[str, list[str]]]:
    """The rows of the others: the review, and the words on its badges and at its right."""
    listed = rows(at, "From the same thread")
    return [(row["id"], [word for word, *_ in (*row["badges"], *row["aside"])]) for row in listed]


def test_a_review_says_which_of_how_many_it_is_and_leads_to_the_others(page_desk: PageDesk) -> None:
    desk = page_desk(siblings=SIBLINGS)
    first, second = siblings(desk)
    at = opened(first)
    assert "1 of 2 from this thread" in said(at)
    assert [review_id for review_id, _ in beside(at)] == [second.id]
    assert "2 of 2 from this thread" in said(opened(second))


def test_a_decided_sibling_says_what_became_of_it(page_desk: PageDesk) -> None:
    desk = page_desk(siblings=SIBLINGS)
    first, second = siblings(desk)
    desk.decide(first.id, "approve", BEN)
    desk.finish(first.thread_id, first.id)
    ((_, words),) = beside(opened(second))
    assert words == ["Review", "Resumed", "approved just now"]
    decided = opened(first)
    assert "1 of 2 from this thread" in said(decided)
    assert [review_id for review_id, _ in beside(decided)] == [second.id]


def test_siblings_are_no_earlier_revisions(page_desk: PageDesk) -> None:
    desk = page_desk(fan=FAN)
    last = reviews(desk, begin(desk, "fan").id)[-1]
    at = opened(last)
    assert "Earlier revisions" not in said(at)
    assert "9 of 9 from this thread" in said(at)
    assert "The others; 8 of them wait" in [expander.label for expander in at.expander]
    assert len(beside(at)) == 8


def test_a_review_that_is_alone_says_nothing_of_siblings(drafts: Desk) -> None:
    review = reviews(drafts, begin(drafts, "drafts").id)[0]
    at = opened(review)
    assert "from this thread" not in said(at)
    drafts.decide(review.id, "respond", ADA, message="More")
    drafts.finish(review.thread_id, review.id)
    (again,) = reviews(drafts, review.thread_id)
    assert "from this thread" not in said(opened(again))


def test_the_queue_names_siblings_in_their_rows(page_desk: PageDesk) -> None:
    desk = page_desk(siblings=SIBLINGS, fan=FAN)
    first, second = siblings(desk)
    begin(desk, "fan")
    notes = {row["id"]: row["note"] for row in rows(open_page("queue"), "Pending reviews")}
    assert notes[first.id] == "siblings, 1 of 2 from this thread"
    assert notes[second.id] == "siblings, 2 of 2 from this thread"
    assert sum("of 9 from this thread" in note for note in notes.values()) == 9


def test_siblings_of_a_superseded_step_are_not_counted(page_desk: PageDesk) -> None:
    desk = page_desk(siblings=SIBLINGS)
    first, _ = siblings(desk)
    desk.edit_state(first.thread_id, {"topic": "oats"}, ADA)
    desk.finish(first.thread_id)
    anew = reviews(desk, first.thread_id)
    assert desk.ledger.reviews.siblings(anew) == {review.id: [each.id for each in anew] for review in anew}
    assert desk.ledger.reviews.siblings([desk.review(first.id)]) == {first.id: []}
    assert desk.ledger.reviews.siblings([]) == {}
