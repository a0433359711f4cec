"""The state of a thread on the pages: read as a tree, its messages as a conversation, edited after a preview."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review, ReviewStatus, ThreadStatus
from tests.pages.conftest import PageDesk
from tests.pages.redlines import redlines
from tests.pages.screens import asking, labels, links, open_page, opened, said, submit, told, unfold
from tests.support import ADA, ASK, BEN, SIBLINGS, actions, begin, pending, reviews, values

STOPS = """
def write(state): return {"topic": "rye", "answer": {"n": 3, "rate": 1.0}}
def publish(state): return {"log": [state["topic"], state["answer"]]}
graph = wire(write, publish, interrupt_before=["publish"])
"""
TALK = """
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
CALL = {"name": "pay", "args": {"to": "<b>Ada</b>", "parts": [1, {"deep": 2.5}]}, "id": "1"}
def talk(state):
    return {"log": [HumanMessage("Pay *her*."), AIMessage("", tool_calls=[CALL]),
                    ToolMessage("No money.", tool_call_id="1", name="pay", status="error")],
            "answer": {"amount": 1.5, "paid": False, "to": {"mail": "ada@example.com"}}}
def ask(state): return {"topic": interrupt("Go on?")}
graph = wire(talk, ask)
"""


PAYS = """
from review.contract import once
def ask(state):
    paid = once("pay", lambda: state["topic"])
    return {"answer": interrupt(f"{paid} is paid. Go on?"), "log": [paid]}
