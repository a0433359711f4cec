"""A process that dies when a step's tasks have their results kept, and before the step's own checkpoint."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from review.model import ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, begin, pending, values

THREE = """
def ask(state): return {"answer": interrupt({"draft": "go on?"}), "log": ["ask"]}
def act(state): return {"log": ["act"]}
def last(state): return {"log": ["last"]}
graph = wire(ask, act, last)
"""


@pytest.mark.parametrize("behind", [-1, 0, 1, 2])
def test_a_thread_that_died_between_two_steps_is_continued(make_desk: MakeDesk, behind: int) -> None:
    desk = make_desk({"three": THREE})
    review = pending(desk, begin(desk, "three").id)
    desk.decide(review.id, "approve", ADA)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    desk.close()
    # The checkpoints as such a death leaves them, and the ledger as its relay left it.
    with closing(sqlite3.connect(desk.settings.data_dir / "checkpoints.sqlite")) as connection:
        rows = "SELECT checkpoint_id, json_extract(metadata, '$.step') FROM checkpoints ORDER BY checkpoint_id"
        gone = [row[0] for row in connection.execute(rows).fetchall() if row[1] > behind]
        for table in ("checkpoints", "writes"):
            connection.executemany(f"DELETE FROM {table} WHERE checkpoint_id = ?", [(each,) for each in gone])
        connection.commit()
    with closing(sqlite3.connect(desk.settings.data_dir / "ledger.sqlite")) as connection:
        connection.execute(
            "UPDATE threads SET status = 'running', lease_owner = 'dead', lease_until = '2020-01-01 00:00:00.000000', "
            "work_at = created_at, input_pending = ?, base_checkpoint = 'none'",
            [behind < 0],
        )
        connection.execute("UPDATE reviews SET status = 'resuming'")
        connection.commit()
    other = make_desk(other=1, lease_seconds=1)
    thread = other.finish(review.thread_id)
    if behind < 0:
        assert thread.status == ThreadStatus.INTERRUPTED
        return
    assert thread.status == ThreadStatus.DONE
    assert values(other, thread.id)["log"] == ["ask", "act", "last"]
