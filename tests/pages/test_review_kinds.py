"""The Review page for every kind of pause and of payload: breakpoints, failures, values that are no text, markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review.model import ReviewStatus
from tests.pages.conftest import PageDesk
from tests.pages.screens import asking, choose, decision, heading, opened, said, submit, told, written
from tests.support import ADA, ASK, BEN, FRAGILE, actions, begin, pending, values

BREAKPOINT = """
def write(state): return {"log": ["write"]}
def publish(state): return {"log": ["publish"]}
graph = wire(write, publish, interrupt_before=["publish"])
"""


def test_a_breakpoint_is_continued(page_desk: PageDesk) -> None:
    desk = page_desk(stops=BREAKPOINT)
    review = pending(desk, begin(desk, "stops").id)
    at = opened(review)
    assert heading(at) == "Breakpoint before publish"
    assert at.button(f"submit_{review.id}").label == "Continue"
    assert not at.segmented_control
    submit(at, review)
    desk.finish(review.thread_id, review.id)
    assert values(desk, review.thread_id)["log"] == ["write", "publish"]


def test_a_failed_node_shows_its_error_and_is_retried(page_desk: PageDesk, tmp_path: Path) -> None:
    desk = page_desk(fragile=FRAGILE)
    broken = tmp_path / "graphs" / "broken"
    broken.touch()
    review = pending(desk, begin(desk, "fragile").id)
    at = opened(review)
    assert told(at).replace("\\", "") == "The printer is on fire."
    assert at.button(f"submit_{review.id}").label == "Retry"
    broken.unlink()
    submit(at, review)
    desk.finish(review.thread_id, review.id)
    assert values(desk, review.thread_id)["log"] == ["first", "fragile"]


def test_a_decision_that_the_graph_could_not_take_is_kept_and_retried(page_desk: PageDesk) -> None:
    desk = page_desk(ask=ASK)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", BEN)
    page_desk_gone = page_desk(ask=ASK.replace("ask", "asks"))  # the node that asked is called otherwise now
    assert page_desk_gone is desk
    desk.close()
    desk = page_desk()
    desk.finish(review.thread_id, review.id)
    at = opened(review)
    assert "The graph changed: it no longer has the node 'ask'" in said(at)
    assert at.button(f"submit_{review.id}").label == "Retry"
    submit(at, review)
    assert "review.retried" in actions(desk, review.thread_id)
    assert decision(desk, review) == ("approve", "ben", True)


def test_markup_in_a_payload_is_text(page_desk: PageDesk) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    desk = page_desk(ask=asking(repr({"draft": evil, "prompt": evil, "note": evil})))
    review = pending(desk, begin(desk).id)
    at = opened(review)
    assert heading(at) == evil
    assert at.code[0].value == evil
    assert not any(element.proto.allow_html for element in at.markdown)
    tags = {tag for element in at.get("html") for tag in re.findall(r"<(\w+)", element.proto.body)}
    assert tags <= {"style", "div", "span", "details", "summary"}
    assert evil in said(at)
    assert not at.get("iframe")


@pytest.mark.parametrize(
    ("payload", "shown"),
    [('{"amount": 12, "to": "Ada", "parts": [1, 2]}', '"amount": 12'), ("[1, 2, 3]", "1"), ("42", "42")],
)
def test_a_subject_that_is_no_text_is_edited_as_json_and_keeps_its_types(
    page_desk: PageDesk, payload: str, shown: str
) -> None:
    desk = page_desk(ask=asking(payload))
    review = pending(desk, begin(desk).id)
    at = choose(opened(review), review, "edit")
    at.toggle(f"as_json_{review.id}").set_value(True).run()
    editor = at.text_area(f"draft_{review.id}")
    assert editor.label == "Your value, as JSON"
    assert shown in str(editor.value)
    editor.set_value('{"amount": 13.5, "to": null}').run()
    submit(at, review)
    desk.finish(review.thread_id, review.id)
    assert values(desk, review.thread_id)["answer"] == {"amount": 13.5, "to": None}


def test_an_edit_that_is_no_json_is_refused_and_kept(page_desk: PageDesk) -> None:
    desk = page_desk(ask=asking("[1, 2, 3]"))
    review = pending(desk, begin(desk).id)
    at = choose(opened(review), review, "edit")
    at.toggle(f"as_json_{review.id}").set_value(True).run()
    at.text_area(f"draft_{review.id}").set_value("[1, 2").run()
    submit(at, review)
    assert told(at).startswith("Your value is not JSON")
    assert at.text_area(f"draft_{review.id}").value == "[1, 2"
    assert desk.review(review.id).status == ReviewStatus.PENDING


def test_a_payload_that_json_cannot_hold_is_shown_all_the_same(page_desk: PageDesk) -> None:
    values = '{"raw": b"bytes", "price": Decimal("1.10"), "on": date(2026, 1, 2), "rate": float("nan"), "tags": {"a"}}'
    imports = "from decimal import Decimal\nfrom datetime import date\n"
    desk = page_desk(ask=imports + asking(f'{{"prompt": "Which?", "draft": {values}}}'))
    at = opened(pending(desk, begin(desk).id))
    assert heading(at) == "Which?"
    assert not {word for word in ("1.10", "2026-01-02", "nan", "Ynl0ZXM=") if word not in said(at)}


def test_a_draft_of_two_megabytes_is_shown_and_edited(page_desk: PageDesk) -> None:
    desk = page_desk(ask=asking('{"draft": "wörds " * 350_000, "prompt": "Long"}'))
    review = pending(desk, begin(desk).id)
    at = choose(opened(review), review, "edit")
    assert len(written(at)) == 2_100_000
    at.session_state[f"draft_{review.id}"] = "wörds!" * 350_000  # too long to be kept as a draft, not to be submitted
    at.run()
    submit(at, review)
    assert decision(desk, review) == ("edit", "ada", False)


def test_a_review_of_a_graph_that_is_gone_is_still_shown(page_desk: PageDesk, tmp_path: Path) -> None:
    desk = page_desk(ask=ASK)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    desk.close()
    (tmp_path / "graphs" / "langgraph.json").write_text('{"graphs": {}}', "utf-8")
    desk = page_desk()
    desk.finish(review.thread_id, review.id)
    at = opened(review)
    assert "There is no graph 'ask'" in said(at)
    assert "About bread" in said(at)
    assert at.button(f"submit_{review.id}").label == "Retry"
