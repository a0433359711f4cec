"""What databases and disks do at the worst moment: a clear sentence, no false success, and recovery by itself."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from review.desk import Desk
from review.engine.base import Snapshot, ThreadRef
from review.errors import ReviewError, StorageFailed
from review.ledger.audit import Note
from review.ledger.database import storage_failed
from review.ledger.settle import Settling
from review.model import ReviewStatus, ThreadStatus
from review.ops.backup import take_backup
from review.ops.restore import restore_backup
from review.ops.verify import Verifier
from tests.chaos.locked import locked_for
from tests.conftest import MakeDesk, Spawn
from tests.review.test_bad_input import without_privileges
from tests.support import ADA, SIBLINGS, actions, begin, outcome_of, pending, reviews, values, wait_for

ONCE = """
from review.contract import once
HERE = pathlib.Path(__file__).parent
def effect():
    with open(HERE / "effects", "a") as effects: effects.write("done\\n")
    return "done"
def ask(state): return {"answer": interrupt({"draft": "Bread"}), "log": ["ask"]}
def act(state): return {"log": [once("act", effect)]}
graph = wire(ask, act)
"""


class CommitsAndRaises:
    """A ledger whose `number`th write transaction of one kind is kept, and reported as an error of the disk."""

    def __init__(self, part: Any, monkeypatch: pytest.MonkeyPatch, number: int = 1) -> None:
        self.left = number
        self._database = part._database
        self.name, self.read = self._database.name, self._database.read
        monkeypatch.setattr(part, "_database", self)

    @contextmanager
    def write(self, **options: bool) -> Iterator[Connection]:
        with self._database.write(**options) as connection:
            yield connection
        self.left -= 1
        if self.left == 0:
            raise storage_failed(self.name, sqlite3.OperationalError("disk I/O error"))


def once_through(desk: Desk, thread_id: str, graphs: Path, applied: int = 1) -> None:
    """The decision, the effect and the end of the run are there, each once; so many decisions were applied."""
    assert desk.thread(thread_id).status == ThreadStatus.DONE
    assert values(desk, thread_id)["log"] == ["ask", "done"]
    assert (graphs / "effects").read_text() == "done\n"
    told = actions(desk, thread_id)
    assert [told.count(action) for action in ("review.approved", "decision.applied", "thread.finished")] == [
        1,
        applied,
        1,
    ]
    assert desk.ledger.leases.held() == []
    assert Verifier(desk).run().broken == []


@pytest.mark.parametrize(
    ("part", "verb"), [("leases", "take"), ("settling", "settle")], ids=["taking the thread", "settling the run"]
)
def test_a_relays_commit_that_raised_loses_and_doubles_nothing(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str, verb: str
) -> None:
    desk = make_desk({"once": ONCE})
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    with monkeypatch.context() as faulty:
        mishap = CommitsAndRaises(getattr(desk.ledger, part), faulty)
        with pytest.raises(StorageFailed, match="the disk reports an error"):
            desk.relay.advance(review.thread_id)
        assert mishap.left == 0, verb
    desk.finish(review.thread_id, review.id)
    once_through(desk, review.thread_id, tmp_path / "graphs")


def test_a_start_whose_commit_raised_is_found_and_told_as_what_it_is(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk({"once": ONCE})
    with monkeypatch.context() as faulty:
        mishap = CommitsAndRaises(desk.ledger.threads, faulty)
        thread = desk.start("once", {"topic": "bread"}, ADA)
        assert mishap.left == 0
    assert thread.status == ThreadStatus.QUEUED
    assert [each.id for each in desk.ledger.threads.page()] == [thread.id]
    desk.finish(thread.id)
    assert actions(desk, thread.id) == ["thread.started", "review.opened"]


def test_a_start_that_was_not_kept_is_not_told_as_recorded(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk({"once": ONCE})
    begin(desk, "once", thread_id="once-1")
    desk.decide(pending(desk, "once-1").id, "approve", ADA)
    desk.finish("once-1")
    with monkeypatch.context() as faulty, pytest.raises(StorageFailed):
        faulty.setattr(Note, "of_thread", _fails)  # within the transaction
        desk.start("once", {"topic": "rye"}, ADA, thread_id="once-1")
    assert desk.thread("once-1").status == ThreadStatus.DONE
    assert desk.start("once", {"topic": "rye"}, ADA, thread_id="once-1").status == ThreadStatus.QUEUED


def _fails(*_arguments: object, **_more: object) -> None:
    raise StorageFailed("The disk reports an error.")


@pytest.mark.parametrize("verb", ["apply now", "retry"])
def test_a_verb_whose_commit_raised_is_done_once_however_often_it_is_said_again(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: str
) -> None:
    desk = make_desk({"once": ONCE})
    review = pending(desk, begin(desk, "once").id)
    if verb == "retry":
        desk.decide(review.id, "approve", ADA)
        make_desk({"once": None}, other=1).finish(review.thread_id, review.id)
        make_desk({"once": ONCE}, other=1)
        assert desk.review(review.id).status == ReviewStatus.RESUME_FAILED
    else:
        desk.decide(review.id, "approve", ADA, undo_seconds=600)
    part, entry = {"retry": ("decisions", "review.retried"), "apply now": ("undo", "decision.hastened")}[verb]

    def say() -> Any:
        return desk.decide(review.id, "retry", ADA) if verb == "retry" else desk.apply_now(review.id, ADA)

    with monkeypatch.context() as faulty:
        mishap = CommitsAndRaises(getattr(desk.ledger, part), faulty)
        with pytest.raises(StorageFailed, match="the disk reports an error"):
            say()
        assert mishap.left == 0
    with suppress(ReviewError):  # it is on its way, which may be told as a refusal
        say()
    desk.finish(review.thread_id, review.id)
    with pytest.raises(ReviewError):
        say()
    assert actions(desk, review.thread_id).count(entry) == 1
    once_through(desk, review.thread_id, tmp_path / "graphs")


def test_an_actions_end_that_was_kept_and_raised_is_not_done_again(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = make_desk({"once": ONCE}, backoff_seconds=0)
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    with monkeypatch.context() as faulty:
        mishap = CommitsAndRaises(desk.ledger.actions, faulty, number=2)  # behind its start
        assert desk.finish(review.thread_id, review.id).status == ThreadStatus.FAILED  # its node raised
        assert mishap.left <= 0
    desk.decide(pending(desk, review.thread_id).id, "retry", ADA)
    desk.finish(review.thread_id)
    once_through(desk, review.thread_id, tmp_path / "graphs", applied=2)


def test_an_actions_start_that_was_kept_and_raised_is_for_a_person_to_tell(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = make_desk({"once": ONCE}, backoff_seconds=0)
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    with monkeypatch.context() as faulty:
        CommitsAndRaises(desk.ledger.actions, faulty)
        assert desk.finish(review.thread_id, review.id).status == ThreadStatus.FAILED
    assert not (tmp_path / "graphs" / "effects").exists()
    asked = pending(desk, review.thread_id)
    assert asked.title == "Did act take effect?"
    desk.decide(asked.id, "retry", ADA, value={"act": {"took_effect": False}})
    assert desk.finish(review.thread_id).status == ThreadStatus.DONE
    assert (tmp_path / "graphs" / "effects").read_text() == "done\n"


@pytest.mark.parametrize("name", ["ledger.sqlite", "checkpoints.sqlite"])
def test_a_database_that_is_locked_for_long_is_told_and_waited_for(tmp_path: Path, name: str) -> None:
    told: list[str] = []
    assert locked_for(tmp_path, name, 1.5, told.append) == []
    assert told


# A desk whose files cannot grow any more: every write fails, as on a full disk. Then they can again.
FULL = """
import resource, signal, sys
from pathlib import Path
from review.desk import open_desk
from review.errors import StorageFailed
from review.model import Reviewer
from review.settings import Settings
desk = open_desk(Settings(data_dir=Path(sys.argv[1]), graphs=Path(sys.argv[2]), backoff_seconds=0, max_tries=1000))
review, ada = desk.review(sys.argv[3]), Reviewer("ada")
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, unlimited[1]))
try:
    desk.decide(review.id, "approve", ada)