graph = wire(ask)
"""


def open_state(at: AppTest, place: str) -> AppTest:
    at.session_state[f"state_of_{place}"] = True  # as the click on its line does
    at.run()
    assert not at.exception, at.exception
    return at


def edit(at: AppTest, place: str, topic: str) -> AppTest:
    """Switch the form on, change the topic, and ask for the preview."""
    if not at.toggle(f"edit_state_{place}").value:
        at.toggle(f"edit_state_{place}").set_value(True).run()
    at.text_input(f"state_{place}_topic").set_value(topic)
    at.button(f"preview_state_{place}").click().run()
    assert not at.exception, at.exception
    return at


def apply(at: AppTest, place: str) -> AppTest:
    at.button(f"apply_state_{place}").click().run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize("page", ["review", "threads"])
def test_the_state_is_a_tree_with_types_and_a_conversation(page_desk: PageDesk, page: str) -> None:
    desk = page_desk(talk=TALK)
    review = pending(desk, begin(desk, "talk").id)
    if page == "review":
        at = open_state(opened(review), review.id)
    else:
        at = open_state(open_page("threads", thread=review.thread_id), review.thread_id)
    text = said(at)
    for line in (
        "topic bread text",
        "answer 3 fields amount 1.5 number paid no yes or no to 1 field mail ada@example.com text",
        "Person Pay *her*.",
        "Agent Calls pay to <b>Ada</b> parts list of 2 1 1 2 1 field deep 2.5",
        "Tool pay failed No money.",
        "The last step, talk, changed:] answer, log",
    ):
        assert line in text
    assert not at.json


def test_the_state_is_not_read_until_it_is_asked_for(page_desk: PageDesk) -> None:
    desk = page_desk(talk=TALK)
    at = opened(pending(desk, begin(desk, "talk").id))
    assert "amount" not in said(at)


def test_nested_payloads_are_trees_and_never_raw_json(page_desk: PageDesk) -> None:
    payload = '{"draft": [[1, {"deep": "ada@example.com"}]], "prompt": "Which?", "note": {"a": {"b": [True, None]}}}'
    desk = page_desk(ask=asking(payload))
    at = opened(pending(desk, begin(desk).id))
    assert not at.json
    assert "deep ada@example.com" in said(at)
    assert "b list of 2 1 yes 2 –" in said(at)


def test_the_steps_of_an_agent_show_its_messages_as_a_conversation(page_desk: PageDesk) -> None:
    desk = page_desk(talk=TALK)
    thread = begin(desk, "talk")
    at = open_page("threads", thread=thread.id)
    for step in desk.steps(thread.id):
        at.session_state[f"step_{step.checkpoint_id}"] = True  # as the click on its line does
    assert "Person Pay *her*. Agent Calls pay" in said(at.run())
    assert not at.dataframe


def test_the_state_is_edited_before_a_breakpoint_is_continued(page_desk: PageDesk) -> None:
    desk = page_desk(stops=STOPS)
    review = pending(desk, begin(desk, "stops").id)
    at = opened(review)
    assert "topic rye text" in said(at)
    at = edit(at, review.id, "oats")
    assert redlines(at)["topic"] == ("rye", "oats")
    assert f"submit_{review.id}" not in [button.key for button in at.button]
    apply(at, review.id)
    assert "thread.state_edited" in actions(desk, review.thread_id)
    assert "The state is changed: topic." in said(at)
    desk.finish(review.thread_id)
    again = pending(desk, review.thread_id)
    submit(opened(again), again)
    desk.finish(review.thread_id, again.id)
    assert repr(values(desk, review.thread_id)["log"]) == repr(["oats", {"n": 3, "rate": 1.0}])


def test_a_preview_without_a_change_is_refused_and_editing_can_go_on(page_desk: PageDesk) -> None:
    desk = page_desk(stops=STOPS)
    review = pending(desk, begin(desk, "stops").id)
    at = edit(opened(review), review.id, "rye")
    assert told(at) == "Nothing is changed yet. Change a field first."
    at = edit(at, review.id, "oats")
    assert not at.error
    at.button(f"back_state_{review.id}").click().run()
    assert at.text_input(f"state_{review.id}_topic").value == "oats"


@pytest.mark.parametrize("when", ["before the preview", "before the change"])
def test_a_state_that_moved_on_meanwhile_is_not_edited(page_desk: PageDesk, when: str) -> None:
    desk = page_desk(stops=STOPS)
    review = pending(desk, begin(desk, "stops").id)
    place = review.thread_id
    at = open_page("threads", thread=place)
    at.toggle(f"edit_state_{place}").set_value(True).run()
    at = edit(at, place, "oats") if when == "before the change" else at
    desk.edit_state(place, {"topic": "barley"}, BEN)
    desk.finish(place)
    if when == "before the change":
        assert "has moved on" in told(apply(at, place))
    at.run()
    assert "has moved on since you began" in said(at)
    assert values(desk, place)["topic"] == "barley"
    at.button(f"again_{place}").click().run()
    assert at.text_input(f"state_{place}_1_topic").value == "barley"


def answered_left(desk: Desk) -> tuple[Review, Review]:
    """Two siblings; the graph has taken the answer to the left one and waits for the right one."""
    thread = begin(desk, "siblings")
    left, right = sorted(reviews(desk, thread.id), key=lambda review: review.node)
    desk.decide(left.id, "respond", BEN, value="yes")
    desk.finish(thread.id, left.id)
    return desk.review(left.id), desk.review(right.id)


def test_the_preview_names_what_is_superseded_and_what_is_asked_anew(page_desk: PageDesk) -> None:
    desk = page_desk(siblings=SIBLINGS)
    left, right = answered_left(desk)
    assert [review.id for review in desk.asked_anew(right.thread_id)] == [left.id]
    text = said(edit(opened(right), right.id, "oats"))
    superseded, anew = text.split("Already answered, and asked anew")
    assert superseded.endswith("Superseded, and asked anew where the graph comes to it again:\n- right?\n")
    assert anew.splitlines()[1] == "- left?"


def test_an_edited_interrupt_is_asked_anew_and_both_reviews_link_to_each_other(page_desk: PageDesk) -> None:
    desk = page_desk(ask=ASK)
    review = pending(desk, begin(desk).id)
    at = apply(edit(opened(review), review.id, "oats"), review.id)
    desk.finish(review.thread_id)
    again = pending(desk, review.thread_id)
    assert desk.review(review.id).status == ReviewStatus.SUPERSEDED
    assert again.request.subject == "About oats"
    at.run()
    assert f"Asked anew after the state was edited: {again.title}" in links(at)
    assert "Asked anew after the state was edited; the earlier review" in links(opened(again))


def test_a_change_that_may_do_something_twice_waits_for_consent(page_desk: PageDesk) -> None:
    desk = page_desk(pays=PAYS)
    review = pending(desk, begin(desk, "pays").id)
    at = edit(opened(review), review.id, "oats")
    assert "what has run already: pay" in said(at)
    assert at.button(f"apply_state_{review.id}").disabled
    (box,) = [box for box in at.checkbox if "run again" in box.label]
    box.check().run()
    apply(at, review.id)
    desk.finish(review.thread_id)
    assert "oats is paid" in str(pending(desk, review.thread_id).payload)


def test_nothing_is_changed_while_a_sibling_is_decided(page_desk: PageDesk) -> None:
    desk = page_desk(siblings=SIBLINGS)
    thread = begin(desk, "siblings")
    left, right = reviews(desk, thread.id)
    at = edit(opened(right), right.id, "oats")
    desk.decide(left.id, "respond", BEN, value="yes")
    apply(at, right.id)
    assert "still being applied" in told(at)
    assert "topic" in values(desk, thread.id)
    assert values(desk, thread.id)["topic"] == "bread"


def test_a_change_asks_for_a_name_above_its_button(page_desk: PageDesk) -> None:
    desk = page_desk(stops=STOPS)
    review = pending(desk, begin(desk, "stops").id)
    at = edit(opened(review, name=None), review.id, "oats")
    apply(at, review.id)
    assert told(at).startswith("Give your name first")
    at.text_input("name_with_decision").set_value("Cleo")
    apply(at, review.id)
    entry = next(e for e in desk.ledger.audit.entries(thread_id=review.thread_id) if e.action == "thread.state_edited")
    assert entry.actor == "Cleo"


@pytest.mark.parametrize("source", [ASK, STOPS])
def test_any_review_is_closed_after_asking(page_desk: PageDesk, source: str) -> None:
    desk = page_desk(any=source)
    review = pending(desk, begin(desk, "any").id)
    at = unfold(opened(review), f"ways_to_close_{review.id}")
    (popover,) = [block for block in at.get("popover") if block.proto.popover.label == "Close"]
    assert "Closing is not rejecting" in popover.markdown[0].value
    at.button(f"close_{review.id}").click().run()
    assert desk.thread(review.thread_id).status == ThreadStatus.CLOSED
    assert desk.review(review.id).status == ReviewStatus.SUPERSEDED
    assert "Close the thread" not in labels(at)


def test_a_thread_that_has_ended_is_not_edited(page_desk: PageDesk) -> None:
    desk = page_desk(ask=ASK)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    desk.finish(review.thread_id, review.id)
    at: Any = open_page("threads", thread=review.thread_id)
    assert not at.toggle
