"""Tables that people upload: CSV or Excel, read as what stands in their cells. Nothing in them is evaluated."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from review.errors import BadInput

LARGEST = 10_000_000  # bytes
LARGEST_UNPACKED = 200_000_000  # bytes; an Excel file is a packed one
MOST_ROWS = 10_000
MOST_COLUMNS = 500
NO_NAMES = "The file's first row is empty. It must hold the columns' names."
_PACKED = b"PK\x03\x04"


@dataclass(frozen=True)
class SheetRow:
    """number is as a spreadsheet counts: the columns' names are row 1."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """The columns' names and the rows that have anything in them. From CSV each cell is text, from Excel what it is
    there; an empty one is `""`."""

    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]

    def sample(self, column: str) -> str:
        """The first thing that stands in the column."""
        place = self.columns.index(column)
        cells = (row.cells[place] for row in self.rows if place < len(row.cells))
        return next((str(cell) for cell in cells if cell != ""), "")


def read_sheet(content: bytes) -> Sheet:
    """Excel by its first bytes, else CSV. Raises `BadInput` for what is neither, or too large."""
    if len(content) > LARGEST:
        raise BadInput(
            f"The file has {len(content) / 1e6:.1f} MB; at most {LARGEST / 1e6:.0f} MB are read. Split it into several."
        )
    lines = _excel(content) if content.startswith(_PACKED) else _csv(content)
    filled = [(number, cells) for number, cells in enumerate(lines, 1) if any(cell != "" for cell in cells)]
    if not filled or filled[0][0] != 1:
        raise BadInput(NO_NAMES)
    rows = tuple(SheetRow(number, cells) for number, cells in filled[1:])
    if len(rows) > MOST_ROWS:
        raise BadInput(f"The file has {len(rows):,} rows; at most {MOST_ROWS:,} are taken at once. Split it.")
    return Sheet(_columns(filled[0][1]), rows)


def _columns(cells: Sequence[Any]) -> tuple[str, ...]:
    names = [" ".join(str(cell).split()) or f"Column {place}" for place, cell in enumerate(cells, 1)]
    if len(names) > MOST_COLUMNS:
        raise BadInput(f"The file has {len(names):,} columns; at most {MOST_COLUMNS} are taken.")
    if twice := next((name for place, name in enumerate(names) if name in names[:place]), None):
        raise BadInput(f"Two columns of the file are named {twice!r:.80}. Rename one of them.")
    return tuple(names)


def _csv(content: bytes) -> list[tuple[Any, ...]]:
    import pandas

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("The file is neither Excel nor text in UTF-8. Save it as one of the two.") from error
    if not text.partition("\n")[0].strip():
        raise BadInput(NO_NAMES if text.strip() else "The file is empty.")
    options: dict[str, Any] = {"header": None, "dtype": str, "na_filter": False, "skip_blank_lines": False}
    try:
        frame = pandas.read_csv(io.StringIO(text), sep=_separator(text), **options)
    except (ValueError, csv.Error) as error:  # pandas' own errors are ValueErrors
        raise BadInput(f"The file cannot be read as CSV: {_first_line(error)}") from error
    return _lines(frame)


def _excel(content: bytes) -> list[tuple[Any, ...]]:
    import pandas

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise BadInput(f"The file unpacks to {unpacked / 1e6:,.0f} MB, which is too large. Split it into several.")
        with warnings.catch_warnings():  # about styles and the like, which nobody here looks at
            warnings.simplefilter("ignore")
            frame = pandas.read_excel(
                io.BytesIO(content), engine="openpyxl", header=None, dtype=object, na_filter=False
            )
    except BadInput:
        raise
    except Exception as error:  # a damaged file breaks its reader in any way
        raise BadInput(f"The file cannot be read as Excel: {_first_line(error)} Save it again as .xlsx.") from error
    return _lines(frame)


def _lines(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple("" if cell is None or cell != cell else cell for cell in line) for line in frame.values.tolist()]


def _separator(text: str) -> str:
    """What parts the columns in the first line: a comma, or what spreadsheets write where that is for decimals."""
    first = text.partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)


def _first_line(error: Exception) -> str:
    told = str(error).strip().partition("\n")[0] or type(error).__name__
    return told.rstrip(".")[:200] + "."
