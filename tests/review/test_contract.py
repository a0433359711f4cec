"""What graphs use of ours: `ask`, `once`, `aonce`, `data_dir`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from review.contract import Answer, Request, data_dir, once
from review.errors import ReviewError
from review.model import ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, HEAD, ROOT, begin, pending, values

# `effects` counts what happened; `raise`, `die-late` and `broken` beside the graph make it go wrong.
ONCE = """
from review.contract import once
HERE = pathlib.Path(__file__).parent
def count():
    with open(HERE / "effects", "a") as effects: effects.write("x")
    return len((HERE / "effects").read_text())
def effect():
    if (HERE / "raise").exists(): raise RuntimeError("The mail server is away.")
    return {"count": count()}
def act(state):
    done = once("mail", effect)
    again = once("mail", effect)
    if (HERE / "broken").exists(): raise RuntimeError("Behind the effect.")
    return {"log": [done, again, once("other", count)]}
graph = wire(act)
"""
AONCE = ONCE.replace("import once", "import aonce").replace("once(", "await aonce(").replace("def ", "async def ")
AONCE = AONCE.replace("\nasync def count", "\ndef count").replace(
    "HERE = ", "async def acount(): return count()\nHERE = "
)
AONCE = AONCE.replace('"other", count', '"other", acount')

FOLDER = """
from review.contract import data_dir
def node(state): return {"answer": str(data_dir())}
graph = wire(node)
"""


@pytest.mark.parametrize("source", [ONCE, AONCE], ids=["once", "aonce"])
def test_an_action_happens_once_whatever_is_re_run(make_desk: MakeDesk, tmp_path: Path, source: str) -> None:
    desk = make_desk({"once": source})
    graphs = tmp_path / "graphs"
    (graphs / "broken").touch()
    thread = begin(desk, "once")
    assert thread.error == "Behind the effect."
    for _ in range(2):
        desk.decide(pending(desk, thread.id).id, "retry", ADA)
        assert desk.finish(thread.id).status == ThreadStatus.FAILED
    (graphs / "broken").unlink()
    desk.decide(pending(desk, thread.id).id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == [{"count": 1}, {"count": 1}, 2]
    assert (graphs / "effects").read_text() == "xx"
    begin(desk, "once")  # another thread's action is another one
    assert (graphs / "effects").read_text() == "xxxx"


@pytest.mark.parametrize("source", [ONCE, AONCE], ids=["once", "aonce"])
def test_an_effect_that_raised_did_not_happen(make_desk: MakeDesk, tmp_path: Path, source: str) -> None:
    desk = make_desk({"once": source})
    (tmp_path / "graphs" / "raise").touch()
    thread = begin(desk, "once")
    assert thread.error == "The mail server is away."
    (tmp_path / "graphs" / "raise").unlink()
    desk.decide(pending(desk, thread.id).id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert (tmp_path / "graphs" / "effects").read_text() == "xx"


def test_once_works_where_langgraph_runs_the_graph_itself(tmp_path: Path) -> None:
    """Without a desk the settings name the ledger."""
    (tmp_path / "plain.py").write_text(
        HEAD
        + ONCE
        + """
from langgraph.checkpoint.memory import InMemorySaver
graph.checkpointer = InMemorySaver()
print(graph.invoke({"topic": "bread"}, {"configurable": {"thread_id": "1"}})["log"])
""",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, tmp_path / "plain.py"],
        env={"PYTHONPATH": str(ROOT), "REVIEW_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[{'count': 1}, {'count': 1}, 2]\n"
    assert (tmp_path / "data" / "ledger.sqlite").exists()


def test_once_outside_a_node_is_a_sentence() -> None:
    with pytest.raises(ReviewError, match="inside a node of a running graph only"):
        once("mail", lambda: 1)


def test_the_data_folder_is_the_running_desks(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk({"folder": FOLDER})
    assert values(desk, begin(desk, "folder").id)["answer"] == str(tmp_path / "data")


def test_the_data_folder_without_a_desk_is_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEW_DATA_DIR", str(tmp_path / "mine"))
    assert data_dir() == tmp_path / "mine"
    assert data_dir().is_dir()


def test_a_request_is_a_plain_payload_without_what_is_empty() -> None:
    assert Request("Publish?", subject="Bread").as_payload() == {
        "title": "Publish?",
        "content": "Bread",
        "format": "markdown",
        "allowed_decisions": ["approve", "edit", "respond", "reject"],
        "message_required": ["respond", "reject"],
    }


def test_every_answer_comes_back_validated(make_desk: MakeDesk) -> None:
    asks = """
from review.contract import Answer, Request, ask
def review(state):
    answer = ask(Request("Publish?", subject="Bread"))
    assert isinstance(answer, Answer)
    return {"answer": answer.model_dump(), "log": [type(answer).__name__]}
graph = wire(review)
"""
    desk = make_desk({"asks": asks})
    for type_, value, message, content in (
        ("approve", None, "", "Bread"),
        ("edit", "Better bread", "", "Better bread"),
        ("respond", None, "Shorter", "Bread"),
        ("reject", None, "No", "Bread"),
    ):
        thread = begin(desk, "asks")
        review = pending(desk, thread.id)
        assert review.dialect == "response_schema"
        assert review.request.response_schema == Answer.model_json_schema()
        desk.decide(review.id, type_, ADA, value=value, message=message)
        assert desk.finish(thread.id).status == ThreadStatus.DONE
        assert values(desk, thread.id)["answer"] == {
            "decision": type_,
            "content": content,
            "message": message,
            "reviewer": "ada",
        }
        assert desk.review(review.id).status == ReviewStatus.RESUMED
