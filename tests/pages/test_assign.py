"""Threads: another program's thread, of which a person says what graph it is."""

from __future__ import annotations

import sqlite3

from langgraph.checkpoint.sqlite import SqliteSaver

from review.registry import Registry
from tests.pages.conftest import PageDesk
from tests.pages.screens import labels, open_page
from tests.support import ASK, reviews


def test_a_person_says_which_graph_a_found_thread_is_of(page_desk: PageDesk) -> None:
    desk = page_desk(ask=ASK, same=ASK)
    desk.settings.data_dir.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(desk.settings.data_dir / "checkpoints.sqlite", check_same_thread=False)
    graph = Registry(desk.settings.graphs).get("ask")
    graph.checkpointer = SqliteSaver(connection)
    graph.invoke({"topic": "bread"}, {"configurable": {"thread_id": "theirs"}})
    connection.close()
    desk.discovery.look()
    at = open_page("threads", thread="theirs")
    assert "Assign the graph" not in labels(at)
    at.selectbox("assigned_graph").select("same").run()
    at.button("thread_assign").click().run()
    assert desk.thread("theirs").graph == "same"
    assert [review.title for review in reviews(desk, "theirs")] == ["Publish?"]
    assert not at.exception
