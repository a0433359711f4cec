"""What people, graphs and disks get wrong: a sentence, nothing half-done, nothing lost."""

from __future__ import annotations

import ctypes
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from review.desk import Desk
from review.errors import BadInput, GraphNotFound, InvalidAnswer, ReviewError, StorageFailed
from review.ledger import Ledger
from review.model import ReviewKind, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk, Spawn
from tests.support import ADA, ASK, actions, begin, outcome_of, pending, values, wait_for

SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"

UNSAVED = """
def ask(state): return {"answer": interrupt({"draft": state["topic"], "lock": threading.Lock()})}
def write(state): return {"log": ["write"]}
graph = wire(write, ask)
"""
UNSAVED_STATE = """
def write(state): return {"log": ["write"]}
def keep(state): return {"answer": lambda: None}
def ask(state): return {"log": [interrupt("go on?")]}
graph = wire(write, keep, ask)
"""
TYPED_INPUT = """
from pydantic import BaseModel, Field
class Brief(BaseModel):
    topic: str = Field(min_length=1)
    length: int = 100
def node(state): return {"log": ["node"]}
builder = StateGraph(State, input_schema=Brief)
builder.add_node("node", node)
builder.add_edge(START, "node")
graph = builder.compile()
"""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else's transaction on the database."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_a_script_in_a_payload_is_kept_as_it_is(desk: Desk) -> None:
    review = pending(desk, begin(desk, given={"topic": SCRIPT}).id)
    assert review.payload["draft"] == review.request.subject == f"About {SCRIPT}"
    desk.decide(review.id, "edit", ADA, value=SCRIPT, message=SCRIPT)
    desk.finish(review.thread_id)
    assert values(desk, review.thread_id)["answer"]["content"] == SCRIPT
    assert desk.ledger.audit.entries(actor="ada", limit=1)[0].detail["message"] == SCRIPT


