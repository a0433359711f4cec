"""Critical reviews: pinned when they open, let through by a typed word alone; reasons and figures beside a decision."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from review.critical import confirmation_word
from review.deadlines import Deadlines
from review.desk import Desk
from review.errors import InvalidAnswer
from review.model import DecisionType, ReviewStatus, ThreadStatus, now
from review.views import decision_json
from tests.cli_support import Shell
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, SIBLINGS, begin, pending, reviews

SAYS_SO = ASK.replace('"prompt": "Publish?"', '"prompt": "Publish?", "critical": True')
PAYS = "def pay(state): return {'log': ['paid']}\ngraph = wire(pay, interrupt_before=['pay'])"
POLICY: dict[str, Any] = {"ask": {"critical": True}}


@pytest.mark.parametrize(("source", "policy"), [(ASK, POLICY), (SAYS_SO, {})], ids=["by policy", "by payload"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [("approve", None), ("edit", "Other"), ("answer", {"approved": True})],
)
def test_what_lets_it_through_needs_the_word(
    make_desk: MakeDesk, source: str, policy: dict[str, Any], kind: str, value: Any
) -> None:
    desk = make_desk({"ask": source}, policy=policy)
    review = pending(desk, begin(desk).id)
    assert review.critical
    for given in (None, "", "Publish", "ASK"):
        with pytest.raises(InvalidAnswer, match="type 'ask' as the confirmation") as refusal:
            desk.decide(review.id, kind, ADA, value=value, confirmation=given)
    assert refusal.value.details["confirmation"] == confirmation_word(review) == "ask"
    assert desk.review(review.id).status == ReviewStatus.PENDING
    desk.decide(review.id, kind, ADA, value=value, confirmation=" ask ")
    assert desk.finish(review.thread_id).status == ThreadStatus.DONE


def test_turning_it_down_needs_none(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, policy=POLICY)
    assert desk.decide(pending(desk, begin(desk).id).id, "reject", ADA, message="No.").status == ReviewStatus.DECIDED
    review = pending(desk, begin(desk).id)
    assert desk.decide(review.id, "answer", ADA, value={"approved": False}).status == ReviewStatus.DECIDED


def test_a_breakpoint_and_a_free_question_need_it_to_go_on(make_desk: MakeDesk) -> None:
    desk = make_desk({"pays": PAYS, "siblings": SIBLINGS}, policy={"*": {"critical": True}})
    stop, question = pending(desk, begin(desk, "pays").id), reviews(desk, begin(desk, "siblings").id)[0]
    for review, kind in ((stop, "continue"), (question, "respond")):
        with pytest.raises(InvalidAnswer, match="is critical"):
            desk.decide(review.id, kind, ADA, message="yes")
        assert desk.decide(review.id, kind, ADA, message="yes", confirmation=review.graph).decision


def test_it_stays_critical_whatever_the_policy_says_later(make_desk: MakeDesk) -> None:
    first = pending(make_desk({"ask": ASK}, policy=POLICY), begin(make_desk(policy=POLICY)).id)
    later = make_desk(policy={"ask": {"critical": False}}, other=1)
    assert later.review(first.id).critical
    with pytest.raises(InvalidAnswer):
        later.decide(first.id, "approve", ADA)


def test_silence_does_not_let_a_critical_review_through(make_desk: MakeDesk) -> None:
    policy = {"ask": {"critical": True, "deadline": {"after": 60, "on_timeout": "approve"}}}
    desk = make_desk({"ask": ASK}, policy=policy)
    review = pending(desk, begin(desk).id)
    assert Deadlines(desk.ledger, desk.settings).fire(now() + timedelta(seconds=61)) == 1
    assert desk.review(review.id).status == ReviewStatus.PENDING
    (entry,) = desk.ledger.audit.entries(review_id=review.id, actions=("review.escalated",))
    assert "nobody has confirmed it" in entry.detail["why"]


def test_reason_and_figures_are_recorded_with_the_decision(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, policy={"ask": {"reasons": ["Off topic", "Too long"]}})
    review = pending(desk, begin(desk).id)
    made = desk.decide(review.id, "edit", ADA, value="About cake", reason="Off topic", seconds_shown=2.5).decision
    assert made is not None
    told = decision_json(made)
    assert (told["reason"], told["share_changed"], told["seconds_shown"]) == ("Off topic", 0.5, 2.5)
    (entry,) = desk.ledger.audit.entries(review_id=review.id, actions=("review.edited",))
    assert {name: entry.detail[name] for name in ("reason", "seconds_shown", "share_changed")} == {
        "reason": "Off topic",
        "seconds_shown": 2.5,
        "share_changed": 0.5,
    }


def test_who_gives_a_reason_alone_gives_it_as_the_message(desk: Desk) -> None:
    made = desk.decide(pending(desk, begin(desk).id).id, "reject", ADA, reason="Too long").decision
    assert made is not None
    assert (made.message, made.reason, made.type) == ("Too long", "Too long", DecisionType.REJECT)
    assert made.resume_value["reason"] == "Too long"
    both = desk.decide(pending(desk, begin(desk).id).id, "reject", ADA, reason="Too long", message="Cut it.").decision
    assert both is not None
    assert (both.message, both.reason) == ("Cut it.", "Too long")


@pytest.mark.parametrize("figures", [{"reason": "x" * 201}, {"seconds_shown": -1}, {"seconds_shown": float("nan")}])
def test_unusable_figures_are_refused(desk: Desk, figures: dict[str, Any]) -> None:
    review = pending(desk, begin(desk).id)
    with pytest.raises(InvalidAnswer):
        desk.decide(review.id, "approve", ADA, **figures)
    assert desk.review(review.id).status == ReviewStatus.PENDING


def test_on_the_command_line_the_word_is_given_with_confirm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell(tmp_path, monkeypatch)
    monkeypatch.setenv("REVIEW_POLICY", '{"draft": {"critical": true, "reasons": ["Fine"]}}')
    review = shell.draft()
    told = shell("decide", review["id"], "approve", "--reviewer", "Ann")
    assert told.code == 2
    assert "type 'draft' as the confirmation" in told.err
    assert "--confirm draft" in shell("show", review["id"]).out
    words = ("decide", review["id"], "approve", "--reviewer", "Ann", "--confirm", "draft", "--reason", "Fine")
    assert shell.json(*words)["status"] == "done"
    assert shell.json("show", review["id"])["decision"]["reason"] == "Fine"
