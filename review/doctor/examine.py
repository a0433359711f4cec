"""The engine of the doctor: every rule reads every source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from review.doctor.findings import Finding
from review.doctor.project import TOO_DEEP, Project
from review.doctor.rules import RULES
from review.errors import BadInput


@dataclass(frozen=True)
class Report:
    """What was read, and what was found, in the order of the files."""

    root: Path
    files: int
    findings: tuple[Finding, ...]

    @property
    def mistakes(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.note]

    @property
    def summary(self) -> str:
        """One sentence."""
        mistakes = len(self.mistakes)
        told = _counted(mistakes, "mistake"), _counted(len(self.findings) - mistakes, "note")
        return f"{told[0]} and {told[1]} in {_counted(self.files, 'file')} of Python."


def examine(path: Path) -> Report:
    """Read the folder, the file, or the folder of the langgraph.json. Raises `BadInput` if it cannot be read."""
    root = path.resolve()
    if not root.exists():
        raise BadInput(f"There is no {path}. Name a folder, or a file of Python.")
    if root.is_file() and root.suffix == ".json":
        root = root.parent
    if root.is_file() and root.suffix != ".py":
        raise BadInput(f"{path} is not a file of Python. Name a folder, or a file whose name ends in .py.")
    project = Project(root)
    found: set[Finding] = set()
    for source in project.sources:
        try:
            found.update(finding for rule in RULES for finding in rule(source))
        except RecursionError:
            project.cannot_read(source.name, 1, TOO_DEEP)
    return Report(root, project.files, tuple(sorted(found | set(project.unread))))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
