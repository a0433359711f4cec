"""What the sample graphs do to the world: one line in a file below the data folder, once for each task."""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langgraph.config import get_config

from review.contract import data_dir, once


def record(action: str, file_name: str, **facts: Any) -> str:
    """Append `facts` as a line of JSON to a file of the data folder; return the line's key.

    However often the node is run, there is one line: the key is made of what stays the same through failures, retries
    and recovery, so a run that died between the line and its receipt finds the line again.
    """
    path = data_dir() / file_name
    place = get_config()["configurable"]
    key = hashlib.sha256(f"{place['thread_id']}\0{place['checkpoint_ns']}\0{action}".encode()).hexdigest()[:12]

    def effect() -> str:
        _append(path, {"key": key, "at": datetime.now(UTC).isoformat(timespec="seconds"), **facts})
        return key

    def check() -> str | None:
        return key if any(line.get("key") == key for line in _lines(path)) else None

    return once(action, effect, check=check)


def _append(path: Path, line: dict[str, Any]) -> None:
    """A line that lasts. One that a crash left without its end stays a line of its own."""
    with path.open("ab+") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            torn = file.read(1) != b"\n"
        else:
            torn = False
        file.write(b"\n" * torn + json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    found = []
    for line in path.read_text("utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:  # torn by a crash
            continue
    return found
