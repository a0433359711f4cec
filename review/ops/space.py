"""The room that deleted rows leave in the file of the checkpoints."""

from __future__ import annotations

from review.ops.files import opened
from review.settings import Settings, sqlite_file


def free_bytes(settings: Settings) -> int:
    """What new checkpoints will fill before the file grows."""
    path = sqlite_file(settings.checkpoints_url)
    if not path.exists():
        return 0
    with opened(path, settings.lock_seconds) as connection:
        return int(
            connection.execute("PRAGMA freelist_count").fetchone()[0]
            * connection.execute("PRAGMA page_size").fetchone()[0]
        )


def give_back(settings: Settings) -> int:
    """Write the file anew without the room, while nobody uses it; returns by how much it shrank."""
    path = sqlite_file(settings.checkpoints_url)
    if not path.exists():
        return 0
    before = path.stat().st_size
    with opened(path, settings.lock_seconds, write=True) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return max(0, before - path.stat().st_size)
