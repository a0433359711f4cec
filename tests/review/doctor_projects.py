"""Projects for the doctor to read."""

from __future__ import annotations

from pathlib import Path

from review.doctor import Report, examine

HEAD = """\
import asyncio, contextlib, random, smtplib, sqlite3, threading, time, uuid
import httpx, requests
from datetime import datetime, timedelta
from pathlib import Path
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.errors import GraphInterrupt
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from review.contract import Request, ask, once
"""


def project(folder: Path, **files: str) -> Report:
    for name, code in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, "utf-8")
    return examine(folder)
