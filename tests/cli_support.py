"""A shell for the tests of the command line: one data folder, the graphs of graphs_for_tests."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from review.cli import main

ROOT = Path(__file__).parent.parent
GRAPHS = Path(__file__).with_name("graphs_for_tests") / "cli_graphs.json"
DEADLINE = 60


@dataclass(frozen=True)
class Told:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return self.json["error"]


class Shell:
    """`shell(...)` runs a command in this process; `spawn` in one of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        for name in [name for name in os.environ if name.startswith("REVIEW_")]:
            monkeypatch.delenv(name)
        monkeypatch.chdir(folder)
        self.set("REVIEW_DATA_DIR", str(folder / "data"))
        self.set("REVIEW_GRAPHS", str(GRAPHS))

    def set(self, name: str, value: str) -> None:
        self._monkeypatch.setenv(name, value)

    def __call__(self, *arguments: str) -> Told:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(arguments)
        return Told(code, out.getvalue(), err.getvalue())

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The JSON that the command prints, having ended with `code`."""
        told = self(*arguments, "--json")
        assert told.code == code, told
        return told.json

    def file(self, name: str, content: str | bytes) -> str:
        """A file in the folder; returns the argument that names it."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return f"@{path}"

    def draft(self, topic: str = "Tea", *more: str) -> Any:
        """Start the draft graph and return its review."""
        return self.json("start", "draft", "--input", json.dumps({"topic": topic}), *more)["reviews"][0]

    def spawn(self, *arguments: str) -> "AbstractContextManager[subprocess.Popen[str]]":
        return self._run("-m", "review", *arguments)

    def python(self, script: str, *arguments: str) -> "AbstractContextManager[subprocess.Popen[str]]":
        return self._run("-c", script, *arguments)

    @contextmanager
    def _run(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()


def until(reached: Callable[[], Any], what: str) -> None:
    """Wait for a condition, not for a time."""
    deadline = time.monotonic() + DEADLINE
    while not reached():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.02)
