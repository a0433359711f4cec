"""Fixtures for all tests: no setting of the machine's, and desks that close themselves."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from review.desk import Desk, open_desk
from review.settings import PREFIX, Settings
from tests.foreign import Foreign, MakeForeign
from tests.support import ASK, python, write_graphs

MakeDesk = Callable[..., Desk]
Spawn = Callable[..., subprocess.Popen[str]]


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith((PREFIX, "OPENAI_")):
            monkeypatch.delenv(name)


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[MakeDesk]:
    """Opens desks over the data folder in `tmp_path`: `make_desk({"ask": ASK}, lock_seconds=1)`.

    Graphs given to an earlier desk stay registered. Another desk beside an open one is another process to it if a
    setting differs (`other=1`, `other=2`, ...).
    """
    made: list[Desk] = []

    def make(sources: dict[str, str | None] | Path | None = None, *, other: int = 0, **settings: Any) -> Desk:
        graphs = sources if isinstance(sources, Path) else write_graphs(tmp_path / "graphs", **(sources or {}))
        poll = 0.05 + other / 1000
        chosen = {"data_dir": tmp_path / "data", "graphs": graphs, "poll_seconds": poll} | settings
        made.append(open_desk(Settings(**chosen)))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """A desk with one graph, `ask`."""
    return make_desk({"ask": ASK})


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Starts another Python process, `spawn(code, *arguments)`; none of them outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
        started.append(python(code, *arguments, **options))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[MakeForeign]:
    """Makes another program beside a desk: `foreign(desk)`."""
    made: list[Foreign] = []

    def make(desk: Desk) -> Foreign:
        made.append(Foreign(desk.settings.graphs, tmp_path / "data" / "checkpoints.sqlite"))
        return made[-1]

    yield make
    for each in made:
        each.close()
