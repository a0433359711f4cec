"""Actions that run once: what is kept, what is asked, and what an edit of the state would repeat."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.errors import ActionsRepeated
from review.ledger.actions import ActionKey
from review.model import ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, begin, pending, values

# Pays once, then fails while the file `broken` lies beside the graph; `unsure` makes the payment itself fail so.
PAYS = """
from review import UnknownOutcome
from review.contract import idempotency_key, once
HERE = pathlib.Path(__file__).parent
def effect():
    with open(HERE / "paid", "a") as paid: paid.write(idempotency_key("pay") + "\\n")
    if (HERE / "unsure").exists(): raise UnknownOutcome("The bank did not answer in time.")
    if (HERE / "refused").exists(): raise RuntimeError("The bank said no.")
    return {"receipt": 7}
def pay(state):
    receipt = once("pay", effect)
    if (HERE / "broken").exists(): raise RuntimeError("The printer is on fire.")
    return {"answer": receipt, "log": [state["topic"]]}
graph = wire(pay)
"""
APAYS = (
    PAYS.replace("def effect", "async def effect")
    .replace("def pay(", "async def pay(")
    .replace("import idempotency_key, once", "import idempotency_key, aonce")
    .replace('once("pay", effect)', 'await aonce("pay", effect)')
    .replace("aaonce", "aonce")
)


@pytest.fixture
def graphs(tmp_path: Path) -> Path:
    folder = tmp_path / "graphs"
    folder.mkdir()
    return folder


def paid(graphs: Path) -> list[str]:
    return (graphs / "paid").read_text().split()


@pytest.mark.parametrize("source", [PAYS, APAYS], ids=["sync", "async"])
def test_a_node_that_is_retried_gets_the_result_that_was_kept(make_desk: MakeDesk, graphs: Path, source: str) -> None:
    desk = make_desk({"pays": source})
    (graphs / "broken").touch()
    thread = begin(desk, "pays")
    assert thread.status == ThreadStatus.FAILED
    assert pending(desk, thread.id).request.response_schema is None
    (graphs / "broken").unlink()
    desk.decide(pending(desk, thread.id).id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert len(paid(graphs)) == 1
    assert values(desk, thread.id)["answer"] == {"receipt": 7}


@pytest.mark.parametrize("source", [PAYS, APAYS], ids=["sync", "async"])
def test_an_effect_that_raises_did_not_happen_and_has_the_same_key_the_next_time(
    make_desk: MakeDesk, graphs: Path, source: str
) -> None:
    desk = make_desk({"pays": source})
    (graphs / "refused").touch()
    thread = begin(desk, "pays")
    (graphs / "refused").unlink()
    desk.decide(pending(desk, thread.id).id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    first, second = paid(graphs)
    assert first == second
    begin(desk, "pays")
    assert paid(graphs)[2] != first


@pytest.mark.parametrize("source", [PAYS, APAYS], ids=["sync", "async"])
def test_an_effect_that_cannot_know_says_so_and_a_person_is_asked(
    make_desk: MakeDesk, graphs: Path, source: str
) -> None:
    desk = make_desk({"pays": source})
    (graphs / "unsure").touch()
    thread = begin(desk, "pays")
    asked = pending(desk, thread.id)
    assert asked.title == "Did pay take effect?"
    (graphs / "unsure").unlink()
    desk.decide(asked.id, "retry", ADA, value={"pay": {"took_effect": True, "result": {"receipt": 9}}})
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert len(paid(graphs)) == 1
    assert values(desk, thread.id)["answer"] == {"receipt": 9}


def test_a_change_of_the_state_asks_before_it_lets_an_action_run_again(make_desk: MakeDesk, graphs: Path) -> None:
    desk = make_desk({"pays": PAYS})
    (graphs / "broken").touch()
    thread = begin(desk, "pays")
    with pytest.raises(ActionsRepeated, match="has begun pay in the step") as refused:
        desk.edit_state(thread.id, {"topic": "cake"}, ADA)
    assert refused.value.details == {"actions": ["pay"]}
    assert values(desk, thread.id)["topic"] == "bread"
    (graphs / "broken").unlink()
    desk.edit_state(thread.id, {"topic": "cake"}, ADA, repeat_actions=True)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == ["cake"]
    assert len(set(paid(graphs))) == 2


def test_who_lost_an_action_to_a_person_s_word_does_not_end_it(make_desk: MakeDesk) -> None:
    desk = make_desk({"pays": PAYS})
    thread = begin(desk, "pays")
    actions = desk.ledger.actions
    key = ActionKey(thread.id, "task-1", "pay")
    assert actions.begin(key, "stopped") is None
    known = actions.begin(key, "next")
    assert known is not None
    assert not known.finished
    actions.begin_again(key, "next")
    assert not actions.finish(key, "stopped", "late")
    assert actions.finish(key, "next", "right")
    (record,) = actions.of_tasks(thread.id, ["task-1"])
    assert (record.finished, record.result) == (True, "right")
