"""Threads: another program's thread, of which a person says what graph it is."""

from __future__ import annotations

import sqlite3

from langgraph.checkpoint.sqlite import SqliteSaver

from review.desk import Desk
from review.model import ThreadStatus
from review.registry import Registry
from tests.pages.conftest import PageDesk
from tests.pages.screens import labels, open_page
from tests.support import ASK, reviews


def with_their_thread(page_desk: PageDesk) -> Desk:
    """A desk that found a thread which two graphs fit."""
    desk = page_desk(ask=ASK, same=ASK)
    desk.settings.data_dir.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(desk.settings.data_dir / "checkpoints.sqlite", check_same_thread=False)
    graph = Registry(desk.settings.graphs).get("ask")
    graph.checkpointer = SqliteSaver(connection)
    graph.invoke({"topic": "bread"}, {"configurable": {"thread_id": "theirs"}})
    connection.close()
    desk.discovery.look()
    return desk


def test_a_person_says_which_graph_a_found_thread_is_of(page_desk: PageDesk) -> None:
    desk = with_their_thread(page_desk)
    at = open_page("threads", thread="theirs")
    assert "Assign the graph" not in labels(at)
    at.selectbox("assigned_graph").select("same").run()
    at.button("thread_assign").click().run()
    assert desk.thread("theirs").graph == "same"
    assert [review.title for review in reviews(desk, "theirs")] == ["Publish?"]
    assert not at.exception


def test_a_thread_that_nobody_assigned_can_be_closed(page_desk: PageDesk) -> None:
    desk = with_their_thread(page_desk)
    at = open_page("threads", thread="theirs")
    at.button("thread_close").click().run()
    assert desk.thread("theirs").status == ThreadStatus.CLOSED
    assert not at.exception
    at = open_page("threads", thread="theirs")
    assert not {"Assign the graph", "Close the thread"} & set(labels(at))
    assert not at.selectbox
    assert not at.exception
