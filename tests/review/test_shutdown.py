"""SIGTERM: a worker and an app stop at a step's boundary and end soon, also where a node does not return."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from review.desk import Desk
from review.model import ThreadStatus
from tests.browser.servers import Server
from tests.cli_support import Shell
from tests.conftest import MakeDesk
from tests.support import ADA, values, wait_for, write_graphs

PROMISED = 10

# Marks that it runs; goes on when the file `go` is there.
STEPS = """
HERE = pathlib.Path(__file__).parent
def first(state):
    (HERE / "running").touch()
    while not (HERE / "go").exists(): time.sleep(0.01)
    return {"log": ["first"]}
def second(state): return {"log": ["second"]}
def third(state): return {"log": ["third"]}
graph = wire(first, second, third)
"""
# Nodes that do not return: on a thread of the engine's, on its loop, and where they can be cancelled.
BLOCKS = """
HERE = pathlib.Path(__file__).parent
def hang(state):
    (HERE / "running").touch()
    if not (HERE / "go").exists(): time.sleep(60)
    return {"log": ["hang"]}
graph = wire(hang)
"""
BLOCKS_THE_LOOP = BLOCKS.replace("def hang", "async def hang")
WAITS = BLOCKS_THE_LOOP.replace("time.sleep(60)", "await __import__('asyncio').sleep(60)")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def ended(process: subprocess.Popen[str]) -> int:
    """The exit code of a process that was told to stop, in the time that is promised."""
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    code = process.wait(60)
    assert time.monotonic() - began < PROMISED
    return code


@pytest.mark.parametrize("source", [BLOCKS, BLOCKS_THE_LOOP, WAITS], ids=["in a thread", "on the loop", "cancellable"])
def test_a_worker_ends_although_a_node_does_not_return(
    shell: Shell, make_desk: MakeDesk, tmp_path: Path, source: str
) -> None:
    desk = make_desk({"blocks": source})
    shell.set("REVIEW_GRAPHS", str(desk.settings.graphs))
    thread = desk.start("blocks", {"topic": "bread"}, ADA)
    with shell.spawn("worker") as worker:
        wait_for((tmp_path / "graphs" / "running").exists, "the run")
        assert ended(worker) == 0
        assert "Traceback" not in worker.stderr.read()
    _goes_on(desk, thread.id, tmp_path, ["hang"])


def test_a_worker_stops_behind_the_step_that_runs(shell: Shell, make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk({"steps": STEPS})
    shell.set("REVIEW_GRAPHS", str(desk.settings.graphs))
    thread = desk.start("steps", {"topic": "bread"}, ADA)
    with shell.spawn("worker") as worker:
        wait_for((tmp_path / "graphs" / "running").exists, "the run")
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.5)  # it drains meanwhile; the step ends only now
        (tmp_path / "graphs" / "go").touch()
        assert worker.wait(60) == 0
    assert desk.thread(thread.id).lease_owner is None
    assert values(desk, thread.id)["log"] == ["first"]
    _goes_on(desk, thread.id, tmp_path, ["first", "second", "third"])


def test_the_app_ends_although_a_node_does_not_return(make_desk: MakeDesk, tmp_path: Path) -> None:
    graphs = write_graphs(tmp_path / "graphs", blocks=BLOCKS)
    server = Server(tmp_path, {"REVIEW_GRAPHS": str(graphs)}).wait_until_up()
    try:
        desk = make_desk(graphs)
        thread = desk.start("blocks", {"topic": "bread"}, ADA)
        wait_for((tmp_path / "graphs" / "running").exists, "the run")
        assert ended(server.process) in (0, -signal.SIGTERM)
        assert "Traceback" not in server.log
    finally:
        server.end()
    _goes_on(desk, thread.id, tmp_path, ["hang"])


def _goes_on(desk: Desk, thread_id: str, folder: Path, log: list[str]) -> None:
    """What was cut off is run to its end by whoever starts next."""
    (folder / "graphs" / "go").touch()
    assert desk.finish(thread_id).status == ThreadStatus.DONE
    assert values(desk, thread_id)["log"] == log
