"""Where the command line logs: a file in the data folder, so that no traceback is ever on the screen. A worker, which
serves, logs to standard error as the app does."""

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
    handler = _LogFile()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


@contextmanager
def tell_on_stderr() -> Iterator[None]:
    """For a process that serves: each event as one line on standard error too."""
    from review.ops.logs import log_to_screen

    root = logging.getLogger()
    level = root.level
    handler = log_to_screen(load_settings().log_format)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


class _LogFile(logging.Handler):
    """Several processes append to the file, so it is opened for each record; records are few."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        told = self._line(record)
        try:
            with _file().open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(told)
        except (OSError, ReviewError):
            # Nowhere else to put it: without the folder the cause would be lost.
            sys.stderr.write(told)

    def _line(self, record: logging.LogRecord) -> str:
        if self.formatter is None:  # most commands log nothing, and are not to wait for its import
            from review.ops.logs import formatter

            self.setFormatter(formatter(_format()))
        return self.format(record) + "\n"


def _format() -> str:
    try:
        return load_settings().log_format
    except ReviewError:
        return "text"


def _file() -> Path:
    folder = load_settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    return folder / FILE
