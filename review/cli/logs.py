"""Where the command line logs: a file in the data folder, so that no traceback is ever on the screen."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from review.errors import ReviewError
from review.settings import load_settings

FILE = "review.log"


@contextmanager
def log_to_file() -> Iterator[None]:
    """Warnings and errors of the whole process go to the file meanwhile; it is made with the first of them."""
    with _handled(_LogFile()):
        yield


@contextmanager
def tell_on_stderr() -> Iterator[None]:
    """For a process that serves: each warning and error as one line on standard error too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    with _handled(handler):
        yield


@contextmanager
def _handled(handler: logging.Handler) -> Iterator[None]:
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


class _LogFile(logging.Handler):
    """Several processes append to the file, so it is opened for each record; records are few."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            told = self.format(record) + "\n"
            with _file().open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(told)
        except (OSError, ReviewError):
            # Nowhere else to put it: without the folder the cause would be lost.
            sys.stderr.write(told)


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"{record.levelname}: {record.getMessage()}"


def _file() -> Path:
    folder = load_settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    return folder / FILE