except StorageFailed as error:
    print(error)
print(desk.review(review.id).status)
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
desk.decide(review.id, "approve", ada)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, unlimited[1]))
try:
    desk.relay.advance(review.thread_id)
except StorageFailed as error:
    print(error)
print(desk.review(review.id).decision.type)
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
print(desk.finish(review.thread_id, review.id).status)
desk.close()
"""


def test_a_disk_that_takes_no_more_is_a_sentence_and_goes_on_when_it_does(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path
) -> None:
    desk = make_desk({"once": ONCE})
    review = pending(desk, begin(desk, "once").id)
    desk.close()
    places = (tmp_path / "data", tmp_path / "graphs" / "langgraph.json")
    refused, status, stopped, kept, end = outcome_of(spawn(FULL, *places, review.id)).splitlines()
    for sentence in (refused, stopped):
        assert sentence.startswith("The database ledger.sqlite cannot be ")
        assert "Nothing was recorded" in sentence
    assert (status, kept, end) == (ReviewStatus.PENDING, "approve", ThreadStatus.DONE)
    desk = make_desk()
    once_through(desk, review.thread_id, tmp_path / "graphs")


# A desk whose folder is made read-only while it is open, and writable again; decides for each line that it is told.
READ_ONLY_MEANWHILE = """
import sys
from pathlib import Path
from review.desk import open_desk
from review.errors import StorageFailed
from review.model import Reviewer
from review.settings import Settings
desk = open_desk(Settings(data_dir=Path(sys.argv[1]), graphs=Path(sys.argv[2]), backoff_seconds=0))
review, ada = desk.review(sys.argv[3]), Reviewer("ada")
print("open", flush=True)
for _ in sys.stdin:
    desk.ledger.close()  # what is open stays writable; the next connection is a new one
    try:
        print(desk.decide(review.id, "approve", ada, key="key-1").status, flush=True)
    except StorageFailed as error:
        print(error, flush=True)
