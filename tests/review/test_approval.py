"""The approval queue: the specification's patterns in plain scripts, over the caller's own graph and checkpointer."""

from __future__ import annotations

import asyncio
import gc
import getpass
import operator
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pytest
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph, add_messages
from langgraph.runtime import Runtime
from langgraph.store.memory import InMemoryStore
from langgraph.types import interrupt
from pydantic import BaseModel, field_validator
from typing_extensions import TypedDict

from review import ApprovalQueue
from review.errors import (
    AlreadyDecided,
    BadInput,
    Changed,
    DecisionNotAllowed,
    InvalidAnswer,
    NoCheckpointer,
    NothingPending,
    ReviewNotFound,
    SeveralPending,
    ThreadNotFound,
)
from review.ledger import MEMORY, Ledger
from review.model import DecisionType, ReviewKind, ReviewStatus, ThreadStatus
from tests.support import outcome_of, python, run_async, wait_for


class State(TypedDict):
    """Every key is one that some node writes: LangGraph starts with any part of it."""

    params: dict[str, Any]
    draft_content: str
    final_content: str
    result: Any
    error: str
    log: Annotated[list[str], operator.add]


def wire(*nodes: Callable[..., Any], state: type = State, **options: Any) -> Any:
    builder = StateGraph(state)
    names = [node.__name__ for node in nodes]
    for node in nodes:
        builder.add_node(node.__name__, node)
    for one, other in zip((START, *names), (*names, END), strict=True):
        builder.add_edge(one, other)
    return builder.compile(**{"checkpointer": InMemorySaver()} | options)


def critical(state: State) -> dict[str, Any]:
    plan = {"type": "api_call", "endpoint": "/delete_user", "params": state.get("params")}
    approval = interrupt({"action_plan": plan, "prompt": "Approve deletion?"})
    if not approval.get("approved"):
        return {"error": "Action rejected by human", "result": approval}
    return {"result": approval}


def draft_review(state: State) -> dict[str, Any]:
    draft = state.get("draft_content")
    edited = interrupt({"draft": draft, "prompt": "Review and edit if needed"})
    return {"final_content": edited.get("content", draft) if edited.get("approved") else draft}


def step(name: str) -> Callable[[State], dict[str, Any]]:
    def node(state: State) -> dict[str, Any]:
        return {"log": [name]}

    node.__name__ = name
    return node


@pytest.fixture
def queues() -> Iterator[Callable[..., ApprovalQueue]]:
    made: list[ApprovalQueue] = []

    def make(graph: Any, **options: Any) -> ApprovalQueue:
        made.append(ApprovalQueue(graph, **options))
        return made[-1]

    yield make
    for queue in made:
        queue.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqliteSaver]:
    connection = sqlite3.connect(tmp_path / "checkpoints.sqlite", check_same_thread=False)
    yield SqliteSaver(connection)
    connection.close()


@pytest.fixture(params=["memory", "sqlite"])
def saver(request: pytest.FixtureRequest) -> Any:
    """One that works asynchronously too, and one that does not."""
    return InMemorySaver() if request.param == "memory" else request.getfixturevalue("sqlite")


Make = Callable[..., ApprovalQueue]
USER = {"params": {"user_id": 123}}


# The specification's patterns.


def test_critical_action_waits_and_gets_the_specifications_answer(queues: Make, saver: Any) -> None:
    queue = queues(wire(critical, checkpointer=saver))
    thread_id = queue.submit_for_approval(USER)
    (review,) = queue.pending[thread_id]
    assert (review.title, review.request.subject["endpoint"]) == ("Approve deletion?", "/delete_user")

    answer = {"approved": True, "notes": "Verified"}
    standing = queue.approve(thread_id, answer)
    assert standing.status == ThreadStatus.DONE
    assert standing.values == USER | {"result": answer, "log": []}
    assert queue.pending == {}


