"""The server is killed, or stopped, in the middle of things; the next one on the same data finishes them once."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from review.desk import Desk
from review.model import ReviewStatus, ThreadStatus
from tests.browser.conftest import Serve
from tests.browser.graphs import PATIENT
from tests.browser.screens import give_name, new_review, open_review, press, status
from tests.browser.servers import SECONDS, Server
from tests.support import actions, wait_for, write_graphs

Beside = Callable[[Server], Desk]


def test_a_kill_between_the_decision_and_its_effect_publishes_once(serve: Serve, page: Page, beside: Beside) -> None:
    server = serve(REVIEW_UNDO_SECONDS="8")
    desk = beside(server)
    review = new_review(desk, "Rye bread", "editorial")
    open_review(page, server, review)
    give_name(page, "Ada")
    press(page, "Approve")
    wait_for(lambda: status(desk, review) == ReviewStatus.DECIDED, "the decision", SECONDS)
    page.close()
    server.end(signal.SIGKILL)
    assert not list(server.data.glob("published/*"))

    serve()
    wait_for(lambda: status(desk, review) == ReviewStatus.RESUMED, "the resumed graph", SECONDS)
    assert len(list(server.data.glob("published/*"))) == 1
    thread = desk.thread(review.thread_id)
    assert (thread.status, thread.lease_owner) == (ThreadStatus.DONE, None)
    assert [name for name in actions(desk, thread.id) if name.startswith(("review.", "decision."))] == [
        "review.opened",
        "review.approved",
        "decision.applied",
    ]


def test_a_kill_in_the_middle_of_a_run_publishes_once(serve: Serve, tmp_path: Path, beside: Beside) -> None:
    registry = write_graphs(tmp_path / "graphs", patient=PATIENT)
    server = serve(REVIEW_GRAPHS=str(registry))
    desk = beside(server)
    review = new_review(desk, "rye", "patient")
    server.command("decide", review.id, "approve", "--reviewer", "Ada", "--no-wait")
    wait_for((registry.parent / "rye.begun").exists, "the run", SECONDS)
    server.end(signal.SIGKILL)
    assert desk.thread(review.thread_id).lease_owner is not None

    (registry.parent / "rye.go").touch()
    serve(REVIEW_GRAPHS=str(registry))
    wait_for(lambda: desk.thread(review.thread_id).status == ThreadStatus.DONE, "the run's end", SECONDS)
    assert (registry.parent / "rye.out").read_text("utf-8") == "published\n"
    assert status(desk, review) == ReviewStatus.RESUMED
    assert desk.thread(review.thread_id).lease_owner is None


def test_a_stopped_server_gives_its_run_to_the_next_one(serve: Serve, tmp_path: Path, beside: Beside) -> None:
    registry = write_graphs(tmp_path / "graphs", patient=PATIENT)
    server = serve(REVIEW_GRAPHS=str(registry))
    desk = beside(server)
    review = new_review(desk, "rye", "patient")
    server.command("decide", review.id, "approve", "--reviewer", "Ada", "--no-wait")
    wait_for((registry.parent / "rye.begun").exists, "the run", SECONDS)
    server.end(signal.SIGTERM)  # while a node waits that does not end by itself
    assert "Traceback" not in server.log
    assert desk.thread(review.thread_id).lease_owner is None

    (registry.parent / "rye.go").touch()
    serve(REVIEW_GRAPHS=str(registry))
    wait_for(lambda: desk.thread(review.thread_id).status == ThreadStatus.DONE, "the run's end", SECONDS)
    assert (registry.parent / "rye.out").read_text("utf-8") == "published\n"


def test_a_closed_tab_does_not_stop_its_run(server: Server, desk: Desk, page: Page) -> None:
    graphs = Path(server.env["REVIEW_GRAPHS"]).parent
    review = new_review(desk, "closed-tab", "patient")
    open_review(page, server, review)
    give_name(page, "Ada")
    press(page, "Approve")
    expect(page.get_by_text("Running").first).to_be_visible()
    wait_for((graphs / "closed-tab.begun").exists, "the run", SECONDS)
    page.close()
    (graphs / "closed-tab.go").touch()
    wait_for(lambda: desk.thread(review.thread_id).status == ThreadStatus.DONE, "the run's end", SECONDS)
    assert (graphs / "closed-tab.out").read_text("utf-8") == "published\n"
