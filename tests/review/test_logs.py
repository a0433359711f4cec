"""The log: a line an event, with its ids, and nothing of what people, graphs or the environment keep to themselves."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from review.errors import GraphNotFound, StorageFailed
from review.model import ThreadStatus
from review.ops.bound import bound
from review.ops.logs import log_to_screen
from tests.browser.servers import Server
from tests.cli_support import Shell
from tests.conftest import MakeDesk
from tests.support import ADA, begin, pending, reviews, run_async, wait_for, write_graphs

PAYLOAD, ANSWER, KEY = "the payload of Mrs Miller", "the answer of Mr Jones", "sk-0123456789abcdef"

# Raises what it was given, what it was answered and what it finds in the environment.
LEAKS = f"""
def ask(state):
    said = interrupt({{"draft": "{PAYLOAD}", "topic": state["topic"]}})
    raise RuntimeError(f"{{state['topic']}} {{said}} {{os.environ['OPENAI_API_KEY']}}")
graph = wire(ask)
"""
BROKEN = "raise ValueError(f\"no such key: {os.environ['OPENAI_API_KEY']}\")"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What this process logs as JSON."""
    to = io.StringIO()
    root = logging.getLogger()
    level = root.level
    handler = log_to_screen("json", to)
    yield lambda: [json.loads(line) for line in to.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_an_event_is_one_line_with_its_ids(make_desk: MakeDesk, lines: Callable[[], list[dict[str, Any]]]) -> None:
    desk = make_desk({"leaks": LEAKS.replace("os.environ['OPENAI_API_KEY']", "0")})
    review = pending(desk, begin(desk, "leaks").id)
    decision = desk.decide(review.id, "approve", ADA).decision
    desk.finish(review.thread_id, review.id)
    told = {line["event"]: line for line in lines() if line["logger"] == "review.audit"}
    assert list(told)[:3] == ["thread.started", "review.opened", "review.approved"]
    approved = told["review.approved"]
    ids = {name: approved[name] for name in ("thread_id", "review_id", "decision_id")}
    assert ids == {"thread_id": review.thread_id, "review_id": review.id, "decision_id": decision.id}
    (failed,) = [line for line in lines() if line["level"] == "error"]
    assert {name: failed[name] for name in ids} == ids  # bound while its decision is carried
    assert failed["error"] == "RuntimeError"
    assert f"graphs/{_module(desk.settings.graphs)}" in failed["at"].partition(" < ")[0]
    assert str(desk.thread(review.thread_id).error_id) in failed["event"]


def _module(registry: Path) -> str:
    return str(json.loads(registry.read_text())["graphs"]["leaks"]).partition(":")[0].removeprefix("./")


def test_what_was_rolled_back_is_not_told(make_desk: MakeDesk, lines: Callable[[], list[dict[str, Any]]]) -> None:
    from review.ledger.audit import Note

    desk = make_desk({"leaks": LEAKS})
    for end in (KeyError, None):
        try:
            with desk.ledger.audit._database.write() as connection:
                Note(connection).of_thread("thread.found", str(end), "leaks")
                if end:
                    raise end
        except KeyError:
            pass
    assert [line["thread_id"] for line in lines()] == ["None"]


def test_a_payload_an_answer_and_a_key_never_reach_the_log_of_a_served_run(make_desk: MakeDesk, tmp_path: Path) -> None:
    graphs = write_graphs(tmp_path / "graphs", leaks=LEAKS, broken=BROKEN)
    env = {"REVIEW_GRAPHS": str(graphs), "REVIEW_LOG_FORMAT": "json", "OPENAI_API_KEY": KEY}
    server = Server(tmp_path, env).wait_until_up()
    try:
        desk = make_desk(graphs)
        thread = desk.start("leaks", {"topic": PAYLOAD}, ADA)
        review = wait_for(lambda: reviews(desk, thread.id), "its question")[0]
        desk.decide(review.id, "reject", ADA, message=ANSWER)
        wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.FAILED, "its failure")
        assert ANSWER in str(desk.thread(thread.id).error)  # the ledger has what the log leaves out
        error_id = desk.thread(thread.id).error_id
        wait_for(lambda: str(error_id) in server.log, "the line of its failure")
    finally:
        server.end()
    for secret in (PAYLOAD, ANSWER, KEY):
        assert secret not in server.log
    told = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    (failed,) = [line for line in told if str(error_id) in line["event"]]
    assert (failed["thread_id"], failed["review_id"], failed["error"]) == (thread.id, review.id, "RuntimeError")


