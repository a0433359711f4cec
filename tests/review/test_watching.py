"""Watching a run: its steps as they come, what a model is writing, and the word that it ends in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from review.desk import Desk
from review.watching import Ending, Watched
from tests.conftest import MakeDesk
from tests.review.test_watching_ends import ended
from tests.support import ADA, begin, wait_for

# A model that streams word by word; each `*` in its text waits for the file `go` beside the graph.
MODEL = """
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
HERE = pathlib.Path(__file__).parent
class Slow(GenericFakeChatModel):
    def _stream(self, messages, stop=None, run_manager=None, **more):
        for word in next(self.messages).content.split(" "):
            while word == "*" and not (HERE / "go").exists():
                time.sleep(0.01)
            if word == "!":
                raise RuntimeError("broke off")
            yield ChatGenerationChunk(message=AIMessageChunk(word + " "))
def model(*texts): return Slow(messages=iter([AIMessage(text) for text in texts]))
def written(made, **config): return "".join(chunk.text for chunk in made.stream("Write.", config or None))
"""


def with_model(nodes: str) -> str:
    return MODEL + nodes


STREAMS = with_model("""
def write(state): return {"answer": written(model("Rye bread * is done."))}
def ask(state): return {"log": [interrupt("Publish?")]}
graph = wire(write, ask)
""")
THEN_RESTS = with_model("""
def write(state): return {"answer": written(model("Rye bread"))}
def rest(state):
    while not (HERE / "go").exists():
        time.sleep(0.01)
graph = wire(write, rest)
""")
INSIDE = with_model("""
def inner(state): return {"answer": written(model("From within *"))}
inside = wire(inner)
builder = StateGraph(State)
builder.add_node("outer", inside)
builder.add_edge(START, "outer")
graph = builder.compile()
""")
AT_ONCE = with_model("""
def left(state): return {"log": [written(model("Left *"))]}
def right(state): return {"log": [written(model("Right *"))]}
builder = StateGraph(State)
for node in (left, right):
    builder.add_node(node.__name__, node)
    builder.add_edge(START, node.__name__)
graph = builder.compile()
""")
AGAIN = with_model("""
def write(state):
    made = model("A first try !", "A second *")
    try:
        written(made)
    except RuntimeError:
        pass
    return {"answer": written(made)}
graph = wire(write)
""")
LONG = with_model("""
def write(state): return {"answer": written(model("begin " + "x" * 30_000 + " end *"))}
graph = wire(write)
""")
QUIET = with_model("""
def write(state): return {"answer": written(model("Unheard *"), tags=["nostream"])}
graph = wire(write)
""")
# A model that answers as a whole, with a call that it would lose if it were made to stream.
CALLS = """
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
CALL = {"name": "pay", "args": {"amount": 40}, "id": "call-1"}
def write(state):
    made = GenericFakeChatModel(messages=iter([AIMessage("", tool_calls=[CALL])])).invoke("Write.")
    return {"answer": made.tool_calls}
