"""LangGraph alone under the same faults: two processes on one interrupt, and kills during the action."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from tests.chaos.processes import PATIENCE, ended, forked, forks

RACES, KILLS = 50, 40


def graph_in(folder: Path) -> Any:
    """Ask, then act: the action is a line in a file, and takes a moment."""
    from typing import TypedDict

    from langgraph.checkpoint.sqlite import SqliteSaver
    from langgraph.graph import END, START, StateGraph
    from langgraph.types import interrupt

    class State(TypedDict, total=False):
        topic: str
        answer: str

    def ask(_state: State) -> State:
        return {"answer": interrupt("go on?")}

    def act(state: State) -> State:
        with (folder / "effects").open("a") as file:
            file.write(f"{state['topic']} {state['answer']}\n")
        time.sleep(0.05)
        return {}

    builder = StateGraph(State)
    builder.add_node("ask", ask)
    builder.add_node("act", act)
    builder.add_edge(START, "ask")
    builder.add_edge("ask", "act")
    builder.add_edge("act", END)
    connection = sqlite3.connect(folder / "checkpoints.sqlite", check_same_thread=False, timeout=30)
    return builder.compile(checkpointer=SqliteSaver(connection))


def _config(n: int) -> dict[str, Any]:
    return {"configurable": {"thread_id": f"thread-{n}"}}


def begin(folder: Path, count: int) -> None:
    graph = graph_in(folder)
    for n in range(count):
        graph.invoke({"topic": f"thread-{n}"}, _config(n))


def answer(folder: Path, barrier: Barrier, mine: str, count: int) -> None:
    """One of two programs that answer every thread, each thread at the same moment."""
    from langgraph.types import Command

    graph = graph_in(folder)
    for n in range(count):
        barrier.wait(PATIENCE)
        graph.invoke(Command(resume=mine), _config(n))


def answer_one(folder: Path, n: int) -> None:
    from langgraph.types import Command

    graph_in(folder).invoke(Command(resume="yes"), _config(n))


def go_on(folder: Path, n: int) -> None:
    """What a careful program does after a crash: run the thread on."""
    graph_in(folder).invoke(None, _config(n))


def measure(folder: Path, seed: int, tell: Callable[[str], None] = print) -> dict[str, int]:
    """How often LangGraph alone runs an action twice or loses a decision; nothing here is a fault of ours to mend."""
    return {**_race(folder / "race", tell), **_kills(folder / "kills", seed, tell)}


def _race(folder: Path, tell: Callable[[str], None]) -> dict[str, int]:
    folder.mkdir(parents=True)
    _run(begin, folder, RACES)
    barrier = forks.Barrier(2)
    with forked(answer, folder, barrier, "yes", RACES) as one, forked(answer, folder, barrier, "no", RACES) as other:
        codes = [ended(one), ended(other)]
    lines = [line.split()[0] for line in _effects(folder)]
    twice = sum(lines.count(f"thread-{n}") > 1 for n in range(RACES))
    tell(
        f"bare LangGraph: two processes answer one interrupt: {twice} of {RACES} threads act twice; exit codes {codes}"
    )
    return {"acted twice in a race": twice}


def _kills(folder: Path, seed: int, tell: Callable[[str], None]) -> dict[str, int]:
    """Killed at a random moment of the action; then the thread is run on, as its program would after a restart."""
    folder.mkdir(parents=True)
    rng = random.Random(seed)
    _run(begin, folder, KILLS)
    for n in range(KILLS):
        with forked(answer_one, folder, n) as process:
            while not any(line.startswith(f"thread-{n} ") for line in _effects(folder)):
                time.sleep(0.001)
            time.sleep(rng.uniform(0, 0.05))
            os.kill(process.pid or 0, signal.SIGKILL)
            process.join()
        _run(go_on, folder, n)
    lines = [line.split()[0] for line in _effects(folder)]
    repeated = sum(lines.count(f"thread-{n}") > 1 for n in range(KILLS))
    lost = sum(_asks_again(folder, n) for n in range(KILLS))
    tell(f"bare LangGraph: killed during the action: {repeated} of {KILLS} act twice, {lost} have lost the decision")
    return {"acted twice after a kill": repeated, "lost the decision": lost}


def _asks_again(folder: Path, n: int) -> bool:
    graph = graph_in(folder)
    with closing(graph.checkpointer.conn):
        return bool(graph.get_state(_config(n)).interrupts)


def _run(target: Callable[..., None], *arguments: Any) -> None:
    with forked(target, *arguments) as process:
        code = ended(process)
        assert code == 0, code


def _effects(folder: Path) -> list[str]:
    file = folder / "effects"
    return file.read_text().splitlines() if file.exists() else []
