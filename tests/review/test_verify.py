"""Each invariant, broken once by hand: verify names it, and says nothing of data that is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from review.desk import Desk
from review.ops.verify import Report, Verifier
from review.running import ref_of
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, FRAGILE, SIBLINGS, begin, pending, reviews, wait_for

DECISION = "id, review_id, version, type, message, reviewer, signed_in, decided_at, apply_at"
SECOND = f"INSERT INTO decisions ({DECISION}) SELECT 'decision-2', {DECISION.partition(', ')[2]} FROM decisions"


def verified(desk: Desk) -> Report:
    return Verifier(desk).run()


def rules(desk: Desk) -> set[str]:
    return {each.rule for each in verified(desk).broken}


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., None]:
    """Changes rows of the ledger behind everybody's back."""

    def execute(*statements: str) -> None:
        with closing(sqlite3.connect(tmp_path / "data" / "ledger.sqlite")) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount
            connection.commit()

    return execute


@pytest.fixture
def checkpoints(tmp_path: Path) -> Callable[..., None]:
    """Changes rows of the checkpoints behind everybody's back."""

    def execute(statement: str) -> None:
        with closing(sqlite3.connect(tmp_path / "data" / "checkpoints.sqlite")) as connection:
            assert connection.execute(statement).rowcount
            connection.commit()

    return execute


@pytest.fixture
def resumed(desk: Desk) -> Desk:
    """A thread that was decided and is done, and one that waits."""
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    desk.finish(review.thread_id, review.id)
    begin(desk)
    return desk


def test_whole_data_has_nothing_broken(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "siblings": SIBLINGS, "fragile": FRAGILE})
    (desk.settings.graphs.parent / "broken").touch()
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA, undo_seconds=60)
    desk.undo(review.id, ADA)
    desk.decide(review.id, "approve", ADA)
    desk.finish(review.thread_id, review.id)
    desk.close_thread(begin(desk).id, ADA)
    begin(desk, "fragile")
    both = begin(desk, "siblings")
    one, _ = reviews(desk, both.id)
    desk.decide(one.id, "answer", ADA, value="yes")
    desk.finish(both.id, one.id)
    waiting = pending(desk, begin(desk).id)
    desk.decide(waiting.id, "approve", ADA, undo_seconds=60)
    desk.start("ask", {"topic": "not begun"}, ADA)
    report = verified(desk)
    assert (report.broken, report.notes, report.checked, report.skipped) == ([], [], 6, 0)


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("DELETE FROM decisions", "a decided review has one decision"),
        ("UPDATE decisions SET withdrawn_at = decided_at", "a decided review has one decision"),
        (SECOND, "a review is decided once"),
        ("DELETE FROM audit WHERE action = 'review.approved'", "the audit has it"),
        ("UPDATE reviews SET status = 'pending' WHERE status = 'resumed'", "a pending review has none"),
        ("UPDATE reviews SET status = 'superseded' WHERE status = 'pending'", "a standing interrupt has a review"),
        ("UPDATE threads SET status = 'done' WHERE status = 'interrupted'", "thread and reviews agree"),
        ("UPDATE threads SET status = 'interrupted' WHERE status = 'done'", "thread and reviews agree"),
        ("UPDATE threads SET status = 'running' WHERE status = 'done'", "no work left undone"),
        ("UPDATE reviews SET pause_key = 'gone' WHERE status = 'pending'", "a pending review's pause stands"),
    ],
)
def test_a_broken_invariant_of_the_ledger_is_named(
    resumed: Desk, ledger: Callable[..., None], statement: str, rule: str
) -> None:
    ledger(statement)
    assert rule in rules(resumed)


def test_a_withdrawal_without_its_audit_entry_is_named(desk: Desk, ledger: Callable[..., None]) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA, undo_seconds=60)
    desk.undo(review.id, ADA)
    ledger("DELETE FROM audit WHERE action = 'decision.withdrawn'")
    (broken,) = verified(desk).broken
    assert (broken.rule, broken.review_id) == ("the audit has it", review.id)


def test_a_decision_that_no_relay_will_apply_is_named(desk: Desk, ledger: Callable[..., None]) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    ledger("UPDATE threads SET work_at = NULL")
    assert rules(desk) == {"no work left undone"}


