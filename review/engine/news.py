"""What is new in LangGraph's SQLite tables, whoever wrote it: read only, beyond a kept mark, by row number."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiosqlite

from review.engine.base import News, Stirred

BATCH = 1000

# What makes a row the same one. Row numbers are given anew once the newest rows are deleted, so a mark names its row.
KEYS = {
    "checkpoints": "thread_id || '/' || checkpoint_ns || '/' || checkpoint_id",
    "writes": "thread_id || '/' || checkpoint_ns || '/' || checkpoint_id || '/' || task_id || '/' || idx",
}

# Of threads whose tables changed: the newest checkpoint, its metadata, and how many tasks asked there that have had no
# answer.
NEWEST = """
SELECT c.thread_id, c.checkpoint_id, c.metadata, (
    SELECT COUNT(*) FROM writes w
    WHERE w.thread_id = c.thread_id AND w.checkpoint_ns = '' AND w.checkpoint_id = c.checkpoint_id
    AND w.channel = '__interrupt__' AND NOT EXISTS (
        SELECT 1 FROM writes a
        WHERE a.thread_id = w.thread_id AND a.checkpoint_ns = '' AND a.checkpoint_id = w.checkpoint_id
        AND a.task_id = w.task_id AND a.channel = '__resume__'
    )
)
FROM json_each(?) stirred
JOIN checkpoints c ON c.thread_id = stirred.value AND c.checkpoint_ns = '' AND c.checkpoint_id = (
    SELECT MAX(checkpoint_id) FROM checkpoints WHERE thread_id = stirred.value AND checkpoint_ns = ''
)
"""


# What the tasks of a checkpoint asked.
ASKED = """
SELECT task_id, value FROM writes
WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id = ? AND channel = '__interrupt__'
ORDER BY task_id, idx
"""


def reader(path: Path, timeout: float) -> aiosqlite.Connection:
    """A connection that sees what is committed and cannot write."""
    return aiosqlite.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=timeout)


async def read_news(connection: aiosqlite.Connection, mark: str | None) -> News:
    """The threads with rows beyond the mark, at most a batch of rows of each table."""
    marks: dict[str, Any] = json.loads(mark) if mark else {}
    threads: set[str] = set()
    more = False
    for table, key in KEYS.items():
        start = await _start(connection, table, key, marks.get(table))
        rows = await connection.execute_fetchall(
            f"SELECT rowid, {key}, thread_id FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT {BATCH}",  # noqa: S608
            [start],
        )
        found = list(rows)
        if found:
            marks[table] = list(found[-1][:2])
        elif not start:
            marks.pop(table, None)
        threads |= {str(row[2]) for row in found}
        more = more or len(found) == BATCH
    newest = await connection.execute_fetchall(NEWEST, [json.dumps(sorted(threads))]) if threads else ()
    stirred = [
        Stirred(thread, _graph(metadata), await _question(connection, thread, checkpoint), bool(unanswered))
        for thread, checkpoint, metadata, unanswered in newest
    ]
    return News(json.dumps(marks), tuple(stirred), more)


async def _question(connection: aiosqlite.Connection, thread: str, checkpoint: str) -> str:
    """A digest of what the tasks asked at the checkpoint; empty where none did."""
    asked = await connection.execute_fetchall(ASKED, [thread, checkpoint])
    digest = sha256()
    for task, value in asked:
        digest.update(str(task).encode() + b"/" + bytes(value))
    return digest.hexdigest() if asked else ""


async def _start(connection: aiosqlite.Connection, table: str, key: str, mark: Any) -> int:
    """The row number to go on from; zero where the marked row is no longer the one that was marked."""
    if mark is None:
        return 0
    rows = await connection.execute_fetchall(f"SELECT {key} FROM {table} WHERE rowid = ?", [mark[0]])  # noqa: S608
    return int(mark[0]) if [row[0] for row in rows] == [mark[1]] else 0


def _graph(metadata: Any) -> str | None:
    """The graph that the checkpoint's metadata names, where its program put one there."""
    try:
        named = json.loads(metadata).get("graph_id")
    except (TypeError, ValueError, AttributeError):
        return None
    return named if isinstance(named, str) else None