def test_what_was_decided_is_recorded_with_notes_and_reviewer(queues: Make) -> None:
    ledger = Ledger(MEMORY)
    queue = queues(wire(critical), ledger=ledger)
    thread_id = queue.submit_for_approval(USER)
    queue.approve(thread_id, {"approved": True, "notes": "Verified"})
    (review,) = ledger.reviews.of_thread(thread_id)
    made = review.decision
    assert made is not None
    assert (made.type, made.message, made.reviewer, made.signed_in) == ("approve", "Verified", getpass.getuser(), False)
    ledger.close()


def test_plain_approval_is_what_the_pages_send(queues: Make) -> None:
    queue = queues(wire(critical), reviewer="ada")
    standing = queue.approve(queue.submit_for_approval(USER))
    assert standing.values["result"] == {"approved": True, "edited": False, "reviewer": "ada"}


def test_rejection_takes_the_reject_path_with_its_reason(queues: Make, saver: Any) -> None:
    queue = queues(wire(critical, checkpointer=saver))
    standing = queue.reject(queue.submit_for_approval(USER), "Wrong user", reviewer="ben")
    assert standing.values["error"] == "Action rejected by human"
    assert standing.values["result"] == {"approved": False, "reason": "Wrong user", "reviewer": "ben"}


def test_edited_draft_is_what_the_graph_goes_on_with(queues: Make, saver: Any) -> None:
    queue = queues(wire(draft_review, checkpointer=saver))
    thread_id = queue.submit_for_approval({"draft_content": "Helo"})
    assert queue.edit(thread_id, "Hello").values["final_content"] == "Hello"


def test_chain_of_breakpoints_is_continued_one_by_one(queues: Make, saver: Any) -> None:
    nodes = [step(name) for name in ("plan", "approve_plan", "execute", "approve_execution")]
    graph = wire(*nodes, checkpointer=saver, interrupt_before=["approve_plan", "approve_execution"])
    queue = queues(graph)
    thread_id = queue.submit_for_approval({})
    (review,) = queue.pending[thread_id]
    assert (review.kind, review.node) == (ReviewKind.BREAKPOINT, "approve_plan")
    middle = queue.approve(thread_id)
    assert [each.node for each in middle.reviews] == ["approve_execution"]
    end = queue.approve(thread_id, {"approved": True, "notes": "Looks good"})
    assert (end.status, end.values["log"]) == (
        ThreadStatus.DONE,
        ["plan", "approve_plan", "execute", "approve_execution"],
    )


def test_breakpoint_behind_a_node_waits(queues: Make, saver: Any) -> None:
    queue = queues(wire(step("fetch"), step("use"), checkpointer=saver, interrupt_after=["fetch"]))
    thread_id = queue.submit_for_approval({})
    assert queue.approve(thread_id).values["log"] == ["fetch", "use"]


def test_state_is_edited_at_a_breakpoint_before_it_goes_on(queues: Make, saver: Any) -> None:
    queue = queues(wire(critical, checkpointer=saver, interrupt_before=["critical"]))
    thread_id = queue.submit_for_approval(USER)
    assert queue.edit_state(thread_id, {"params": {"user_id": 7}}).reviews[0].kind == ReviewKind.BREAKPOINT
    asked = queue.approve(thread_id)
    assert asked.reviews[0].payload["action_plan"]["params"] == {"user_id": 7}


@pytest.mark.parametrize("verb", ["reject", "edit"])
def test_breakpoint_cannot_be_rejected_or_edited(queues: Make, verb: str) -> None:
    queue = queues(wire(step("fetch"), interrupt_before=["fetch"]))
    thread_id = queue.submit_for_approval({})
    with pytest.raises(DecisionNotAllowed, match=r"breakpoint.*`approve` continues it.*`close_thread`"):
        getattr(queue, verb)(thread_id, "no")
    with pytest.raises(InvalidAnswer, match="takes no data"):
        queue.approve(thread_id, {"approved": True, "content": "x"})
    with pytest.raises(DecisionNotAllowed, match="do not mean approval"):
        queue.approve(thread_id, {"approved": False})
    assert queue.close_thread(thread_id).status == ThreadStatus.CLOSED
    with pytest.raises(NothingPending, match="closed"):
        queue.approve(thread_id)


# What approve's data mean.


