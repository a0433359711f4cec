"""Backups taken while processes decide and resume: each is of one moment, and its restored desk carries on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from review.desk import Desk, open_desk
from review.errors import BadInput, StorageFailed
from review.model import ReviewStatus, ThreadStatus
from review.ops.backup import MANIFEST, read_backup, take_backup
from review.ops.restore import restore_backup
from review.ops.verify import Verifier
from review.settings import Settings
from tests.conftest import MakeDesk, Spawn
from tests.support import ADA, ASK, actions, begin, pending, values, wait_for

# Asks three times; what each answer was is kept, so that a decision applied twice would show.
THRICE = """
def turn(state):
    said = interrupt({"draft": f"{state['topic']}: {len(state.get('log', []))}"})
    return {"log": [said["reviewer"]]}
builder = StateGraph(State)
builder.add_node("turn", turn)
builder.add_edge(START, "turn")
builder.add_conditional_edges("turn", lambda state: END if len(state["log"]) == 3 else "turn")
graph = builder.compile()
"""

# Decides whatever waits, as fast as it can, and resumes it; each decision by a name of its own.
DECIDES = """
import os, sys, uuid
from pathlib import Path
from review.desk import open_desk
from review.errors import ReviewError
from review.reviewers import Reviewer
from review.settings import Settings

desk = open_desk(Settings(data_dir=Path(sys.argv[1]), graphs=Path(sys.argv[2]), poll_seconds=0.02))
desk.relay.start()
print("serving", flush=True)
while True:
    for review in desk.ledger.reviews.page(limit=20):
        try:
            desk.decide(review.id, "approve", Reviewer(uuid.uuid4().hex), version=review.version)
        except ReviewError:
            pass
    counts = desk.ledger.threads.counts()
    if sum(counts.values()) - counts.get("done", 0) < 20:
        desk.start("thrice", {"topic": uuid.uuid4().hex}, Reviewer("starter"))
"""


def settings_of(folder: Path, graphs: Path) -> Settings:
    return Settings(data_dir=folder, graphs=graphs, poll_seconds=0.02)


def carry_on(desk: Desk) -> None:
    """Decide all that waits, until every thread is done."""
    desk.relay.run_due()
    while waiting := desk.ledger.reviews.page(limit=500):
        for review in waiting:
            desk.decide(review.id, "approve", ADA)
        desk.relay.run_due()


def test_backups_taken_under_load_are_whole_and_carry_on(make_desk: MakeDesk, spawn: Spawn, tmp_path: Path) -> None:
    desk = make_desk({"thrice": THRICE})
    graphs = tmp_path / "graphs" / "langgraph.json"
    workers = [spawn(DECIDES, tmp_path / "data", graphs) for _ in range(2)]
    for worker in workers:
        assert worker.stdout.readline() == "serving\n"
    for n in range(3):
        reached = desk.ledger.threads.counts().get("done", 0) + 5
        wait_for(lambda at=reached: desk.ledger.threads.counts().get("done", 0) >= at, "more work")
        take_backup(desk.settings, tmp_path / f"backup-{n}")
    for worker in workers:
        assert worker.poll() is None
        worker.kill()
        worker.wait()

    under_way = 0
    for n in range(3):
        settings = settings_of(tmp_path / f"restored-{n}", graphs)
        restore_backup(settings, tmp_path / f"backup-{n}", ADA)
        restored = open_desk(settings)
        try:
            report = Verifier(restored).run()
            assert report.broken == []
            assert report.skipped == 0
            under_way += sum(restored.ledger.threads.counts().get(status, 0) for status in ("running", "queued"))
            carry_on(restored)
            _check_every_decision_was_applied_once(restored)
            assert Verifier(restored).run().broken == []
        finally:
            restored.close()
    assert under_way  # else this was no test


def _check_every_decision_was_applied_once(desk: Desk) -> None:
    assert set(desk.ledger.threads.counts()) == {ThreadStatus.DONE}
    for thread in desk.ledger.threads.page(limit=10_000):
        asked = desk.ledger.reviews.of_thread(thread.id)
        assert {review.status for review in asked} == {ReviewStatus.RESUMED}
        assert values(desk, thread.id)["log"] == [review.decision.reviewer for review in asked]
        assert actions(desk, thread.id).count("decision.applied") == 3


def test_a_backup_holds_up_nobody(make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the files are copied, decisions are recorded and carried out, and are not in the copy."""
    desk = make_desk({"ask": ASK}, lock_seconds=1)
    review = pending(desk, begin(desk).id)
    decided = []

    def meanwhile(connection: sqlite3.Connection) -> list[str]:
        if not decided:
            decided.append(desk.decide(review.id, "approve", ADA))
            assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
        return damage(connection)

    from review.ops.files import damage

    monkeypatch.setattr("review.ops.backup.damage", meanwhile)
    take_backup(desk.settings, tmp_path / "backup")
    assert decided
    settings = settings_of(tmp_path / "restored", desk.settings.graphs)
    restore_backup(settings, tmp_path / "backup", ADA)
    restored = open_desk(settings)
    try:
        assert restored.review(review.id).status == ReviewStatus.PENDING
        assert Verifier(restored).run().broken == []
    finally:
        restored.close()


