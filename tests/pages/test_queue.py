"""The Queue page: what waits for a person, oldest first."""

from __future__ import annotations

from review.desk import Desk
from tests.pages.conftest import PageDesk
from tests.pages.screens import heading, labels, links, open_page, rows, said
from tests.support import ADA, ASK, begin, pending

# One run that asks 53 questions at once.
MANY = """
def fan(state): return {}
def ask(state): return {"log": [interrupt({"draft": state["topic"], "prompt": f"Question {state['topic']}"})]}
builder = StateGraph(State)
builder.add_node("fan", fan)
builder.add_node("ask", ask)
builder.add_edge(START, "fan")
builder.add_conditional_edges("fan", lambda state: [Send("ask", {"topic": f"{n:02}"}) for n in range(53)], ["ask"])
graph = builder.compile()
"""


def waiting(at: object) -> list[str]:
    return [row["title"] for row in rows(at, "Pending reviews")]  # type: ignore[arg-type]


def test_an_empty_queue_says_so_and_leads_to_start(drafts: Desk) -> None:
    at = open_page()
    assert "Nothing waits for you" in said(at)
    assert "Start a graph" in links(at)
    assert not waiting(at)


def test_reviews_stand_oldest_first_with_graph_kind_and_waiting_time(drafts: Desk) -> None:
    for topic in ("first", "second", "third"):
        begin(drafts, "drafts", {"topic": topic})
    at = open_page()
    assert waiting(at) == ["Draft: first", "Draft: second", "Draft: third"]
    assert "3 reviews wait, oldest first" in said(at)
    row = rows(at, "Pending reviews")[0]
    assert (row["badges"][0][0], row["note"], row["aside"][0][0]) == ("Review", "drafts", "new")


def test_what_is_decided_leaves_the_queue(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    drafts.decide(review.id, "approve", ADA)
    assert not waiting(open_page())


def test_opening_a_row_leads_to_its_review(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = open_page()
    assert rows(at, "Pending reviews")[0]["href"] == f"/review?review={review.id}"
    at.session_state["open_review"] = review.id  # as the click on the row does
    at.run()
    assert heading(at) == "Draft: bread"


def test_more_than_a_page_of_reviews_is_shown_on_request(page_desk: PageDesk) -> None:
    begin(page_desk(many=MANY), "many")
    at = open_page()
    assert len(waiting(at)) == 50
    assert at.button("queue_more").label == "Show more (3 left)"
    at.button("queue_more").click().run()
    assert len(set(waiting(at))) == 53
    assert not any(label.startswith("Show more") for label in labels(at))


def test_examples_are_marked_and_one_click_removes_them_and_nothing_else(page_desk: PageDesk) -> None:
    desk = page_desk(ask=ASK)
    begin(desk, example=True)
    own = begin(desk, given={"topic": "own"})
    at = open_page()
    assert [["Example", "gray"] in row["badges"] for row in rows(at, "Pending reviews")] == [True, False]
    at.button("remove_examples").click().run()
    assert "1 example" in at.success[0].value
    assert [thread.id for thread in desk.ledger.threads.page()] == [own.id]
    assert len(waiting(at)) == 1
    assert "Remove the examples" not in labels(at)


def test_a_title_is_given_as_text_and_never_as_markup(page_desk: PageDesk) -> None:
    asks = 'def ask(state): return {"answer": interrupt({"draft": "d", "prompt": "<b>**Now**</b>"})}\ngraph = wire(ask)'
    begin(page_desk(ask=asks))
    assert waiting(open_page()) == ["<b>**Now**</b>"]
