"""Actions that run once: what is kept, what is asked, and what an edit of the state would repeat."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.errors import ActionsRepeated, LeaseLost
from review.ledger import Start
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


def test_only_who_holds_the_thread_begins_an_action_of_it(make_desk: MakeDesk) -> None:
    desk = make_desk({"pays": PAYS})
    desk.ledger.threads.queue_start(Start("thread-1", "pays", {}), ADA)
    actions, key = desk.ledger.actions, ActionKey("thread-1", "task-1", "pay")
    assert desk.ledger.leases.take("thread-1", "one", 60)
    with pytest.raises(LeaseLost, match="so it does not begin pay"):
        actions.begin(key, "first", "two")
    assert actions.of_tasks("thread-1", ["task-1"]) == []
    assert actions.begin(key, "first", "one") is None
    for verb in (actions.begin, actions.begin_again):
        with pytest.raises(LeaseLost):
            verb(key, "second", "two")
    assert actions.finish(key, "first", "right")


def test_a_thread_that_the_ledger_does_not_know_is_held_by_nobody(make_desk: MakeDesk) -> None:
    """A node may run another graph on a thread of its own; and elsewhere no desk runs the graph."""
    actions = make_desk({"pays": PAYS}).ledger.actions
    assert actions.begin(ActionKey("thread-2", "task-1", "pay"), "first", "one") is None
    assert actions.begin(ActionKey("thread-2", "task-2", "pay"), "first") is None


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
