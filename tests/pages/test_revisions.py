"""A draft that came back: why, what was done about it, and any two of its revisions compared."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review
from tests.pages.conftest import PageDesk
from tests.pages.redlines import redlines
from tests.pages.screens import open_page, opened, said
from tests.support import ADA, BEN, begin, pending

# Asks about what the last answer made of it.
REVISES = """
from review.contract import Request, ask
def review(state):
    log = state.get("log") or [state.get("answer") or "First draft of rye."]
    told = state.get("topic", "")
    answer = ask(Request(title="A draft", subject=log[-1], description=told))
    if answer.decision == "approve":
        return Command(goto=END)
    if answer.decision == "edit":
        return Command(goto="review", update={"log": [log[-1] if state.get("log") else log[0], answer.content]})
    more = {"Leave it.": 0, "Much more.": 50}.get(answer.message, 1)
    made = log[-1] + " And oats." * more
    said = f"Somebody said:\\n\\n> {answer.message}" if told else ""
    return Command(goto="review", update={"log": [made], "topic": said})
builder = StateGraph(State)
builder.add_node("review", review, destinations=("review", END))
builder.add_edge(START, "review")
graph = builder.compile()
"""
AMOUNTS = """
def ask(state):
    amount = len(state.get("log", []))
    answer = interrupt({"draft": {"amount": amount, "to": "Ada"}, "prompt": "Pay?"})
    return Command(goto=END if answer["approved"] else "ask", update={"log": [answer]})
builder = StateGraph(State)
builder.add_node("ask", ask, destinations=("ask", END))
builder.add_edge(START, "ask")
graph = builder.compile()
"""


@pytest.fixture
def desk(page_desk: PageDesk) -> Desk:
    return page_desk(revises=REVISES, amounts=AMOUNTS)


def come_back(
    desk: Desk, message: str = "Say more of *oats*.", kind: str = "respond", graph: str = "revises", **given: object
) -> Review:
    """The review of the second draft, after this was said to the first."""
    thread = begin(desk, graph, given)
    review = pending(desk, thread.id)
    desk.decide(review.id, kind, BEN, message=message)
    desk.finish(thread.id, review.id)
    return pending(desk, thread.id)


def compared(at: AppTest, review: Review) -> list[str]:
    return at.selectbox(f"compare_from_{review.id}").options


@pytest.mark.parametrize("kind", ["respond", "reject"])
def test_a_draft_comes_back_with_what_was_said_and_what_was_done(desk: Desk, kind: str) -> None:
    at = opened(come_back(desk, kind=kind))
    word = {"respond": "asked for changes", "reject": "rejected"}[kind]
    assert f"**ben {word}," in said(at)
    assert "> Say more of *oats*." in said(at)
    (done,) = [each for each in at.expander if "What was done about it" in each.label]
    assert ":green[+2] words" in done.label
    assert done.proto.expanded
    assert redlines(at)["Since Revision 1"] == ("First draft of rye.", "First draft of rye. And oats.")


def test_what_the_graph_says_itself_is_not_said_twice(desk: Desk) -> None:
    at = opened(come_back(desk, topic="told"))
    assert "Somebody said:" in said(at)
    assert "**ben asked for changes" not in said(at)
    assert "Since Revision 1" in redlines(at)


def test_a_draft_that_comes_back_as_it_was_says_so(desk: Desk) -> None:
    at = opened(come_back(desk, "Leave it."))
    assert "Nothing was changed since Revision 1." in said(at)
    assert "Since Revision 1" not in redlines(at)


def test_a_long_change_is_folded_so_that_the_draft_stays_in_sight(desk: Desk) -> None:
    (done,) = [each for each in opened(come_back(desk, "Much more.")).expander if "What was done" in each.label]
    assert ":green[+100] words" in done.label
    assert not done.proto.expanded


def test_an_edit_asked_for_nothing_that_could_have_been_done(desk: Desk) -> None:
    thread = begin(desk, "revises", {})
    review = pending(desk, thread.id)
    desk.decide(review.id, "edit", BEN, value="Ben's own text.")
    desk.finish(thread.id, review.id)
    at = opened(pending(desk, thread.id))
    assert not [each for each in at.expander if "What was done" in each.label]


def test_fields_that_changed_are_counted(desk: Desk) -> None:
    at = opened(come_back(desk, kind="reject", graph="amounts"))
    (done,) = [each for each in at.expander if "What was done about it" in each.label]
    assert ":gray[1 field]" in done.label


def test_any_two_revisions_are_compared_those_of_reviewers_too(desk: Desk) -> None:
    review = come_back(desk)
    desk.decide(review.id, "edit", ADA, value="Ada's own text.")
    desk.finish(review.thread_id, review.id)
    third = pending(desk, review.thread_id)
    at = opened(third)
    names = ["Revision 1", "Revision 2", "Revision 2, as ada edited it", "Revision 3"]
    assert compared(at, third) == names
    assert redlines(at)["What changed"] == ("Ada's own text.", "Ada's own text.")
    ids = [f"{each}" for each in (review.id, f"{review.id}/edited")]
    at.selectbox(f"compare_from_{third.id}").set_value(ids[0]).run()
    at.selectbox(f"compare_to_{third.id}").set_value(ids[1]).run()
    assert redlines(at)["What changed"] == ("First draft of rye. And oats.", "Ada's own text.")
    at.segmented_control(f"compare_as_{third.id}").set_value("Side by side").run()
    assert redlines(at)["What changed"] == ("First draft of rye. And oats.", "Ada's own text.")


def test_the_thread_compares_them_too(desk: Desk) -> None:
    review = come_back(desk)
    at = open_page("threads", thread=review.thread_id)
    assert any(each.label == "Compare the revisions of **A draft**" for each in at.expander)
    assert redlines(at)["What changed"] == ("First draft of rye.", "First draft of rye. And oats.")


def test_a_first_draft_has_nothing_to_compare(desk: Desk) -> None:
    at = opened(pending(desk, begin(desk, "revises", {}).id))
    assert not [each for each in at.expander if "revision" in each.label.lower() or "What was done" in each.label]
