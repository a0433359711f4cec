"""What the doctor says, and where."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from review.doctor.source import Source


@dataclass(frozen=True, order=True)
class Finding:
    """One mistake, or a note, which fails nothing. `file` is relative to the folder that was read."""

    file: str
    line: int
    rule: str
    what: str
    why: str
    instead: str
    note: bool = False

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    def as_json(self) -> Mapping[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Rule:
    """What every finding of one kind has in common."""

    name: str
    why: str
    instead: str
    note: bool = False

    def at(self, source: Source, node: ast.AST, what: str, instead: str = "") -> Finding:
        line = getattr(node, "lineno", 1)
        return Finding(source.name, line, self.name, what, self.why, instead or self.instead, self.note)