print(desk.finish(review.thread_id, review.id).status)
desk.close()
"""


def test_a_folder_that_becomes_read_only_under_an_open_desk_is_named_and_work_goes_on_when_it_is_not(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path
) -> None:
    desk = make_desk({"once": ONCE})
    review = pending(desk, begin(desk, "once").id)
    desk.close()
    data = tmp_path / "data"
    drop = {"preexec_fn": without_privileges} if os.geteuid() == 0 else {}
    process = spawn(READ_ONLY_MEANWHILE, data, tmp_path / "graphs" / "langgraph.json", review.id, **drop)
    assert process.stdin and process.stdout
    assert process.stdout.readline() == "open\n"
    _rights(data, 0o555, 0o444)
    process.stdin.write("decide\n")
    process.stdin.flush()
    told = process.stdout.readline()
    assert told.startswith("The database ledger.sqlite cannot be ")
    assert "write there" in told
    _rights(data, 0o755, 0o644)
    out = outcome_of(process, given="decide\n")
    assert out.splitlines() == [ReviewStatus.DECIDED, ThreadStatus.DONE]
    desk = make_desk()
    once_through(desk, review.thread_id, tmp_path / "graphs")


def _rights(folder: Path, of_folders: int, of_files: int) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(of_folders if path.is_dir() else of_files)


READ_ONLY = """
import sys
from pathlib import Path
from review.desk import open_desk
from review.errors import StorageFailed
from review.settings import Settings
try:
    open_desk(Settings(data_dir=Path(sys.argv[1]), graphs=Path(sys.argv[2])))
except StorageFailed as error:
    print(error)