def test_nor_that_of_a_worker_or_of_a_command(
    make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs = write_graphs(tmp_path / "graphs", leaks=LEAKS, broken=BROKEN)
    shell = Shell(tmp_path, monkeypatch)
    shell.set("REVIEW_GRAPHS", str(graphs))
    shell.set("OPENAI_API_KEY", KEY)
    desk = make_desk(graphs)
    with shell.spawn("worker") as worker:
        thread = desk.start("leaks", {"topic": PAYLOAD}, ADA)
        review = wait_for(lambda: reviews(desk, thread.id), "its question")[0]
        desk.decide(review.id, "reject", ADA, message=ANSWER)
        wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.FAILED, "its failure")
        worker.send_signal(signal.SIGTERM)
        _, told = worker.communicate(timeout=60)
    shell("start", "broken", "--input", "{}")
    shell("start", "leaks", "--input", json.dumps({"topic": PAYLOAD}), "--thread", "mine")
    shell("decide", pending(desk, "mine").id, "reject", "--message", ANSWER, "--reviewer", "Ann")
    told += (tmp_path / "data" / "review.log").read_text()
    assert told.count("error=RuntimeError") == 3  # the worker's on both, and the command's
    for secret in (PAYLOAD, ANSWER, KEY):
        assert secret not in told


def test_of_an_exception_the_log_has_type_and_places(lines: Callable[[], list[dict[str, Any]]]) -> None:
    log = logging.getLogger("review.anything")
    try:
        try:
            raise KeyError(PAYLOAD)
        except KeyError as error:
            raise RuntimeError(PAYLOAD) from error
    except RuntimeError as error:
        log.error("it failed: %s", error, exc_info=error)
    (line,) = lines()
    assert line["event"] == "it failed: RuntimeError from KeyError"
    assert line["error"] == "RuntimeError from KeyError"
    assert "test_logs.py" in line["at"]
    assert PAYLOAD not in json.dumps(line)


def test_sentences_of_our_own_are_told_and_those_that_repeat_a_graph_are_not(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    log = logging.getLogger("review.anything")
    log.error("%s", StorageFailed("The database is locked."))
    log.error("%s", GraphNotFound(f"The graph could not be loaded: {PAYLOAD}"))
    try:
        raise StorageFailed(f"The checkpointer failed: {PAYLOAD}") from ValueError(PAYLOAD)
    except StorageFailed as error:
        log.error("%s", error)
    assert [line["event"] for line in lines()] == [
        "The database is locked.",
        "GraphNotFound",
        "StorageFailed from ValueError",
    ]


def test_a_value_whose_name_makes_it_a_secret_is_left_out(
    lines: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_SERVICE_TOKEN", KEY)
    logging.getLogger("somebody").warning("calling with %s at postgresql://desk:hidden@host/ledger", KEY)
    (line,) = lines()
    assert line["event"] == "calling with [SOME_SERVICE_TOKEN] at postgresql://[...]@host/ledger"


def test_what_asyncio_shows_of_a_task_stays_out(lines: Callable[[], list[dict[str, Any]]]) -> None:
    async def fail() -> None:
        raise RuntimeError(PAYLOAD)

    async def forget() -> None:
        task = asyncio.ensure_future(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    run_async(forget())
    (line,) = lines()
    assert (line["event"], line["error"]) == ("Task exception was never retrieved", "RuntimeError")
    assert PAYLOAD not in json.dumps(line)


def test_an_id_cannot_begin_a_line_of_its_own() -> None:
    to = io.StringIO()
    handler = log_to_screen("text", to)
    with bound(thread_id="mine\nlevel=error event=invented"):
        logging.getLogger("review.anything").warning("seen")
    logging.getLogger().removeHandler(handler)
    assert to.getvalue().count("\n") == 1
    assert 'thread_id="mine\\nlevel=error event=invented"' in to.getvalue()
