"""A database that is damaged: a sentence that says so, and a backup that puts it right."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from review.errors import StorageFailed
from review.ledger import Ledger
from review.ops.backup import take_backup
from review.ops.restore import restore_backup
from review.ops.verify import Verifier
from tests.conftest import MakeDesk
from tests.review.once_through import ONCE, once_through
from tests.support import ADA, begin, pending


@pytest.mark.parametrize("what", ["header", "middle"])
def test_a_damaged_ledger_is_a_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(f"sqlite:///{path}").close()
    content = bytearray(path.read_bytes())
    if what == "header":
        content[:100] = b"This was a ledger once." * 4 + b"........"
    else:
        content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StorageFailed, match=r"ledger.sqlite is (damaged|not a database)"):
        Ledger(f"sqlite:///{path}").threads.page()


def test_a_damaged_page_is_named_and_a_backup_puts_it_right(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk({"once": ONCE})
    review = pending(desk, begin(desk, "once").id)
    take_backup(desk.settings, tmp_path / "backup")
    desk.close()
    path = tmp_path / "data" / "ledger.sqlite"
    page = _page_of(path, "reviews")
    with path.open("r+b") as file:
        file.seek(page)
        file.write(b"\xff" * 4096)
    desk = make_desk()
    with pytest.raises(StorageFailed, match=r"The database ledger\.sqlite is damaged\. Restore it from a backup\."):
        desk.decide(review.id, "approve", ADA)
    assert {each.rule for each in Verifier(desk).run().broken} >= {"intact"}
    settings = desk.settings
    desk.close()
    restore_backup(settings, tmp_path / "backup", ADA)
    desk = make_desk()
    desk.decide(review.id, "approve", ADA)
    desk.finish(review.thread_id, review.id)
    once_through(desk, review.thread_id, tmp_path / "graphs")


def _page_of(path: Path, table: str) -> int:
    """Where in the file the table's first page is; with everything in the file, and nothing beside it."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    return (int(root) - 1) * int(size)
