"""The Threads page: all of them, one of them, and what can be done to it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.review_rows import thread_row
from review.desk import Desk
from review.model import ThreadStatus, now
from tests.pages.conftest import PageDesk
from tests.pages.screens import as_read, heading, labels, links, open_page, rows, said, told
from tests.support import ADA, FRAGILE, actions, begin, pending, thread_factory, values, wait_for

# Runs until it is cancelled, or the file `go` lies beside it.
PATIENT = """
import asyncio
HERE = pathlib.Path(__file__).parent
async def wait(state):
    while not (HERE / "go").exists():
        await asyncio.sleep(0.02)
    return {"log": ["waited"]}
graph = wire(wait)
"""


def listed(at: AppTest) -> list[tuple[str, str]]:
    return [(row["title"], row["badges"][0][0]) for row in rows(at, "Threads")]


def test_without_threads_it_leads_to_start(drafts: Desk) -> None:
    at = open_page("threads")
    assert "There is no thread yet" in said(at)
    assert "Start a graph" in links(at)


def test_threads_stand_newest_first_with_their_status(drafts: Desk) -> None:
    begin(drafts, "drafts", {"topic": "first"})
    thread = begin(drafts, "drafts", {"topic": "second"})
    drafts.decide(pending(drafts, thread.id).id, "approve", ADA)
    drafts.finish(thread.id)
    at = open_page("threads")
    assert listed(at) == [("Draft: second", "Done"), ("Draft: first", "Waits for review")]
    assert rows(at, "Threads")[0]["href"] == f"/threads?thread={thread.id}"


def test_a_row_says_when_its_thread_was_started_which_the_list_goes_by_and_names_it_quietly(drafts: Desk) -> None:
    thread, chosen = begin(drafts, "drafts"), begin(drafts, "drafts", thread_id="autumn-update-of-the-team")
    second, first = rows(open_page("threads"), "Threads")
    assert [aside[0] for aside in first["aside"]] == ["started just now"]
    assert first["note"] == f"drafts  {thread.id[:8]}"
    assert second["note"] == f"drafts  {chosen.id}"
    moved = thread_factory(created_at=now() - timedelta(days=2), updated_at=now() - timedelta(hours=3))
    assert [told for told, *_ in thread_row(moved).aside] == ["started 2 days ago", "moved 3 hours ago"]


def test_threads_are_found_by_what_is_in_their_title_and_the_address_says_so(drafts: Desk) -> None:
    for topic in ("rye bread", "100 % oats", "BREAD of spelt"):
        begin(drafts, "drafts", {"topic": topic})
    at = open_page("threads")
    assert "3 threads, newest first" in said(at)
    at.text_input("threads_search").set_value("bread").run()
    assert [title for title, _ in listed(at)] == ["Draft: BREAD of spelt", "Draft: rye bread"]
    assert "2 of 3 threads" in said(at)
    assert at.query_params["search"] in ("bread", ["bread"])
    at.text_input("threads_search").set_value("%").run()
    assert [title for title, _ in listed(at)] == ["Draft: 100 % oats"]
    at = open_page("threads", search="rye", order="moved")
    assert [title for title, _ in listed(at)] == ["Draft: rye bread"]
    assert (at.text_input("threads_search").value, at.selectbox("threads_order").value) == ("rye", "moved")


def test_a_search_that_finds_nothing_says_so_and_is_cleared(drafts: Desk) -> None:
    begin(drafts, "drafts")
    at = open_page("threads", search="*cake*")
    assert "No thread has “*cake*” in its title." in as_read(at.info[0].value)
    assert "0 of 1 thread, newest first" in said(at)
    at.button("threads_clear").click().run()
    assert listed(at) == [("Draft: bread", "Waits for review")]
    assert at.text_input("threads_search").value == ""
    assert "search" not in at.query_params


def test_what_moved_last_comes_first_where_that_is_asked_for(drafts: Desk) -> None:
    first = begin(drafts, "drafts", {"topic": "first"})
    begin(drafts, "drafts", {"topic": "second"})
    drafts.decide(pending(drafts, first.id).id, "approve", ADA)
    drafts.finish(first.id)
    at = open_page("threads")
    assert [title for title, _ in listed(at)] == ["Draft: second", "Draft: first"]
    at.selectbox("threads_order").set_value("moved").run()
    assert [title for title, _ in listed(at)] == ["Draft: first", "Draft: second"]
    assert "2 threads, last moved first" in said(at)
    at.selectbox("threads_order").set_value("started").run()
    assert "order" not in at.query_params


def test_an_order_that_there_is_not_is_the_first_one(drafts: Desk) -> None:
    begin(drafts, "drafts")
    assert "1 thread, newest first" in said(open_page("threads", order="sideways", search=" "))


def test_back_from_a_thread_leads_to_what_was_found(drafts: Desk) -> None:
    begin(drafts, "drafts", {"topic": "rye"})
    begin(drafts, "drafts", {"topic": "oats"})
    at = open_page("threads", search="rye", order="moved")
    at.session_state["open_thread"] = rows(at, "Threads")[0]["id"]
    at.run()
    assert heading(at) == "Draft: rye"
    at.button("all_threads").click().run()
    assert [title for title, _ in listed(at)] == ["Draft: rye"]
    assert at.text_input("threads_search").value == "rye"
    assert "thread" not in at.query_params


def test_opening_a_row_shows_the_thread_and_back_the_list(drafts: Desk) -> None:
    thread = begin(drafts, "drafts")
    at = open_page("threads")
    at.session_state["open_thread"] = thread.id  # as the click on the row does
    at.run()
    assert heading(at) == "Draft: bread"
    at.button("all_threads").click().run()
    assert listed(at) == [("Draft: bread", "Waits for review")]


def test_one_thread_has_its_steps_its_facts_and_its_reviews(drafts: Desk) -> None:
    thread = begin(drafts, "drafts")
    at = open_page("threads", thread=thread.id)
    assert any("write" in expander.label for expander in at.expander)
    assert thread.id in said(at)
    (row,) = rows(at, "Reviews")
    assert row["id"] == pending(drafts, thread.id).id
    at.session_state["open_review"] = row["id"]
    assert at.run().query_params["review"] in (row["id"], [row["id"]])


def test_an_unknown_thread_is_named(drafts: Desk) -> None:
    at = open_page("threads", thread="nowhere")
    assert "There is no thread 'nowhere'" in told(at)
    assert "All threads" in labels(at)


def test_a_failed_thread_shows_its_error_and_is_retried(page_desk: PageDesk, tmp_path: Path) -> None:
    desk = page_desk(fragile=FRAGILE)
    broken = tmp_path / "graphs" / "broken"
    broken.touch()
    thread = begin(desk, "fragile")
    at = open_page("threads", thread=thread.id)
    assert f"The printer is on fire. (log id {thread.error_id})" in said(at)
    broken.unlink()
    at.button("thread_retry").click().run()
    desk.finish(thread.id, desk.ledger.reviews.of_thread(thread.id)[0].id)
    at.run()
    assert values(desk, thread.id)["log"] == ["first", "fragile"]
    assert "Done" in said(at)
    assert "Retry" not in labels(at)


def test_a_running_thread_is_cancelled_and_can_be_retried(page_desk: PageDesk, tmp_path: Path) -> None:
    desk = page_desk(patient=PATIENT)
    desk.relay.start()
    thread = desk.start("patient", {"topic": "x"}, ADA)
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.RUNNING, "the run")
    at = open_page("threads", thread=thread.id)
    assert "Close" not in labels(at)
    at.button("thread_cancel").click().run()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.FAILED, "the run's end")
    at.run()
    assert "Cancelled by ada." in said(at)
    (tmp_path / "graphs" / "go").touch()
    at.button("thread_retry").click().run()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the second run's end")
    assert "Done" in said(at.run())


def test_closing_asks_first_and_ends_the_thread(drafts: Desk) -> None:
    thread = begin(drafts, "drafts")
    at = open_page("threads", thread=thread.id)
    (popover,) = [block for block in at.get("popover") if block.proto.popover.label == "Close"]
    assert "Closing ends the thread without running it further" in popover.markdown[0].value
    assert [button.key for button in popover.button] == ["thread_close"]
    assert drafts.thread(thread.id).status == ThreadStatus.INTERRUPTED
    at.button("thread_close").click().run()
    assert drafts.thread(thread.id).status == ThreadStatus.CLOSED
    assert "Closed" in said(at)
    assert actions(drafts, thread.id)[-1] == "thread.closed"


@pytest.mark.parametrize("verb", ["thread_close"])
def test_nothing_is_done_for_a_person_without_a_name(drafts: Desk, verb: str) -> None:
    thread = begin(drafts, "drafts")
    at = open_page("threads", name=None, thread=thread.id)
    at.button(verb).click().run()
    assert told(at).startswith("Say who is reviewing first")
    assert drafts.thread(thread.id).status == ThreadStatus.INTERRUPTED


def test_a_thread_whose_graph_is_gone_still_shows_its_reviews(
    page_desk: PageDesk, drafts: Desk, tmp_path: Path
) -> None:
    thread = begin(drafts, "drafts")
    drafts.close()
    (tmp_path / "graphs" / "langgraph.json").write_text('{"graphs": {}}', "utf-8")
    page_desk()
    at = open_page("threads", thread=thread.id)
    assert "There is no graph 'drafts'" in said(at)
    assert len(rows(at, "Reviews")) == 1