class Verdict(BaseModel):
    """A schema of the graph's own, with a validator that its JSON Schema does not show."""

    decision: Literal["approve", "reject", "respond"]
    score: int = 0
    message: str = ""

    @field_validator("score")
    @classmethod
    def even(cls, score: int) -> int:
        if score % 2:
            raise ValueError("the score must be even")
        return score


def typed(state: State) -> dict[str, Any]:
    answer = interrupt({"question": "How good?"}, response_schema=Verdict)
    return {"result": answer.model_dump()}


@pytest.mark.parametrize(
    ("data", "received"),
    [
        (None, {"decision": "approve", "score": 0, "message": ""}),
        ({"score": 4}, {"decision": "approve", "score": 4, "message": ""}),
        ({"approved": True, "notes": "Fine"}, {"decision": "approve", "score": 0, "message": "Fine"}),
        ({"decision": "approve", "score": 2}, {"decision": "approve", "score": 2, "message": ""}),
        (Verdict(decision="approve", score=6), {"decision": "approve", "score": 6, "message": ""}),
    ],
)
def test_approval_of_a_response_schema(queues: Make, data: Any, received: Any) -> None:
    queue = queues(wire(typed))
    assert queue.approve(queue.submit_for_approval({}), data).values["result"] == received


@pytest.mark.parametrize(
    ("node", "data"),
    [
        (typed, {"decision": "reject"}),
        (typed, {"decision": "respond", "message": "more"}),
        (typed, {"approved": False}),
        (critical, {"approved": False, "reason": "no"}),
    ],
)
def test_data_that_mean_no_approval_are_refused(queues: Make, node: Any, data: Any) -> None:
    queue = queues(wire(node))
    thread_id = queue.submit_for_approval(USER)
    with pytest.raises(DecisionNotAllowed, match=r"do not mean approval.*`reject`"):
        queue.approve(thread_id, data)
    assert thread_id in queue.pending


@pytest.mark.parametrize(
    ("node", "data"),
    [(typed, {"decision": "maybe"}), (critical, {"content": "x"}), (critical, "yes"), (critical, {"approved": object})],
)
def test_data_that_the_graph_would_not_take_are_refused_before_it_runs(queues: Make, node: Any, data: Any) -> None:
    queue = queues(wire(node))
    thread_id = queue.submit_for_approval(USER)
    with pytest.raises(InvalidAnswer):
        queue.approve(thread_id, data)
    assert thread_id in queue.pending


def anything(state: State) -> dict[str, Any]:
    return {"result": interrupt("Which one?")}


@pytest.mark.parametrize("data", [{"approved": True, "notes": "x"}, 3, ["a"], "the blue one"])
def test_any_other_question_gets_the_data_as_they_are(queues: Make, data: Any) -> None:
    queue = queues(wire(anything))
    assert queue.approve(queue.submit_for_approval({}), data).values["result"] == data


def test_any_decision_that_is_offered_can_be_made(queues: Make) -> None:
    queue = queues(wire(typed))
    standing = queue.decide(queue.submit_for_approval({}), "respond", message="Shorter, please")
    assert standing.values["result"] == {"decision": "respond", "score": 0, "message": "Shorter, please"}


def test_answer_that_the_graph_refuses_is_pending_again_with_its_sentence(queues: Make, saver: Any) -> None:
    queue = queues(wire(typed, checkpointer=saver))
    thread_id = queue.submit_for_approval({})
    with pytest.raises(InvalidAnswer, match=r"the score must be even(.|\n)*pending again"):
        queue.edit(thread_id, {"score": 3})
    (review,) = queue.pending[thread_id]
    assert "even" in (review.error or "")
    assert queue.edit(thread_id, {"score": 4}).values["result"]["score"] == 4


# Savers, nodes, contexts.


@dataclass(frozen=True)
class Point:
    x: int


class Tagging(JsonPlusSerializer):
    """A caller's own serialiser."""

    wrote: ClassVar[list[Any]] = []

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        self.wrote.append(obj)
        return super().dumps_typed(obj)