graph = wire(write)
"""


@pytest.fixture
def run(make_desk: MakeDesk, tmp_path: Path) -> Iterator[Callable[[str], tuple[Desk, str]]]:
    """Starts the graph of this source on a thread beside the test; what waits there is let go at the end."""
    begun: list[threading.Thread] = []

    def start(source: str) -> tuple[Desk, str]:
        desk = make_desk({"graph": source})
        thread = desk.start("graph", {"topic": "bread"}, ADA)
        begun.append(threading.Thread(target=desk.finish, args=(thread.id,)))
        begun[-1].start()
        return desk, thread.id

    yield start
    (tmp_path / "graphs" / "go").touch()
    for each in begun:
        each.join(30)


def texts(desk: Desk, thread_id: str, *expected: str) -> Watched:
    """What is watched once these texts are being written."""

    def found() -> Watched | None:
        watched = desk.watch(thread_id)
        return watched if sorted(each.text.strip() for each in watched.written) == sorted(expected) else None

    return wait_for(found, f"the texts {expected}")


def test_words_are_told_before_their_step_ends_and_are_gone_with_it(run: Any, tmp_path: Path) -> None:
    desk, thread_id = run(STREAMS)
    watched = texts(desk, thread_id, "Rye bread")
    assert [each.node for each in watched.written] == ["write"]
    assert watched.ending is None
    assert not any("write" in step.nodes for step in watched.steps)
    # The checkpoint that says so is kept beside the run, which need not wait for it.
    wait_for(lambda: desk.watch(thread_id).next == ("write",), "the node that writes")
    (tmp_path / "graphs" / "go").touch()
    watched = ended(desk, thread_id)
    assert watched.ending == Ending.ASKS
    assert watched.written == ()
    assert watched.steps[-1].changes == {"answer": "Rye bread * is done. "}


def test_words_give_way_to_the_step_that_they_became_part_of(run: Any) -> None:
    desk, thread_id = run(THEN_RESTS)
    watched = wait_for(lambda: (seen := desk.watch(thread_id)).steps[-1:] and "write" in seen.steps[-1].nodes and seen,
                       "the step")  # fmt: skip
    assert watched.next == ("rest",)
    assert watched.steps[-1].changes == {"answer": "Rye bread "}
    assert [each.text for each in desk.engine.written(thread_id)] == ["Rye bread "]
    assert watched.written == ()


def test_words_from_within_a_graph_name_the_way_to_their_node(run: Any) -> None:
    desk, thread_id = run(INSIDE)
    (text,) = texts(desk, thread_id, "From within").written
    assert (text.node, text.root) == ("outer/inner", "outer")


def test_nodes_that_run_at_once_write_beside_each_other(run: Any) -> None:
    desk, thread_id = run(AT_ONCE)
    watched = texts(desk, thread_id, "Left", "Right")
    assert {each.node: each.text.strip() for each in watched.written} == {"left": "Left", "right": "Right"}


def test_what_broke_off_is_no_part_of_the_second_try(run: Any) -> None:
    desk, thread_id = run(AGAIN)
    texts(desk, thread_id, "A second")


def test_of_a_long_text_the_end_is_kept(run: Any) -> None:
    desk, thread_id = run(LONG)
    (text,) = wait_for(
        lambda: [each for each in desk.watch(thread_id).written if each.text.endswith("end ")], "the text's end"
    )
    assert len(text.text) == 20_000
    assert text.cut


def test_a_model_that_is_not_to_be_streamed_is_not_heard(run: Any, tmp_path: Path) -> None:
    desk, thread_id = run(QUIET)
    wait_for(lambda: desk.watch(thread_id).next == ("write",), "the run")
    (tmp_path / "graphs" / "go").touch()
    assert desk.engine.written(thread_id) == ()
    assert ended(desk, thread_id).ending == Ending.FINISHED


def test_a_model_that_answers_as_a_whole_is_not_made_to_stream(make_desk: MakeDesk) -> None:
    desk = make_desk({"graph": CALLS})
    watched = desk.watch(begin(desk, "graph").id)
    (call,) = watched.steps[-1].changes["answer"]
    assert (watched.ending, call["name"], call["args"]) == (Ending.FINISHED, "pay", {"amount": 40})


def test_another_process_sees_the_steps_and_not_the_words(run: Any, make_desk: MakeDesk, tmp_path: Path) -> None:
    desk, thread_id = run(STREAMS)
    texts(desk, thread_id, "Rye bread")
    other = make_desk({}, other=1)
    seen = other.watch(thread_id)
    assert (seen.written, seen.next, seen.ending) == ((), ("write",), None)
    (tmp_path / "graphs" / "go").touch()
    assert ended(other, thread_id).steps[-1].nodes == ("write",)


def test_nothing_of_what_is_written_is_logged(run: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "review")
    desk, thread_id = run(STREAMS)
    texts(desk, thread_id, "Rye bread")
    (tmp_path / "graphs" / "go").touch()
    ended(desk, thread_id)
    assert "Rye" not in caplog.text