def test_what_was_there_is_moved_aside(desk: Desk, tmp_path: Path) -> None:
    begin(desk)
    take_backup(desk.settings, tmp_path / "backup")
    later = begin(desk)
    desk.close()
    restored = restore_backup(desk.settings, tmp_path / "backup", ADA)
    (aside,) = restored.aside
    assert sorted(path.name for path in aside.iterdir()) == ["checkpoints.sqlite", "ledger.sqlite"]
    with closing(sqlite3.connect(aside / "ledger.sqlite")) as connection:
        assert (later.id,) in connection.execute("SELECT id FROM threads").fetchall()
    again = open_desk(desk.settings)
    assert later.id not in [thread.id for thread in again.ledger.threads.page()]
    assert again.ledger.audit.entries(limit=1)[0].action == "ledger.restored"
    again.close()
    left = {path.name for path in desk.settings.data_dir.iterdir()}
    assert not [name for name in left if "restoring" in name]


def test_nothing_is_restored_while_a_process_uses_the_data(desk: Desk, tmp_path: Path) -> None:
    begin(desk)
    take_backup(desk.settings, tmp_path / "backup")
    with pytest.raises(BadInput, match="is using"):
        restore_backup(desk.settings, tmp_path / "backup", ADA)
    desk.close()
    with closing(sqlite3.connect(tmp_path / "data" / "checkpoints.sqlite")) as other:
        other.execute("SELECT count(*) FROM checkpoints").fetchone()
        with pytest.raises(StorageFailed, match="Another program has checkpoints"):
            restore_backup(desk.settings, tmp_path / "backup", ADA)
    assert not list((tmp_path / "data").glob("before-restore-*"))
    restore_backup(desk.settings, tmp_path / "backup", ADA)


def test_a_damaged_database_can_be_replaced(desk: Desk, tmp_path: Path) -> None:
    begin(desk)
    take_backup(desk.settings, tmp_path / "backup")
    desk.close()
    (tmp_path / "data" / "ledger.sqlite").write_bytes(b"not a database" * 1000)
    restore_backup(desk.settings, tmp_path / "backup", ADA)
    again = open_desk(desk.settings)
    assert Verifier(again).run().broken == []
    again.close()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), "no complete backup"),
        (lambda folder: (folder / "checkpoints.sqlite").unlink(), "checkpoints.sqlite is missing"),
        (lambda folder: os.truncate(folder / "ledger.sqlite", 4096), "ledger.sqlite is not what was copied"),
        (lambda folder: (folder / MANIFEST).write_text("{"), "cannot be read"),
        (lambda folder: (folder / MANIFEST).write_text("{}"), "is not the manifest of a backup"),
        (lambda folder: rewrite(folder, migration="9999"), "newer version"),
    ],
)
def test_a_backup_that_is_not_whole_is_refused(
    desk: Desk, tmp_path: Path, harm: Callable[[Path], None], sentence: str
) -> None:
    begin(desk)
    folder = tmp_path / "backup"
    take_backup(desk.settings, folder)
    read_backup(folder)
    desk.close()
    harm(folder)
    with pytest.raises(BadInput, match=sentence):
        restore_backup(desk.settings, folder, ADA)
    assert not list((tmp_path / "data").glob("before-restore-*"))


def rewrite(folder: Path, **changes: str) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | changes))


def test_a_backup_that_was_killed_is_no_backup(make_desk: MakeDesk, spawn: Spawn, tmp_path: Path) -> None:
    begin(make_desk({"ask": ASK}))
    dies = """
import os, signal, sys
from pathlib import Path
from review.ops import backup
from review.settings import Settings
backup.damage = lambda connection: os.kill(os.getpid(), signal.SIGKILL)
backup.take_backup(Settings(data_dir=Path(sys.argv[1])), Path(sys.argv[2]))
"""
    process = spawn(dies, tmp_path / "data", tmp_path / "backup")
    assert process.wait(60) == -signal.SIGKILL
    assert list((tmp_path / "backup").iterdir())
    with pytest.raises(BadInput, match="no complete backup"):
        read_backup(tmp_path / "backup")
    with pytest.raises(BadInput, match="is there already"):
        take_backup(Settings(data_dir=tmp_path / "data"), tmp_path / "backup")


def test_another_databases_ledger_is_its_own_tools_to_copy(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://desk@localhost/ledger")
    with pytest.raises(BadInput, match="pg_dump"):
        take_backup(settings, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_there_is_nothing_to_back_up_without_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nothing to back up"):
        take_backup(Settings(data_dir=tmp_path / "data"), tmp_path / "backup")
    assert not (tmp_path / "data").exists()
