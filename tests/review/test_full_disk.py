"""A disk that is full: a small one of memory where the machine lets us mount it, else a quota on the size of files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from review.desk import Desk
from review.errors import StorageFailed
from review.model import ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk, Spawn
from tests.review.once_through import ONCE, once_through
from tests.support import ADA, ROOT, begin, outcome_of, pending, write_graphs

# A mount of its own, which nobody else sees and which goes with the process.
ALONE = ["unshare", "--user", "--map-root-user", "--mount"]

# One of the two databases lies on the disk that fills up, the other one beside it.
FILLS_UP = """
import json, os, resource, subprocess, sys
from pathlib import Path
from review.desk import open_desk
from review.errors import StorageFailed
from review.ops.verify import Verifier
from review.settings import Settings
from tests.support import ADA, actions, begin, pending, values

folder, graphs, full, mounts = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4] == "mounts"
small = folder / "small"
small.mkdir()
if mounts:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small], check=True)
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

def fill():
    if not mounts:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, unlimited[1]))
        return
    with open(small / "ballast", "wb", buffering=0) as ballast:
        for size in (65536, 4096, 1):
            try:
                while True: ballast.write(b"-" * size)
            except OSError:
                pass

def free():
    (small / "ballast").unlink(missing_ok=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

places = {name: f"sqlite:///{small if name == full else folder}/{name}.sqlite" for name in ("ledger", "checkpoints")}
desk = open_desk(Settings(
    data_dir=folder, graphs=graphs, database_url=places["ledger"], checkpoint_url=places["checkpoints"],
    backoff_seconds=0.5,
))
told = {}

def attempt(what, act):
    try:
        act()
    except StorageFailed as error:
        told[what] = error.message

review = pending(desk, begin(desk, "acts").id)
fill()
attempt("decision", lambda: desk.decide(review.id, "approve", ADA))
told["then"] = desk.review(review.id).status
free()
if told["then"] == "pending":
    desk.decide(review.id, "approve", ADA)
fill()
attempt("run", lambda: desk.relay.advance(review.thread_id))
told["why"] = desk.thread(review.thread_id).error
told["kept"] = desk.review(review.id).decision.type
free()
told["end"] = desk.finish(review.thread_id, review.id).status
told["log"] = values(desk, review.thread_id)["log"]
told["applied"] = actions(desk, review.thread_id).count("decision.applied")
told["broken"] = [each.told for each in Verifier(desk).run().broken]
desk.close()
print(json.dumps(told))
"""


def mounts(folder: Path) -> bool:
    """Whether this machine lets us mount a disk of memory."""
    if shutil.which(ALONE[0]) is None:
        return False
    folder.mkdir()
    return subprocess.run([*ALONE, "mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True).returncode == 0


@pytest.mark.parametrize("full", ["ledger", "checkpoints"])
def test_on_a_full_disk_nothing_is_lost_and_the_space_that_is_freed_is_enough(tmp_path: Path, full: str) -> None:
    graphs = write_graphs(tmp_path / "graphs", acts=ONCE)
    small = mounts(tmp_path / "probe")
    command = [*ALONE * small, sys.executable, "-c", FILLS_UP, tmp_path, graphs, full, "mounts" if small else "quota"]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert child.returncode == 0, child.stderr
    told = json.loads(child.stdout)
    if small and full == "checkpoints":  # the ledger has its room: the decision stands, and its run is tried again
        assert told["then"] == ReviewStatus.DECIDED
        assert told["why"].startswith("The database checkpoints.sqlite cannot be written: the disk is full.")
    else:
        assert told["then"] == ReviewStatus.PENDING
        for sentence in (told["decision"], told["run"]):
            assert sentence.startswith("The database ledger.sqlite cannot be ")
            assert "Nothing was recorded" in sentence
            assert ("the disk is full" in sentence) == small
    assert (told["kept"], told["end"], told["log"]) == ("approve", ThreadStatus.DONE, ["ask", "done"])
    assert (told["applied"], told["broken"]) == (1, [])
    assert (tmp_path / "graphs" / "effects").read_text() == "done\n"


# A desk whose files cannot grow any more: every write fails, as on a full disk. Then they can again.
FULL = """
import resource, sys
from pathlib import Path
from review.desk import open_desk
from review.errors import StorageFailed
from review.reviewers import Reviewer
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


def test_a_full_disk_is_a_sentence_and_nothing_is_recorded(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    engine = desk.ledger._database._engine
    engine.dispose()

    def full(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite keeps it at what there is: not a page more

    event.listen(engine, "connect", full)
    with pytest.raises(StorageFailed, match=r"cannot be written: the disk is full\. Nothing was recorded"):
        desk.decide(review.id, "edit", ADA, value="long " * 100_000)
    assert desk.review(review.id) == review
    event.remove(engine, "connect", full)
    engine.dispose()
    desk.decide(review.id, "edit", ADA, value="long " * 100_000)
    assert desk.finish(review.thread_id).status == ThreadStatus.DONE
