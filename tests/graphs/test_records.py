"""The samples' effects: a line, once, whatever happens around it."""

from __future__ import annotations

from pathlib import Path

from review.desk import Desk
from review.model import ThreadStatus
from tests.conftest import MakeDesk
from tests.graphs.desks import lines
from tests.support import ADA, begin, pending

# Fails behind its line while the file `broken` lies beside the graph.
WORK = """
from graphs import records
HERE = pathlib.Path(__file__).parent
def work(state):
    key = records.record("work", "work.jsonl", topic=state["topic"])
    if (HERE / "broken").exists():
        raise RuntimeError("Behind the line.")
    return {"answer": key}
def again(state):
    return {"log": [records.record("work", "work.jsonl", topic="again")]}
graph = wire(work, again)
"""


def test_a_node_that_fails_behind_its_line_and_is_retried_leaves_one_line(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk({"work": WORK})
    (tmp_path / "graphs" / "broken").touch()
    thread = begin(desk, "work")
    assert thread.status == ThreadStatus.FAILED
    (tmp_path / "graphs" / "broken").unlink()
    review = pending(desk, thread.id)
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id, review.id).status == ThreadStatus.DONE
    assert [line["topic"] for line in lines(desk, "work.jsonl")] == ["bread", "again"]


def test_a_torn_line_stays_a_line_of_its_own(make_desk: MakeDesk) -> None:
    desk: Desk = make_desk({"work": WORK})
    path = desk.settings.data_dir / "work.jsonl"
    path.write_bytes(b'{"key": "torn by a cra')
    begin(desk, "work")
    first, *rest = path.read_text("utf-8").splitlines()
    assert first == '{"key": "torn by a cra'
    assert len(rest) == 2
    before = rest.copy()
    begin(desk, "work")
    assert path.read_text("utf-8").splitlines()[1:3] == before


def test_a_line_whose_receipt_was_lost_is_found_again(make_desk: MakeDesk, tmp_path: Path) -> None:
    """As after a crash between the two: the action is begun, the line is there, its end is not recorded."""
    desk = make_desk({"work": WORK})
    (tmp_path / "graphs" / "broken").touch()
    thread = begin(desk, "work")
    with desk.ledger._database.write() as connection:  # what a crash leaves
        connection.exec_driver_sql("UPDATE actions SET status = 'started', result = NULL, finished_at = NULL")
    (tmp_path / "graphs" / "broken").unlink()
    review = pending(desk, thread.id)
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id, review.id).status == ThreadStatus.DONE
    assert [line["topic"] for line in lines(desk, "work.jsonl")] == ["bread", "again"]
