"""The History page: the audit entries, filtered, and as CSV."""

from __future__ import annotations

from typing import Any

import pytest

from components.words import action
from review.desk import Desk
from review.model import Thread
from review.views import entries_csv
from tests.pages.conftest import PageDesk
from tests.pages.screens import asking, open_page, rows, said
from tests.support import ADA, BEN, begin, pending


@pytest.fixture
def thread(drafts: Desk) -> Thread:
    """One that asked for changes and was then approved; and another."""
    found = begin(drafts, "drafts")
    for kind, who, message in (("respond", BEN, "More of rye."), ("approve", ADA, "")):
        review = pending(drafts, found.id)
        drafts.decide(review.id, kind, who, message=message)
        drafts.finish(found.id, review.id)
    begin(drafts, "drafts", {"topic": "=cmd()"})
    return found


def table(at: Any) -> Any:
    return at.dataframe[0].value


def test_without_entries_it_says_so(drafts: Desk) -> None:
    assert "Nothing has happened yet" in said(open_page("history"))


def test_everything_is_listed_newest_first_with_who_and_what(drafts: Desk, thread: Thread) -> None:
    frame = table(open_page("history"))
    assert list(frame["When"]) == sorted(frame["When"], reverse=True)
    responded = frame[frame["Action"] == "Asked for changes"].iloc[0]
    assert (responded["By"], responded["Signed in"], responded["Said"]) == ("ben", "Yes", "More of rye.")
    approved = frame[frame["Action"] == "Approved"].iloc[0]
    assert (approved["By"], approved["Signed in"], approved["What"]) == ("ada", "No", "Draft: bread")
    assert approved["Thread"] == thread.id


def test_what_nobody_did_is_the_desks_and_nobody_signed_in_for_it(drafts: Desk, thread: Thread) -> None:
    at = open_page("history")
    frame = table(at)
    opened = frame[frame["Action"] == "Review opened"]
    assert set(opened["By"]) == {"the desk"}
    assert set(opened["Signed in"]) == {""}
    assert "the desk" in at.selectbox("by").options


def test_filters_leave_what_fits(drafts: Desk, thread: Thread) -> None:
    at = open_page("history")
    at.multiselect("actions").set_value(["review.approved", "review.responded"]).run()
    assert list(table(at)["Action"]) == ["Approved", "Asked for changes"]
    at.selectbox("by").set_value("ben").run()
    assert list(table(at)["Action"]) == ["Asked for changes"]
    at.selectbox("by").set_value("Everybody")
    at.multiselect("actions").set_value([])
    at.text_input("thread").set_value(f" {thread.id} ").run()
    assert set(table(at)["Thread"]) == {thread.id}
    at.text_input("thread").set_value("nowhere").run()
    assert "Nothing has happened yet that fits" in said(at)


def test_to_answer_a_question_is_not_to_ask_for_changes(page_desk: PageDesk) -> None:
    desk = page_desk(asks=asking('"Which colour?"'))
    asked = pending(desk, begin(desk, "asks").id)
    desk.decide(asked.id, "respond", ADA, message="Blue")
    desk.finish(asked.thread_id, asked.id)
    assert "Answered" in set(table(open_page("history"))["Action"])
    at = open_page("threads", thread=asked.thread_id)
    assert "Answered by ada" in said(at)
    assert [told.split()[0] for told, *_ in rows(at, "Reviews")[0]["aside"]] == ["answered"]


def test_a_fork_is_told_on_both_threads_each_in_its_own_words(drafts: Desk, thread: Thread) -> None:
    fork = drafts.fork_review(drafts.ledger.reviews.of_thread(thread.id)[0].id, BEN)
    frame = table(open_page("history"))
    forked = frame[frame["Action"].str.startswith("Forked")]
    assert [tuple(row) for row in forked[["Action", "Thread", "What"]].values] == [
        ("Forked from another thread", fork.id, f"Thread {thread.id[:8]}"),
        ("Forked into a new thread", thread.id, f"Thread {fork.id[:8]}"),
    ]
    assert "Forked into a new thread by ben" in said(open_page("threads", thread=thread.id))
    drafts.finish(fork.id)
    assert "Forked from another thread by ben" in said(open_page("threads", thread=fork.id))


def test_a_filter_from_the_address_is_applied(drafts: Desk, thread: Thread) -> None:
    assert set(table(open_page("history", thread=thread.id))["Thread"]) == {thread.id}


def test_the_entries_are_offered_as_csv(drafts: Desk, thread: Thread) -> None:
    (button,) = open_page("history").download_button
    assert button.label == "Download as CSV"


def test_every_action_has_words_and_the_csv_keeps_its_code(drafts: Desk, thread: Thread) -> None:
    written = {line.split(",")[2] for line in entries_csv(drafts.ledger.audit.entries(limit=None)).splitlines()[1:]}
    assert {"review.approved", "thread.started"} <= written
    words = {action(code) for code in written} - {action("review.responded")} | {"Asked for changes"}
    assert set(table(open_page("history"))["Action"]) == words
    assert action("lease.taken_over") == "Lease taken over"