class OwnSaver(SqliteSaver):
    """A caller's own saver."""


def test_callers_saver_serialiser_and_store_are_kept(queues: Make, tmp_path: Path) -> None:
    def pinned(state: State, runtime: Runtime[Any]) -> dict[str, Any]:
        assert runtime.store is store
        interrupt({"action": "go"})
        return {"result": Point(1)}

    store = InMemoryStore()
    serde = Tagging(allowed_msgpack_modules=[(Point.__module__, "Point")])
    connection = sqlite3.connect(tmp_path / "own.sqlite", check_same_thread=False)
    own = OwnSaver(connection, serde=serde)
    graph = wire(pinned, checkpointer=own, store=store)
    compiled_with = graph.checkpointer  # strict msgpack makes `compile` take a copy
    queue = queues(graph)
    thread_id = queue.submit_for_approval({})
    assert queue.approve(thread_id).values["result"] == Point(1)
    assert graph.checkpointer is compiled_with
    assert (type(graph.checkpointer), graph.store) == (OwnSaver, store)
    assert Point(1) in Tagging.wrote
    assert graph.get_state({"configurable": {"thread_id": thread_id}}).values["result"] == Point(1)
    connection.close()


def test_nodes_of_a_saver_without_asynchronous_methods_run_on_the_callers_thread(
    queues: Make, sqlite: SqliteSaver
) -> None:
    ran: list[threading.Thread] = []

    def here(state: State) -> dict[str, Any]:
        ran.append(threading.current_thread())
        return {}

    queues(wire(here, checkpointer=sqlite)).submit_for_approval({})
    assert ran == [threading.current_thread()]


def test_connection_bound_to_its_thread_is_refused_with_the_way_out(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "bound.sqlite")
    with pytest.raises(BadInput, match="check_same_thread=False"):
        ApprovalQueue(wire(critical, checkpointer=SqliteSaver(connection)))
    connection.close()


async def slow(state: State) -> dict[str, Any]:
    await asyncio.sleep(0)
    return {"log": ["slow"]}


def test_asynchronous_nodes_run(queues: Make) -> None:
    queue = queues(wire(slow, critical))
    assert queue.approve(queue.submit_for_approval(USER)).values["log"] == ["slow"]


def test_asynchronous_nodes_on_a_synchronous_saver_are_named(sqlite: SqliteSaver) -> None:
    with pytest.raises(BadInput, match=r"asynchronous nodes \(slow\).*SqliteSaver.*InMemorySaver"):
        ApprovalQueue(wire(slow, checkpointer=sqlite))
    builder = StateGraph(State)
    builder.add_node("inner", wire(slow, checkpointer=None))
    builder.add_edge(START, "inner")
    with pytest.raises(BadInput, match=r"\(inner/slow\)"):
        ApprovalQueue(builder.compile(checkpointer=sqlite))


def test_saver_of_another_loop_is_refused_with_the_way_out() -> None:
    async def inside() -> None:
        async with AsyncSqliteSaver.from_conn_string(":memory:") as other:
            with pytest.raises(BadInput, match=r"event loop.*SqliteSaver or InMemorySaver"):
                ApprovalQueue(wire(critical, checkpointer=other))

    run_async(inside())


def test_queue_works_inside_a_running_loop(queues: Make, saver: Any) -> None:
    async def inside() -> Any:
        queue = queues(wire(critical, checkpointer=saver))
        return queue.approve(queue.submit_for_approval(USER)).status

    assert run_async(inside()) == ThreadStatus.DONE


@dataclass
class Tenant:
    name: str
    secret: Any = None


def asking_tenant(state: State, runtime: Runtime[Tenant]) -> dict[str, Any]:
    interrupt({"action": "go", "message": runtime.context.name})
    return {"result": (runtime.context.name, runtime.context.secret is SECRET)}


SECRET = object()


def tenants(saver: Any) -> Any:
    builder = StateGraph(State, context_schema=Tenant)
    builder.add_node(asking_tenant)
    builder.add_edge(START, "asking_tenant")
    return builder.compile(checkpointer=saver)


