"""A decision that is to come through whatever happens meanwhile: its graph, and that all of it is there, once."""

from __future__ import annotations

from pathlib import Path

from review.desk import Desk
from review.model import ThreadStatus
from review.ops.verify import Verifier
from tests.support import actions, values

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