def test_two_reviews_of_one_pause_are_named(desk: Desk, ledger: Callable[..., None]) -> None:
    begin(desk)
    with closing(sqlite3.connect(desk.settings.data_dir / "ledger.sqlite")) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(reviews)")]
        connection.execute("DROP INDEX reviews_one_per_pause")
        kept = ", ".join(f'"{column}"' for column in columns[1:])
        connection.execute(f"INSERT INTO reviews (id, {kept}) SELECT 'review-2', {kept} FROM reviews")
        connection.commit()
    assert rules(desk) == {"one review per pause"}


def test_checkpoints_that_went_on_without_the_ledger_are_named(desk: Desk, checkpoints: Callable[..., None]) -> None:
    review = pending(desk, begin(desk).id)
    desk.engine.close_thread(ref_of(desk.thread(review.thread_id)))
    assert rules(desk) == {"a pending review's pause stands", "thread and checkpoints agree"}
    checkpoints("DELETE FROM checkpoints")
    assert "a pending review's pause stands" in rules(desk)


def test_a_done_thread_without_checkpoints_is_named(resumed: Desk, checkpoints: Callable[..., None]) -> None:
    checkpoints("DELETE FROM checkpoints")
    assert "thread and checkpoints agree" in rules(resumed)


@pytest.mark.parametrize("name", ["ledger", "checkpoints"])
def test_a_damaged_file_is_named(desk: Desk, make_desk: MakeDesk, tmp_path: Path, name: str) -> None:
    for _ in range(30):
        begin(desk)
    desk.close()
    file = tmp_path / "data" / f"{name}.sqlite"
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xee" * 4096
    file.write_bytes(content)
    broken = verified(make_desk(other=1)).broken
    assert broken[0].rule == "intact"
    assert f"{name}.sqlite" in broken[0].told


def test_a_thread_that_a_live_process_runs_is_skipped_and_a_dead_one_noted(
    make_desk: MakeDesk, ledger: Callable[..., None]
) -> None:
    desk, other = make_desk({"ask": ASK}), make_desk(other=1)
    begin(desk)
    ledger(f"UPDATE threads SET lease_owner = '{other.name}', work_at = updated_at, status = 'running'")
    report = verified(desk)
    assert (report.checked, report.skipped, report.broken) == (0, 1, [])
    name = other.name
    lock = desk.settings.data_dir / "owners" / f"{name.rpartition('/')[2]}.lock"
    other.close()
    lock.touch()  # as a killed process leaves it
    report = verified(desk)
    assert (report.checked, report.skipped, report.broken) == (1, 0, [])
    assert [(note.rule, name in note.told) for note in report.notes] == [("lease", True)]


def test_verify_reads_in_pages_and_beside_work(make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.ops.verify.PAGE", 3)
    desk = make_desk({"ask": ASK})
    desk.relay.start()
    for n in range(20):
        desk.start("ask", {"topic": str(n)}, ADA)
    for _ in range(5):
        assert verified(desk).broken == []
    wait_for(lambda: desk.ledger.reviews.count() == 20, "all reviews")
    for review in desk.ledger.reviews.page():
        desk.decide(review.id, "approve", ADA)
    assert verified(desk).broken == []
    wait_for(lambda: desk.ledger.threads.counts().get("done") == 20, "their ends")
    report = verified(desk)
    assert (report.broken, report.checked) == ([], 20)


def test_a_graph_that_is_gone_is_a_note(make_desk: MakeDesk) -> None:
    begin(make_desk({"ask": ASK, "siblings": SIBLINGS}))
    desk = make_desk({"ask": None}, other=1)
    report = verified(desk)
    assert report.broken == []
    assert [note.rule for note in report.notes] == ["readable"]


def test_a_done_thread_in_the_middle_of_a_step_is_named(resumed: Desk, checkpoints: Callable[..., None]) -> None:
    checkpoints(
        "DELETE FROM checkpoints WHERE json_extract(metadata, '$.step') = "
        "(SELECT max(json_extract(metadata, '$.step')) FROM checkpoints)"
    )
    (broken,) = verified(resumed).broken
    assert (broken.rule, broken.told.partition(", and ")[2]) == (
        "thread and checkpoints agree",
        "its checkpoints are in the middle of a step",
    )