def test_context_is_passed_again_on_resume(queues: Make, saver: Any) -> None:
    queue = queues(tenants(saver))
    thread_id = queue.submit_for_approval({}, context=Tenant("acme", SECRET))
    assert list(queue.approve(thread_id).values["result"]) == ["acme", True]
    other = queue.submit_for_approval({}, context={"name": "initech"})
    assert list(queue.approve(other).values["result"]) == ["initech", False]


def test_input_of_objects_reaches_the_graph_as_it_is(queues: Make, saver: Any) -> None:
    class Chat(TypedDict):
        messages: Annotated[list[AnyMessage], add_messages]

    def ask(state: Chat) -> dict[str, Any]:
        interrupt({"action": state["messages"][-1].content})
        return {}

    queue = queues(wire(ask, state=Chat, checkpointer=saver))
    thread_id = queue.submit_for_approval({"messages": [HumanMessage("Delete it")]})
    (message,) = queue.approve(thread_id).values["messages"]
    assert isinstance(message, HumanMessage)
    assert message.content == "Delete it"


def test_functional_graphs_are_served(queues: Make, saver: Any) -> None:
    @task
    def double(number: int) -> int:
        return number * 2

    @entrypoint(checkpointer=saver)
    def flow(number: int) -> int:
        found: int = double(number).result()
        return found if interrupt({"action": "double", "message": str(found)})["approved"] else 0

    queue = queues(flow)
    thread_id = queue.submit_for_approval(21)
    assert queue.approve(thread_id).values == 42


# Several, failed, unknown, decided.


def panel(saver: Any) -> Any:
    def asker(side: str) -> Callable[[State], dict[str, Any]]:
        def node(state: State) -> dict[str, Any]:
            return {"log": [f"{side}: {interrupt(f'{side}?')}"]}

        node.__name__ = side
        return node

    builder = StateGraph(State)
    for side in ("left", "right"):
        builder.add_node(side, asker(side))
        builder.add_edge(START, side)
    return builder.compile(checkpointer=saver)


def test_one_of_several_is_named(queues: Make, saver: Any) -> None:
    queue = queues(panel(saver))
    thread_id = queue.submit_for_approval({})
    left, right = sorted(queue.pending[thread_id], key=lambda review: review.node)
    with pytest.raises(SeveralPending, match=f"(?s){left.id}.*review=") as refused:
        queue.approve(thread_id)
    assert right.id in refused.value.message

    standing = queue.approve(thread_id, "l", review=left)
    assert [each.id for each in standing.reviews] == [right.id]
    end = queue.approve(thread_id, "r", review=right.id)
    assert (end.status, sorted(end.values["log"])) == (ThreadStatus.DONE, ["left: l", "right: r"])


def test_review_of_another_thread_is_not_found(queues: Make) -> None:
    queue = queues(wire(critical))
    one, other = queue.submit_for_approval(USER), queue.submit_for_approval(USER)
    with pytest.raises(ReviewNotFound, match=one):
        queue.approve(one, review=queue.pending[other][0])


def test_review_that_changed_since_it_was_shown_is_refused(queues: Make) -> None:
    queue = queues(wire(typed))
    thread_id = queue.submit_for_approval({})
    (shown,) = queue.pending[thread_id]
    with pytest.raises(InvalidAnswer):
        queue.edit(thread_id, {"score": 1})
    with pytest.raises(Changed):
        queue.approve(thread_id, review=shown)


def test_failed_node_is_pending_and_retried(queues: Make, saver: Any) -> None:
    broken = [True]

    def fragile(state: State) -> dict[str, Any]:
        if broken:
            raise RuntimeError("The printer is on fire.")
        return {"log": ["printed"]}

    queue = queues(wire(critical, fragile, checkpointer=saver))
    thread_id = queue.submit_for_approval(USER)
    standing = queue.approve(thread_id)
    assert (standing.status, standing.error) == (ThreadStatus.FAILED, "The printer is on fire.")
    (review,) = queue.pending[thread_id]
    assert (review.kind, review.request.subject) == (ReviewKind.FAILED, "The printer is on fire.")
    with pytest.raises(DecisionNotAllowed, match=r"failed at fragile.*`retry`"):
        queue.approve(thread_id)
    assert queue.retry(thread_id).status == ThreadStatus.FAILED
    broken.clear()
    assert queue.retry(thread_id).values["log"] == ["printed"]


