"""The agent with guarded tools: langchain's own middleware, on every decision that each tool allows."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import HumanMessage, ToolMessage

from graphs.helpdesk.offline import next_message
from review.desk import Desk
from review.dialects import Said
from review.model import DecisionType, Review, ThreadStatus
from tests.conftest import MakeDesk
from tests.graphs.desks import ask, lines, say, thread_of
from tests.openai_server import Text, openai_server
from tests.support import ADA, ROOT, begin, reviews


def told(desk: Desk, review: Review) -> str:
    return str(desk.state(review.thread_id).values["messages"][-1].text)


def results(desk: Desk, review: Review) -> dict[str, ToolMessage]:
    messages = desk.state(review.thread_id).values["messages"]
    return {message.name: message for message in messages if isinstance(message, ToolMessage)}


def said(*each: tuple[str, Any, str]) -> list[Said]:
    return [Said(DecisionType(kind), value, message, "ada") for kind, value, message in each]


def test_the_agent_proposes_a_refund_and_a_reply(desk: Desk) -> None:
    review = ask(desk, "support_agent")
    assert (review.dialect, review.title) == ("batched", "2 actions: refund_order, send_reply")
    refund, reply = review.request.actions
    assert refund.args == {"number": "A-2093", "amount": 39.9, "reason": "broken"}
    assert refund.allowed_decisions == ("approve", "edit", "reject")
    assert reply.allowed_decisions == ("approve", "edit", "respond", "reject")
    assert (lines(desk, "refunds.jsonl"), lines(desk, "replies.jsonl")) == ([], [])


def test_both_approved_happen_once_each(desk: Desk) -> None:
    review = ask(desk, "support_agent")
    say(desk, review, "approve")
    assert thread_of(desk, review).status == ThreadStatus.DONE
    assert [(line["number"], line["amount"]) for line in lines(desk, "refunds.jsonl")] == [("A-2093", 39.9)]
    assert [line["to"] for line in lines(desk, "replies.jsonl")] == ["nora@example.com"]
    assert "39.90 EUR are on their way back" in told(desk, review)


def test_both_rejected_do_not_happen(desk: Desk) -> None:
    review = ask(desk, "support_agent")
    say(desk, review, "reject", message="Ask for a photograph first.")
    assert (lines(desk, "refunds.jsonl"), lines(desk, "replies.jsonl")) == ([], [])
    assert "Ask for a photograph first." in told(desk, review)


def test_each_tool_gets_its_own_decision(desk: Desk) -> None:
    review = ask(desk, "support_agent")
    half = {"number": "A-2093", "amount": 20.0, "reason": "a chip in the lid"}
    desk.decide_actions(review.id, said(("edit", half, ""), ("respond", None, "I called her.")), ADA)
    desk.finish(review.thread_id, review.id)
    assert [line["amount"] for line in lines(desk, "refunds.jsonl")] == [20.0]
    assert lines(desk, "replies.jsonl") == []
    assert results(desk, review)["send_reply"].text == "I called her."


def test_a_reply_alone_is_one_action_that_can_be_edited(desk: Desk) -> None:
    review = ask(desk, "support_agent", 1)
    assert review.request.allowed_decisions == ("approve", "edit", "respond", "reject")
    say(desk, review, "edit", {"to": "pavel@example.com", "body": "It is on its way."})
    assert [line["body"] for line in lines(desk, "replies.jsonl")] == ["It is on its way."]


@pytest.mark.parametrize(("kind", "sent"), [("approve", 1), ("respond", 0), ("reject", 0)])
def test_a_reply_alone_takes_every_other_decision(desk: Desk, kind: str, sent: int) -> None:
    review = ask(desk, "support_agent", 1)
    say(desk, review, kind, message="Thank you." * (kind != "approve"))
    assert thread_of(desk, review).status == ThreadStatus.DONE
    assert len(lines(desk, "replies.jsonl")) == sent


@pytest.mark.parametrize(
    ("message", "answer"),
    [("Where is my parcel?", "The customer names no order."), ("A-9999 is broken", "There is no order A-9999.")],
)
def test_the_offline_agent_says_where_it_can_do_nothing(desk: Desk, message: str, answer: str) -> None:
    thread = begin(desk, "support_agent", {"message": message})
    assert thread.status == ThreadStatus.DONE
    assert reviews(desk, thread.id) == []
    assert desk.state(thread.id).values["messages"][-1].text.startswith(answer)


def test_the_offline_model_is_the_same_every_time() -> None:
    messages = [HumanMessage("A-2093 is broken")]
    first, second = next_message(messages), next_message(messages)
    assert (first.tool_calls, first.text) == (second.tool_calls, second.text)
    assert first.tool_calls[0]["name"] == "look_up_order"


def test_a_configured_model_plays_the_agent(make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with openai_server() as server:
        server.script(Text("Ask the customer for the order's number."))
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_MODEL", "house-model")
        desk = make_desk(ROOT / "langgraph.json")
        thread = begin(desk, "support_agent", {"message": "Where is my parcel?"})
        assert desk.state(thread.id).values["messages"][-1].text == "Ask the customer for the order's number."
    (request,) = server.requests
    assert request["model"] == "house-model"
    assert [tool["function"]["name"] for tool in request["tools"]] == ["look_up_order", "refund_order", "send_reply"]
