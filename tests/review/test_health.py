"""What the app tells of itself: whether it can do its work, and what is measured of all processes."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from review.desk import Desk
from review.ledger import tables
from review.model import now
from review.ops.health import HealthCheck
from review.ops.metrics import Metrics
from tests.browser.servers import Server
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, FRAGILE, begin, pending, wait_for, write_graphs


def measured(desk: Desk | None, metrics: Metrics | None = None, text: str = "") -> dict[str, float]:
    """Each sample under its name and labels."""
    told = text or (metrics or Metrics(desk)).text().decode()
    return {
        "/".join([sample.name.removeprefix("countersign_"), *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def answer(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as got:
            return got.status, got.headers["content-type"], got.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["content-type"], error.read().decode()


def test_a_server_tells_how_it_is_and_what_it_measures(make_desk: MakeDesk, tmp_path: Path) -> None:
    """Also of what another process does; and nothing that a person wrote."""
    graphs = write_graphs(tmp_path / "graphs", ask=ASK)
    desk = make_desk(graphs)
    pending(desk, begin(desk).id)
    server = Server(tmp_path, {"REVIEW_GRAPHS": str(graphs)}).wait_until_up()
    try:
        wait_for(lambda: json.loads(answer(f"{server.url}/healthz")[2])["status"] == "ok", "a relay that looked")
        status, _, told = answer(f"{server.url}/healthz")
        health: dict[str, Any] = json.loads(told)
        assert status == 200
        assert (health["pending"], health["ledger"], health["checkpoints"], health["relay"]) == (1, "ok", "ok", "ok")
        assert 0 <= health["relay_age_seconds"] < 60
        before = measured(None, text=answer(f"{server.url}/metrics")[2])
        assert (before["pending_reviews"], before["decisions_total/approve"]) == (1, 0)
        review = desk.ledger.reviews.page()[0]
        desk.decide(review.id, "approve", ADA)
        desk.finish(review.thread_id, review.id)
        status, kind, text = answer(f"{server.url}/metrics")
        after = measured(None, text=text)
        assert (status, kind.partition(";")[0]) == (200, "text/plain")
        assert (after["pending_reviews"], after["decisions_total/approve"]) == (0, 1)
        assert after["resume_latency_seconds_count"] == 1
        assert after["relay_age_seconds"] >= 0
        assert "ada" not in text
        assert "bread" not in text
    finally:
        server.end()


def test_health_names_the_checkpoints_that_do_not_answer(desk: Desk) -> None:
    check = HealthCheck(desk)
    assert check.look().status == "starting"
    begin(desk)
    desk.relay.start()
    wait_for(lambda: check.look().status == "ok", "a relay that looked")
    (desk.settings.data_dir / "checkpoints.sqlite").rename(desk.settings.data_dir / "away")
    health = check.look()
    assert (health.status, list(health.failing)) == ("failing", ["checkpoints"])
    assert "checkpoints.sqlite cannot be opened" in health.as_json()["error"]["message"]
    (desk.settings.data_dir / "away").rename(desk.settings.data_dir / "checkpoints.sqlite")
    assert check.look().status == "ok"


def test_health_names_a_ledger_that_does_not_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(desk)
    with desk.ledger.reviews._database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE reviews RENAME TO hidden")
    health = HealthCheck(desk).look()
    assert list(health.failing) == ["ledger"]
    assert (health.as_json()["ledger"], health.as_json()["checkpoints"]) == ("failing", "ok")
    assert health.pending is None


def test_health_names_a_relay_that_no_longer_looks_for_work(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, health_seconds=0.5)
    check, stuck, go = HealthCheck(desk), threading.Event(), threading.Event()
    desk.relay.start()
    wait_for(lambda: check.look().status == "ok", "a relay that looked")

    def look() -> None:
        stuck.set()
        go.wait(60)

    desk.relay._look = look
    stuck.wait(60)
    health = wait_for(lambda: found if (found := check.look()).failing else None, "a relay that is late")
    assert list(health.failing) == ["relay"]
    assert "are not carried out here" in health.as_json()["errors"]["relay"]["message"]
    go.set()
    desk.relay._look = lambda: None
    wait_for(lambda: check.look().status == "ok", "a relay that looks again")


def test_health_names_a_relay_that_never_began(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, health_seconds=0.1)
    check = HealthCheck(desk)
    health = wait_for(lambda: found if (found := check.look()).failing else None, "its end of patience")
    assert "has not begun" in health.failing["relay"].message


def test_metrics_count_what_any_process_did(make_desk: MakeDesk) -> None:
    desk, other = make_desk({"ask": ASK, "fragile": FRAGILE}), make_desk(other=1)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "reject", ADA, undo_seconds=60)
    desk.undo(review.id, ADA)
    early, late = Metrics(desk), Metrics(other)
    assert measured(desk, early)["decisions_total/reject"] == 1
    (desk.settings.graphs.parent / "broken").touch()
    begin(other, "fragile")
    other.decide(review.id, "approve", ADA)
    other.finish(review.thread_id, review.id)
    begin(other)
    for metrics in (early, late, early):
        told = measured(None, metrics)
        assert (told["decisions_total/approve"], told["decisions_total/reject"]) == (1, 1)
        assert (told["failures_total/run"], told["failures_total/resume"]) == (1, 0)
        assert told["pending_reviews"] == told["reviews/pending"] == 2
        assert told["resume_latency_seconds_count"] == 1
        assert told["resume_latency_seconds_bucket/+Inf"] == 1


def test_what_is_older_is_counted_once_and_kept(desk: Desk) -> None:
    """A scrape reads what is new; entries of the last minute are read again, since one may come in behind another."""
    metrics = Metrics(desk)
    metrics.text()
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    desk.finish(review.thread_id, review.id)
    assert measured(desk, metrics)["decisions_total/approve"] == 1
    with desk.ledger.audit._database.write() as connection:
        at = now() - timedelta(minutes=5)
        connection.execute(update(tables.audit).values(at=at))
        connection.execute(update(tables.decisions).values(apply_at=at - timedelta(seconds=20)))
    for _ in range(3):
        told = measured(desk, metrics)
        assert told["decisions_total/approve"] == told["resume_latency_seconds_count"] == 1
        assert told["resume_latency_seconds_sum"] == 20
        assert (told["resume_latency_seconds_bucket/10.0"], told["resume_latency_seconds_bucket/30.0"]) == (0, 1)
    newest = desk.ledger.audit.entries(limit=1)[0].id
    assert metrics._mark == newest
    assert measured(None, Metrics(desk))["decisions_total/approve"] == 1


def test_the_oldest_pending_review_has_an_age(desk: Desk) -> None:
    assert measured(desk)["oldest_pending_age_seconds"] == 0
    begin(desk)
    with desk.ledger.audit._database.write() as connection:
        connection.execute(update(tables.reviews).values(created_at=now() - timedelta(hours=2)))
    assert 7200 <= measured(desk)["oldest_pending_age_seconds"] < 7300


def test_a_scrape_scans_no_table(desk: Desk) -> None:
    begin(desk)
    metrics = Metrics(desk)
    metrics.text()
    from sqlalchemy import event

    plans = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):
            rows = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows.fetchall())

    event.listen(desk.ledger.audit._database._engine, "before_cursor_execute", explain)
    metrics.text()
    event.remove(desk.ledger.audit._database._engine, "before_cursor_execute", explain)
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