def test_two_megabytes_come_back_as_they_went(desk: Desk) -> None:
    long = "Ünï🎉 \n" * 350_000
    review = pending(desk, begin(desk, given={"topic": long}).id)
    assert review.payload["draft"] == f"About {long}"
    desk.decide(review.id, "edit", ADA, value=long[::-1])
    assert desk.finish(review.thread_id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["answer"]["content"] == long[::-1]


@pytest.mark.parametrize("source", [UNSAVED, UNSAVED_STATE], ids=["a lock in a payload", "a function in the state"])
def test_what_cannot_be_saved_is_a_failed_thread_that_names_it(make_desk: MakeDesk, source: str) -> None:
    desk = make_desk({"unsaved": source})
    thread = begin(desk, "unsaved")
    assert (thread.status, thread.lease_owner) == (ThreadStatus.FAILED, None)
    assert "cannot be saved" in str(thread.error)
    assert any(kind in str(thread.error) for kind in ("question", "function"))
    review = pending(desk, thread.id)
    assert review.kind == ReviewKind.FAILED
    assert values(desk, thread.id)["log"] == ["write"]
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    desk.close_thread(thread.id, ADA)


def test_an_input_that_does_not_fit_is_refused_before_anything_is_recorded(make_desk: MakeDesk) -> None:
    desk = make_desk({"typed": TYPED_INPUT})
    for given, told in (
        ({}, "topic: must be given"),
        ({"topic": ""}, "topic: must not be empty"),
        ({"topic": "bread", "length": "long"}, "length: must be a whole number"),
        ("bread", "must be an object"),
        (None, "must be an object"),
    ):
        with pytest.raises(BadInput, match=told) as refused:
            desk.start("typed", given, ADA)
        assert refused.value.details["errors"]
    with pytest.raises(GraphNotFound, match=r"There is no graph 'nobody'\. The registered graphs are: typed"):
        desk.start("nobody", {}, ADA)
    assert desk.ledger.threads.page() == []
    assert desk.ledger.audit.entries() == []


@pytest.mark.parametrize("number", [2**64, [1, {"deep": -(2**63) - 1}], (2**100,)])
def test_an_input_beyond_64_bits_is_refused_before_anything_is_recorded(desk: Desk, number: Any) -> None:
    with pytest.raises(BadInput, match="a whole number beyond 64 bits"):
        desk.start("ask", {"answer": number}, ADA)
    assert desk.ledger.threads.page() == []
    assert desk.ledger.audit.entries() == []


def test_the_largest_numbers_that_a_checkpoint_keeps_are_taken(desk: Desk) -> None:
    for number in (2**64 - 1, -(2**63)):
        thread = begin(desk, given={"answer": number})
        assert thread.status == ThreadStatus.INTERRUPTED
        desk.edit_state(thread.id, {"answer": number}, ADA)
        desk.finish(thread.id)
        assert values(desk, thread.id)["answer"] == number


def test_an_edited_state_beyond_64_bits_is_refused_and_nothing_changes(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    before = actions(desk, review.thread_id)
    with pytest.raises(BadInput, match="a whole number beyond 64 bits"):
        desk.edit_state(review.thread_id, {"answer": {"number": 2**64}}, ADA)
    assert desk.review(review.id) == review
    assert desk.thread(review.thread_id).status == ThreadStatus.INTERRUPTED
    assert actions(desk, review.thread_id) == before


def test_a_value_that_is_no_json_is_refused(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    for value in (object(), {"when": {1, 2}}, float("nan"), b"bytes"):
        with pytest.raises(InvalidAnswer, match="plain JSON"):
            desk.decide(review.id, "edit", ADA, value=value)
    assert desk.review(review.id) == review
    assert "review.edited" not in actions(desk, review.thread_id)


def test_odd_characters_are_written_out(desk: Desk) -> None:
    half = "half \ud83d zero \0"
    thread = begin(desk, given={"topic": half}, thread_id=f"thread {half}")
    review = pending(desk, thread.id)
    desk.decide(review.id, "reject", ADA, message=half)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    with pytest.raises(ReviewError, match="There is no review"):
        desk.review(half)


@pytest.mark.parametrize("verb", ["decide", "claim", "start"])
def test_a_locked_ledger_is_a_sentence_and_nothing_is_recorded(make_desk: MakeDesk, tmp_path: Path, verb: str) -> None:
    desk = make_desk({"ask": ASK}, lock_seconds=0.1)
    review = pending(desk, begin(desk).id)
    verbs: dict[str, Callable[[], object]] = {
        "decide": lambda: desk.decide(review.id, "approve", ADA),
        "claim": lambda: desk.claim(review.id, ADA),
        "start": lambda: desk.start("ask", {"topic": "cake"}, ADA),
    }
    before = desk.ledger.audit.entries()
    with (
        locked(tmp_path / "data" / "ledger.sqlite"),
        pytest.raises(StorageFailed, match=r"^The database ledger.sqlite is locked by another program. Nothing was"),
    ):
        verbs[verb]()
    assert desk.ledger.audit.entries() == before
    assert desk.review(review.id) == review
    verbs[verb]()


def test_a_ledger_locked_while_a_run_ends_loses_nothing(make_desk: MakeDesk, tmp_path: Path) -> None:
    waits = """
HERE = pathlib.Path(__file__).parent
def ask(state):
    said = interrupt({"draft": "lock me"})
    (HERE / "answered").touch()
    while not (HERE / "go").exists(): time.sleep(0.005)
    return {"answer": said, "log": ["ask"]}
graph = wire(ask)
"""
    desk = make_desk({"waits": waits}, lock_seconds=0.1, lease_seconds=1)
    review = pending(desk, begin(desk, "waits").id)
    desk.decide(review.id, "approve", ADA)
    ledger = sqlite3.connect(tmp_path / "data" / "ledger.sqlite", isolation_level=None, check_same_thread=False)

    def lock_when_answered() -> None:
        wait_for((tmp_path / "graphs" / "answered").exists, "the answer")
        ledger.execute("BEGIN EXCLUSIVE")
        (tmp_path / "graphs" / "go").touch()

    locking = threading.Thread(target=lock_when_answered)
    locking.start()
    with pytest.raises(StorageFailed, match="is locked"):
        desk.relay.advance(review.thread_id)
    locking.join()
    ledger.execute("ROLLBACK")
    ledger.close()
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert desk.review(review.id).status == ReviewStatus.RESUMED
    assert values(desk, review.thread_id)["log"] == ["ask"]


def test_locked_checkpoints_end_the_wait_and_keep_the_decision(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk({"ask": ASK}, lock_seconds=0.1, backoff_seconds=0)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    with locked(tmp_path / "data" / "checkpoints.sqlite"):
        with pytest.raises(StorageFailed, match=r"^The database checkpoints\.sqlite is locked by another program\."):
            desk.finish(review.thread_id, review.id)
        assert "checkpoints.sqlite is locked" in str(desk.thread(review.thread_id).error)
        assert desk.review(review.id).decision is not None
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["log"] == ["write", "ask", "publish"]


def test_checkpoints_locked_from_the_first_moment(make_desk: MakeDesk, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data" / "checkpoints.sqlite").close()
    desk = make_desk({"ask": ASK}, lock_seconds=0.1, backoff_seconds=0)
    with locked(tmp_path / "data" / "checkpoints.sqlite"):
        thread = desk.start("ask", {"topic": "bread"}, ADA)
        with pytest.raises(StorageFailed, match=r"checkpoints\.sqlite is locked"):
            desk.finish(thread.id)
        assert desk.thread(thread.id).input_pending
    assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
    assert pending(desk, thread.id).payload["draft"] == "About bread"


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


def test_a_folder_that_is_a_file_is_named(tmp_path: Path, make_desk: MakeDesk) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StorageFailed, match=rf"The folder {tmp_path}/data/owners cannot be written"):
        make_desk({"ask": ASK})
    with pytest.raises(StorageFailed, match=r"ledger.sqlite cannot be opened\. See that the folder exists"):
        Ledger(f"sqlite:///{tmp_path}/data/ledger.sqlite")


READ_ONLY = """
import ctypes, sys
from pathlib import Path
from review.errors import StorageFailed
from review.ledger import Ledger, Start
from review.model import Reviewer

folder = Path(sys.argv[1])
ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
print(len(ledger.threads.page()))
try:
    ledger.threads.queue_start(Start("thread-2", "ask", {}), Reviewer("ada"))
except StorageFailed as error:
    print(error)
ledger.close()
"""


def without_privileges() -> None:
    """For a child about to begin: root may then write no more than anybody."""
    libc = ctypes.CDLL(None)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_a_read_only_ledger_can_be_read_and_says_so(tmp_path: Path, spawn: Spawn) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    ledger.close()
    (tmp_path / "ledger.sqlite").chmod(0o444)
    drop = {"preexec_fn": without_privileges} if os.geteuid() == 0 else {}
    out = outcome_of(spawn(READ_ONLY, tmp_path, **drop)).splitlines()
    assert out == [
        "0",
        "The database ledger.sqlite cannot be written: it is read-only. Nothing was recorded; "
        "give this user the right to write there.",
    ]


@pytest.mark.parametrize("what", ["header", "middle"])
def test_a_damaged_ledger_is_a_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(f"sqlite:///{path}").close()
    content = bytearray(path.read_bytes())
    if what == "header":
        content[:100] = b"This was a ledger once." * 4 + b"........"
    else:
        content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StorageFailed, match=r"ledger.sqlite is (damaged|not a database)"):
        Ledger(f"sqlite:///{path}").threads.page()


@pytest.mark.parametrize("url", ["nonsense", "mystery://host/name", "sqlite:/one-slash"])
def test_an_address_that_is_none_is_bad_input(url: str) -> None:
    with pytest.raises((BadInput, StorageFailed), match=r"ledger's address|cannot be opened"):
        Ledger(url)
