"""The word that a watched run ends in: published, asks again, undone, failed, closed."""

from __future__ import annotations

from pathlib import Path

from review.desk import Desk
from review.model import ReviewStatus, ThreadStatus
from review.watching import Ending, Watched
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, FRAGILE, SIBLINGS, begin, pending, reviews, wait_for


def ended(desk: Desk, thread_id: str, review_id: str | None = None) -> Watched:
    return wait_for(lambda: (seen := desk.watch(thread_id, review_id)).ending and seen, "the end")


def test_a_review_is_watched_from_where_it_was_asked(desk: Desk) -> None:
    thread = begin(desk)
    review = pending(desk, thread.id)
    assert desk.watch(thread.id, review.id).ending == Ending.ASKS
    desk.decide(review.id, "approve", ADA)
    waiting = desk.watch(thread.id, review.id)
    assert (waiting.ending, waiting.steps) == (None, ())
    assert waiting.review is not None
    assert waiting.review.status == ReviewStatus.DECIDED
    desk.finish(thread.id, review.id)
    watched = desk.watch(thread.id, review.id)
    assert [step.nodes for step in watched.steps] == [("ask",), ("publish",)]
    assert watched.ending == Ending.FINISHED


PUBLISHES = """
class State(TypedDict, total=False):
    answer: Any
    published: str
def ask(state): return {"answer": interrupt("Publish?")}
def publish(state): return {"published": "articles/rye.md"}
graph = wire(ask, publish, state=State)
"""
TWICE = """
def ask(state):
    return Command(goto="ask" if interrupt(f"{len(state.get('log', []))}?") == "again" else END, update={"log": [1]})
builder = StateGraph(State)
builder.add_node("ask", ask, destinations=("ask", END))
builder.add_edge(START, "ask")
graph = builder.compile()
"""


def test_what_was_published_is_named(make_desk: MakeDesk) -> None:
    desk = make_desk({"graph": PUBLISHES})
    thread = begin(desk, "graph", {})
    review = pending(desk, thread.id)
    desk.decide(review.id, "answer", ADA, value="yes")
    desk.finish(thread.id, review.id)
    watched = desk.watch(thread.id, review.id)
    assert (watched.ending, watched.published) == (Ending.PUBLISHED, "articles/rye.md")


def test_a_graph_that_asks_again_says_so(make_desk: MakeDesk) -> None:
    desk = make_desk({"graph": TWICE})
    thread = begin(desk, "graph")
    review = pending(desk, thread.id)
    desk.decide(review.id, "answer", ADA, value="again")
    desk.finish(thread.id, review.id)
    assert desk.watch(thread.id, review.id).ending == Ending.ASKS_AGAIN


def test_a_decision_beside_open_siblings_waits_for_them(make_desk: MakeDesk) -> None:
    desk = make_desk({"graph": SIBLINGS})
    thread = begin(desk, "graph")
    first, _ = reviews(desk, thread.id)
    desk.decide(first.id, "answer", ADA, value="yes")
    desk.finish(thread.id, first.id)
    assert desk.watch(thread.id, first.id).ending == Ending.WAITS


def test_a_decision_taken_back_is_undone(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA, undo_seconds=60)
    assert desk.watch(review.thread_id, review.id).ending is None
    desk.undo(review.id, ADA)
    assert desk.watch(review.thread_id, review.id).ending == Ending.UNDONE


def test_a_failed_run_and_a_closed_thread_are_told(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "fragile": FRAGILE})
    (desk.settings.graphs.parent / "broken").touch()
    assert desk.watch(begin(desk, "fragile").id).ending == Ending.FAILED
    closed = begin(desk)
    desk.close_thread(closed.id, BEN)
    assert desk.watch(closed.id).ending == Ending.CLOSED


def test_a_thread_whose_graph_is_gone_is_watched_with_a_sentence(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk({"ask": ASK})
    thread = begin(desk)
    desk.close()
    watched = make_desk({"ask": None}, other=1).watch(thread.id)
    assert watched.thread.status == ThreadStatus.INTERRUPTED
    assert (watched.steps, watched.ending) == ((), Ending.ASKS)
    assert "There is no graph 'ask'" in watched.trouble
