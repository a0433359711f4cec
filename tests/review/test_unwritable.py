"""Files and folders that may not be written: they are named, and work goes on once they may."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import pytest

from review.errors import StorageFailed
from review.ledger import Ledger
from review.model import ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk, Spawn
from tests.review.once_through import ONCE, once_through
from tests.support import ASK, begin, outcome_of, pending


def without_privileges() -> None:
    """For a child about to begin: root may then write no more than anybody."""
    libc = ctypes.CDLL(None)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


READ_ONLY_LEDGER = """
import sys
from pathlib import Path
from review.errors import StorageFailed
from review.ledger import Ledger, Start
from review.reviewers import Reviewer

folder = Path(sys.argv[1])
ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
print(len(ledger.threads.page()))
try:
    ledger.threads.queue_start(Start("thread-2", "ask", {}), Reviewer("ada"))
except StorageFailed as error:
    print(error)
ledger.close()
"""


def test_a_read_only_ledger_can_be_read_and_says_so(tmp_path: Path, spawn: Spawn) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    ledger.close()
    (tmp_path / "ledger.sqlite").chmod(0o444)
    drop = {"preexec_fn": without_privileges} if os.geteuid() == 0 else {}
    out = outcome_of(spawn(READ_ONLY_LEDGER, tmp_path, **drop)).splitlines()
    assert out == [
        "0",
        "The database ledger.sqlite cannot be written: it is read-only. Nothing was recorded; "
        "give this user the right to write there.",
    ]


READ_ONLY_FOLDER = """
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
    out = outcome_of(spawn(READ_ONLY_FOLDER, tmp_path / "data", tmp_path / "graphs" / "langgraph.json", **drop))
    for folder in folders:
        folder.chmod(0o755)
    assert out.startswith(("The folder ", "The database "))
    assert "cannot be written" in out


# A desk whose folder is made read-only while it is open, and writable again; decides for each line that it is told.
READ_ONLY_MEANWHILE = """
import sys
from pathlib import Path
from review.desk import open_desk
from review.errors import StorageFailed
from review.reviewers import Reviewer
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


def test_a_folder_that_is_a_file_is_named(tmp_path: Path, make_desk: MakeDesk) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StorageFailed, match=rf"The folder {tmp_path}/data/owners cannot be written"):
        make_desk({"ask": ASK})
    with pytest.raises(StorageFailed, match=r"ledger.sqlite cannot be opened\. See that the folder exists"):
        Ledger(f"sqlite:///{tmp_path}/data/ledger.sqlite")
