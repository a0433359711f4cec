"""Ten reviews of six kinds, each finished as its kind asks for, by the keys of the desk alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from review.desk import open_desk
from review.settings import Settings
from tests.browser.conftest import Serve
from tests.browser.kinds import GRAPHS, TEN, finish, waiting
from tests.browser.screens import at_desk, known, on_screen
from tests.browser.servers import SECONDS
from tests.support import wait_for, write_graphs

VERBS = {f"review.{verb}" for verb in ("approved", "edited", "rejected", "responded", "continued", "retried")}


def test_ten_reviews_of_six_kinds_are_finished_by_keys(serve: Serve, page: Page, tmp_path: Path) -> None:
    registry = write_graphs(tmp_path / "graphs", **GRAPHS)
    broken = tmp_path / "graphs" / "broken"
    server = serve(REVIEW_GRAPHS=str(registry), REVIEW_POLL_SECONDS="0.1")
    desk = open_desk(Settings(data_dir=server.data, graphs=registry))
    broken.touch()
    reviews = {each.id: each for n, graph in enumerate(TEN) for each in waiting(desk, graph, [f"rye {n}"])}
    broken.unlink()
    known(page, server)
    at_desk(page, server)
    here = ""
    for _ in reviews:
        here = on_screen(page, here)
        finish(page, reviews[here])
        wait_for(lambda id=here: desk.review(id).decision, "the decision", SECONDS)  # type: ignore[misc]
    for review in reviews.values():
        wait_for(lambda id=review.id: desk.review(id).status == "resumed", "the resumed graph", SECONDS)  # type: ignore[misc]
        assert sum(entry.action in VERBS for entry in desk.ledger.audit.entries(review_id=review.id)) == 1
    desk.close()