def test_retry_of_what_did_not_fail_is_refused(queues: Make) -> None:
    queue = queues(wire(critical))
    with pytest.raises(DecisionNotAllowed, match="'retry'"):
        queue.retry(queue.submit_for_approval(USER))


def test_run_that_fails_at_once_still_has_a_thread(queues: Make, saver: Any) -> None:
    def bad(state: State) -> dict[str, Any]:
        raise ValueError("No.")

    queue = queues(wire(bad, checkpointer=saver))
    thread_id = queue.submit_for_approval({})
    assert [review.kind for review in queue.pending[thread_id]] == [ReviewKind.FAILED]


def test_second_decision_is_told_who_decided(queues: Make) -> None:
    queue = queues(wire(critical))
    thread_id = queue.submit_for_approval(USER)
    (review,) = queue.pending[thread_id]
    queue.approve(thread_id, reviewer="ada")
    for named in (None, review):
        with pytest.raises(AlreadyDecided, match=r"^ada decided .* already: approve") as refused:
            queue.reject(thread_id, "no", review=named, reviewer="ben")
        assert refused.value.details["reviewer"] == "ada"


def test_thread_that_never_asked_has_nothing_pending(queues: Make) -> None:
    queue = queues(wire(step("only")))
    with pytest.raises(NothingPending, match="is done and has nothing pending"):
        queue.approve(queue.submit_for_approval({}))


