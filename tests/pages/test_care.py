"""What makes a decision careful: a typed confirmation, a reason of the list, and how long it was on screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review, ReviewStatus
from tests.pages.conftest import PageDesk
from tests.pages.screens import DRAFTS, as_read, choose, decision, open_page, opened, rows, said, submit, told
from tests.support import ADA, begin, pending


@pytest.fixture
def desk(page_desk: PageDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """With a policy that makes its one graph critical, and offers reasons."""
    policy = {"drafts": {"critical": True, "reasons": ["Too long", "Wrong *tone*"]}}
    monkeypatch.setenv("REVIEW_POLICY", json.dumps(policy))
    return page_desk(drafts=DRAFTS)


@pytest.fixture
def review(desk: Desk) -> Review:
    return pending(desk, begin(desk, "drafts").id)


def test_a_critical_review_is_let_through_by_the_typed_word_alone(desk: Desk, review: Review) -> None:
    at = opened(review)
    assert "This is critical" in said(at)
    submit(at, review)
    assert "type 'drafts' as the confirmation" in told(at)
    at.text_input(f"confirmation_{review.id}").set_value("draft").run()
    submit(at, review)
    assert desk.review(review.id).status == ReviewStatus.PENDING
    at.text_input(f"confirmation_{review.id}").set_value("drafts").run()
    submit(at, review)
    assert decision(desk, review) == ("approve", "ada", False)


def test_what_is_critical_is_marked_so_in_the_list_and_above_the_decision(desk: Desk, review: Review) -> None:
    (row,) = rows(open_page(), "Pending reviews")
    assert "Critical" in [text for text, *_ in row["badges"]]
    assert "Critical" in said(opened(review))


@pytest.mark.parametrize("kind", ["reject", "respond"])
def test_to_send_it_back_needs_no_confirmation_and_takes_a_reason_of_the_list(
    desk: Desk, review: Review, kind: str
) -> None:
    at = choose(opened(review), review, kind)
    assert "This is critical" not in said(at)
    at.pills(f"reason_{review.id}").set_value("Too long").run()
    at.text_area(f"message_{kind}_{review.id}").set_value("By half").run()
    submit(at, review)
    made = desk.review(review.id).decision
    assert made is not None
    assert (made.type, made.reason, made.message) == (kind, "Too long", "By half")


def rejected(desk: Desk, review: Review, message: str) -> Review:
    """The draft that came back after a rejection for a reason of the list."""
    desk.decide(review.id, "reject", ADA, reason="Wrong *tone*", message=message)
    desk.finish(review.thread_id, review.id)
    return pending(desk, review.thread_id)


def quotations(at: AppTest) -> list[str]:
    return [as_read(each.value) for each in at.markdown if each.value.startswith("> ")]


def test_the_reason_and_what_was_written_are_told_wherever_the_decision_is(desk: Desk, review: Review) -> None:
    back = rejected(desk, review, "By *half*.\nOr more.")
    quoted = "> **Wrong *tone***  \n> By *half*.  \n> Or more."
    assert quotations(opened(review)) == [quoted]
    assert quotations(opened(back)) == [quoted, quoted]  # above the draft, and with the earlier revision
    assert "Wrong *tone*: By *half*. Or more." in said(open_page("threads", thread=review.thread_id))
    assert "Wrong *tone*: By *half*.\nOr more." in set(open_page("history").dataframe[0].value["Said"])


def test_who_gives_a_reason_alone_is_quoted_once(desk: Desk, review: Review) -> None:
    back = rejected(desk, review, "")
    assert quotations(opened(review)) == ["> **Wrong *tone***"]
    assert quotations(opened(back)) == ["> **Wrong *tone***"] * 2
    assert "Wrong *tone*" in set(open_page("history").dataframe[0].value["Said"])


def test_a_reason_is_told_also_where_the_graph_repeats_the_message(
    page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEW_POLICY", json.dumps({"quotes": {"reasons": ["Too long"]}}))
    quoting = DRAFTS.replace('subject=state["log"][-1])', 'subject=state["log"][-1], description=state["log"][-1])')
    desk = page_desk(quotes=quoting)
    review = pending(desk, begin(desk, "quotes").id)
    desk.decide(review.id, "reject", ADA, reason="Too long", message="By half")
    desk.finish(review.thread_id, review.id)
    above, earlier = quotations(opened(pending(desk, review.thread_id)))
    assert (above, earlier) == ("> **Too long**", "> **Too long**  \n> By half")


def test_who_takes_a_rejection_back_finds_its_reason_chosen(desk: Desk, review: Review) -> None:
    desk.decide(review.id, "reject", ADA, reason="Too long", undo_seconds=600)
    desk.undo(review.id, ADA)
    at = opened(desk.review(review.id))
    assert at.pills(f"reason_{review.id}").value == "Too long"
    assert at.text_area(f"message_reject_{review.id}").value == ""


def test_how_long_it_was_on_screen_is_kept_with_the_decision(desk: Desk, review: Review) -> None:
    at = choose(opened(review), review, "reject")
    at.text_area(f"message_reject_{review.id}").set_value("No").run()
    submit(at, review)
    made = desk.review(review.id).decision
    assert made is not None
    assert made.seconds_shown is not None
    assert made.reason is None


class Clock:
    """The time that the page counts by, put forward by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 1000.0
        monkeypatch.setattr("components.care.monotonic", lambda: self.at)

    def wait(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def seconds_of(desk: Desk, review: Review) -> float | None:
    made = desk.review(review.id).decision
    assert made is not None
    return made.seconds_shown


def test_only_the_time_counts_in_which_this_review_is_the_one_on_screen(drafts: Desk, clock: Clock) -> None:
    first, second = (pending(drafts, begin(drafts, "drafts", {"topic": topic}).id) for topic in ("rye", "oats"))
    at = open_page()
    clock.wait(5)
    at.run()
    clock.wait(3)
    at.button("next").click().run()  # the second one is opened, which takes 20 s
    clock.wait(20)
    at.query_params["review"] = first.id
    at.run()
    clock.wait(4)
    submit(at, first)
    assert seconds_of(drafts, first) == 12
    clock.wait(2)
    submit(at, second)
    assert seconds_of(drafts, second) == 22


def test_another_page_and_a_silent_browser_do_not_count(drafts: Desk, clock: Clock) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = opened(review)
    clock.wait(5)
    at.switch_page("../pages/history.py").run()
    clock.wait(30)
    at.switch_page("../pages/review.py")
    at.query_params["review"] = review.id
    at.run()
    clock.wait(10_000)  # asleep: at most what a browser may be silent for
    submit(at, review)
    assert seconds_of(drafts, review) == 5 + drafts.settings.browser_seconds


def test_how_long_it_was_on_screen_is_told_with_the_decision(drafts: Desk, clock: Clock) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = opened(review)
    clock.wait(12)
    submit(at, review)
    assert "on screen for 12 s" in said(at)
    assert "on screen for 12 s" in said(open_page("threads", thread=review.thread_id))
