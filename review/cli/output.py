"""What a command prints: JSON, or short plain text that is the same in a pipe as on a terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

# Payloads are untrusted: no escape sequence of theirs reaches the terminal, and none turns the text around.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CELL = 80


def show(as_json: bool, data: Any, text: str) -> None:
    """Print `data` as JSON, or `text`."""
    write(as_document(data) if as_json else as_text(text))


def show_error(as_json: bool, **error: Any) -> None:
    """Print `{"error": {"code", "message", ...}}` to standard output, or the message to standard error."""
    if as_json:
        write(as_document({"error": error}))
    else:
        write(f"Error: {as_text(error['message'])}", sys.stderr)


def as_document(data: Any) -> str:
    document = json.dumps(data, ensure_ascii=False, indent=2)
    try:
        document.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(data, indent=2)
    return document


def as_text(text: str) -> str:
    return _UNSAFE.sub("", text)


def write(text: str, to: TextIO | None = None) -> None:
    out = to or sys.stdout
    encoding = out.encoding or "utf-8"  # where it cannot express a character, its escape is printed
    out.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    out.flush()


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], nothing: str) -> str:
    """Aligned columns below their names, each cell one short line; `nothing` where there are no rows."""
    if not rows:
        return nothing
    lines = [[_cell(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns) - 1)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]).rstrip()
        for line in lines
    )


def moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z" if at else ""


def excerpt(value: Any) -> str:
    """A value in one short line."""
    return _cell(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _cell(text: str) -> str:
    line = " ".join(as_text(text[: 4 * CELL]).split())
    return line if len(line) <= CELL else line[: CELL - 1] + "…"