def test_unknown_thread_is_told(queues: Make, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    one, other = queues(wire(critical, name="one"), ledger=ledger), queues(wire(critical, name="two"), ledger=ledger)
    with pytest.raises(ThreadNotFound, match="submit_for_approval"):
        one.approve("nowhere")
    thread_id = one.submit_for_approval(USER)
    assert other.pending == {}
    with pytest.raises(ThreadNotFound, match="belongs to graph 'one'"):
        other.approve(thread_id)


def test_graph_that_cannot_pause_is_refused() -> None:
    with pytest.raises(NoCheckpointer, match=r"compile\(checkpointer="):
        ApprovalQueue(wire(critical, checkpointer=None))
    with pytest.raises(BadInput, match=r"compile\(\)"):
        ApprovalQueue(StateGraph(State))  # type: ignore[arg-type]


def test_of_two_callers_at_a_barrier_one_wins(queues: Make, saver: Any) -> None:
    effects: list[str] = []

    def act(state: State) -> dict[str, Any]:
        effects.append(state["result"]["reviewer"])
        return {}

    queue = queues(wire(critical, act, checkpointer=saver))
    for _ in range(10):
        effects.clear()
        thread_id = queue.submit_for_approval(USER)
        gate = threading.Barrier(2)

        def decide(
            name: str, gate: threading.Barrier = gate, thread_id: str = thread_id
        ) -> tuple[str, AlreadyDecided | None]:
            gate.wait()
            try:
                queue.approve(thread_id, reviewer=name)
            except AlreadyDecided as error:
                return name, error
            return name, None

        with ThreadPoolExecutor(2) as pool:
            told = dict(pool.map(decide, ("ada", "ben")))
        (winner,) = [name for name, refused in told.items() if refused is None]
        (refused,) = [refused for refused in told.values() if refused is not None]
        assert refused.details["reviewer"] == winner
        assert effects == [winner]


# A ledger that lasts, and one that does not.


@pytest.mark.parametrize("as_text", [True, False])
def test_next_queue_goes_on_where_the_last_one_ended(
    queues: Make, sqlite: SqliteSaver, tmp_path: Path, as_text: bool
) -> None:
    path = tmp_path / "kept" / "ledger.sqlite"
    ledger = str(path) if as_text else path
    with ApprovalQueue(tenants(sqlite), ledger=ledger) as first:
        thread_id = first.submit_for_approval({}, context=Tenant("acme"))
    with pytest.raises(BadInput, match="closed"):
        first.approve(thread_id)
    second = queues(tenants(sqlite), ledger=ledger)
    assert list(second.pending) == [thread_id]
    assert list(second.approve(thread_id).values["result"]) == ["acme", False]


def test_ledger_without_its_checkpoints_is_told(queues: Make, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    first = queues(wire(critical), ledger=ledger)
    thread_id = first.submit_for_approval(USER)
    first.close()
    second = queues(wire(critical), ledger=ledger)
    with pytest.raises(ThreadNotFound, match="checkpointer does not"):
        second.approve(thread_id)
    assert second.pending[thread_id][0].status == ReviewStatus.PENDING


def test_callers_ledger_stays_open() -> None:
    ledger = Ledger(MEMORY)
    with ApprovalQueue(wire(critical), ledger=ledger) as queue:
        thread_id = queue.submit_for_approval(USER)
    assert ledger.threads.get(thread_id).status == ThreadStatus.INTERRUPTED
    ledger.close()


SCRIPT = """
import os, signal, sqlite3, sys
from pathlib import Path
from typing import Any
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt
from typing_extensions import TypedDict
from review import ApprovalQueue

class State(TypedDict):
    answer: Any

def ask(state):
    return {"answer": interrupt({"action": "go"})}

def act(state):
    if KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    with open(folder / "effects", "a") as effects:
        effects.write("acted ")
    return {}

def graph(saver):
    builder = StateGraph(State)
    builder.add_sequence([ask, act])
    builder.add_edge(START, "ask")
    return builder.compile(checkpointer=saver)

folder = Path(sys.argv[1])
KILL = sys.argv[2] == "kill"
saver = SqliteSaver(sqlite3.connect(folder / "checkpoints.sqlite", check_same_thread=False))
"""
DECIDING = """
queue = ApprovalQueue(graph(saver), ledger=folder / "ledger.sqlite")
queue.approve(queue.submit_for_approval({}))
"""
GOING_ON = """
queue = ApprovalQueue(graph(saver), ledger=folder / "ledger.sqlite")
print(queue.pending, (folder / "effects").read_text())
queue.close()
saver.conn.close()
"""
FORGETTING = """
for each in (saver, InMemorySaver()):
    queue = ApprovalQueue(graph(each))
    queue.approve(queue.submit_for_approval({}))
again = ApprovalQueue(graph(InMemorySaver()))
again.submit_for_approval({})
print(os.environ.get("LANGGRAPH_STRICT_MSGPACK"))
saver.conn.close()
"""


def test_decision_of_a_killed_script_is_carried_out_by_the_next(tmp_path: Path) -> None:
    killed = python(SCRIPT + DECIDING, tmp_path, "kill")
    killed.communicate(timeout=60)
    assert killed.returncode == -9
    assert not (tmp_path / "effects").exists()
    assert outcome_of(python(SCRIPT + GOING_ON, tmp_path, "")) == "{} acted \n"


def test_forgotten_queue_ends_in_silence_and_changes_nothing_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANGGRAPH_STRICT_MSGPACK", raising=False)
    script = python(SCRIPT + FORGETTING, tmp_path, "")
    out, errors = script.communicate(timeout=60)
    assert (script.returncode, out, errors) == (0, "None\n", "")


def test_forgotten_queue_gives_its_threads_back() -> None:
    before = set(threading.enumerate())

    def use() -> None:
        queue = ApprovalQueue(wire(slow, critical))
        queue.submit_for_approval(USER)

    use()
    gc.collect()
    wait_for(
        lambda: not [each for each in threading.enumerate() if each not in before and each.name.startswith("review")],
        "the threads of a forgotten queue to end",
    )


def test_script_may_decide_with_the_decision_types(queues: Make) -> None:
    queue = queues(wire(critical))
    thread_id = queue.submit_for_approval(USER)
    standing = queue.decide(thread_id, DecisionType.ANSWER, value={"approved": False, "reason": "no"})
    assert standing.values["result"] == {"approved": False, "reason": "no"}
