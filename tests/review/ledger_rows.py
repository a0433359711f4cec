"""Rows of a ledger, as another program reads them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


def rows(tmp_path: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(tmp_path / "data" / "ledger.sqlite")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
