"""A disk that is full: a small one of memory where the machine lets us mount it, else a quota on the size of files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from review.model import ReviewStatus, ThreadStatus
from tests.support import ROOT, write_graphs

# A mount of its own, which nobody else sees and which goes with the process.
ALONE = ["unshare", "--user", "--map-root-user", "--mount"]

ACTS = """
from review.contract import once
HERE = pathlib.Path(__file__).parent
def effect():
    with open(HERE / "effects", "a") as effects: effects.write("done\\n")
    return "done"
def ask(state): return {"answer": interrupt({"draft": "Bread"}), "log": ["ask"]}
def act(state): return {"log": [once("act", effect)]}
graph = wire(ask, act)
"""

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
    graphs = write_graphs(tmp_path / "graphs", acts=ACTS)
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
