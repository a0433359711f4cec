"""Somebody's projects, with graphs to load from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support import HEAD

Project = Callable[..., Path]


def graph(body: str) -> str:
    return HEAD + body