"""


def test_a_read_only_folder_is_named(make_desk: MakeDesk, spawn: Spawn, tmp_path: Path) -> None:
    desk = make_desk({"once": ONCE})
    begin(desk, "once")
    desk.close()
    folders = [tmp_path / "data", tmp_path / "data" / "owners"]
    for folder in folders:
        folder.chmod(0o555)
    drop = {"preexec_fn": without_privileges} if os.geteuid() == 0 else {}
    out = outcome_of(spawn(READ_ONLY, tmp_path / "data", tmp_path / "graphs" / "langgraph.json", **drop))
    for folder in folders:
        folder.chmod(0o755)
    assert out.startswith(("The folder ", "The database "))
    assert "cannot be written" in out


def test_a_damaged_page_is_named_and_a_backup_puts_it_right(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk({"once": ONCE})
    review = pending(desk, begin(desk, "once").id)
    take_backup(desk.settings, tmp_path / "backup")
    desk.close()
    path = tmp_path / "data" / "ledger.sqlite"
    page = _page_of(path, "reviews")
    with path.open("r+b") as file:
        file.seek(page)
        file.write(b"\xff" * 4096)
    desk = make_desk()
    with pytest.raises(StorageFailed, match=r"The database ledger\.sqlite is damaged\. Restore it from a backup\."):
        desk.decide(review.id, "approve", ADA)
    assert {each.rule for each in Verifier(desk).run().broken} >= {"intact"}
    settings = desk.settings
    desk.close()
    restore_backup(settings, tmp_path / "backup", ADA)
    desk = make_desk()
    desk.decide(review.id, "approve", ADA)
    desk.finish(review.thread_id, review.id)
    once_through(desk, review.thread_id, tmp_path / "graphs")


def _page_of(path: Path, table: str) -> int:
    """Where in the file the table's first page is; with everything in the file, and nothing beside it."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    return (int(root) - 1) * int(size)


def fails_with(cause: sqlite3.DatabaseError) -> Callable[[ThreadRef], Snapshot]:
    """What reads the checkpoints, on a database that fails so."""

    def snapshot(_ref: ThreadRef) -> Snapshot:
        raise storage_failed("checkpoints.sqlite", cause)

    return snapshot


@pytest.mark.parametrize("cause", ["database is locked", "database or disk is full", "disk I/O error"])
def test_a_database_that_fails_for_long_leaves_no_work_for_a_person(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cause: str
) -> None:
    desk = make_desk({"once": ONCE}, backoff_seconds=0.001)
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    told: list[str] = []  # one try or more at a time: the next may be due before this one is told

    def tried_for_long() -> bool:
        if desk.relay.advance(review.thread_id):
            told.append(str(desk.thread(review.thread_id).error))
        return len(told) > desk.settings.max_tries + 1

    with monkeypatch.context() as faulty:
        faulty.setattr(desk.engine, "snapshot", fails_with(sqlite3.OperationalError(cause)))
        wait_for(tried_for_long, "more tries than a run has that ends with its process")
    assert all("times; the next try is in " in each for each in told[1:])
    assert desk.thread(review.thread_id).status != ThreadStatus.FAILED
    assert desk.review(review.id).status == ReviewStatus.DECIDED
    desk.finish(review.thread_id, review.id)
    once_through(desk, review.thread_id, tmp_path / "graphs")


def test_a_damaged_database_is_tried_so_often_and_then_left_to_a_person(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk({"once": ONCE}, backoff_seconds=0.001, max_tries=2)
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    with monkeypatch.context() as faulty:
        broken = sqlite3.DatabaseError("database disk image is malformed")
        faulty.setattr(desk.engine, "snapshot", fails_with(broken))
        assert desk.finish(review.thread_id, review.id).status == ThreadStatus.FAILED
    kept = desk.review(review.id)
    assert (kept.status, kept.decision is None) == (ReviewStatus.RESUME_FAILED, False)
    assert "is damaged" in str(kept.error)


def test_the_retry_of_one_sibling_ends_the_other_whose_answer_was_taken_as_well(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The graph had both answers, and every process that should have recorded it died over that."""
    desk = make_desk({"siblings": SIBLINGS}, max_tries=1, backoff_seconds=0)
    thread = begin(desk, "siblings")
    both = [desk.decide(review.id, "approve", ADA).id for review in reviews(desk, thread.id)]

    def dies(*_arguments: object) -> None:
        raise StorageFailed("The disk reports an error.")

    for _ in range(2):
        with monkeypatch.context() as faulty, pytest.raises(StorageFailed):
            faulty.setattr(Settling, "settle", dies)
            desk.relay.advance(thread.id)
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    assert {desk.review(review_id).status for review_id in both} == {ReviewStatus.RESUME_FAILED}
    desk.decide(both[0], "retry", ADA)
    assert desk.finish(thread.id, both[0]).status == ThreadStatus.DONE
    assert {desk.review(review_id).status for review_id in both} == {ReviewStatus.RESUMED}
    told = actions(desk, thread.id)
    assert (told.count("thread.finished"), told.count("decision.applied")) == (1, 2)
    assert Verifier(desk).run().broken == []
