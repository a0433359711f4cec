"""The command that reads a project's graphs and names the mistakes around their interrupts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review.cli.options import AsJson
from review.cli.output import show
from review.doctor import Finding, examine
from review.settings import load_settings


def doctor(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            help="A folder or a file; without it, the folder of the registered langgraph.json.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a project's Python files, without running them, and name what goes wrong around interrupts.

    Ends with 1 where there is a mistake; notes alone end with 0.
    """
    report = examine(path or load_settings().graphs.parent)
    lines = [_told(finding) for finding in report.findings]
    show(as_json, [finding.as_json() for finding in report.findings], "\n\n".join([*lines, report.summary]))
    if report.mistakes:
        raise typer.Exit(1)


def _told(finding: Finding) -> str:
    kind = "note: " if finding.note else ""
    return f"{finding.place}: {kind}{finding.rule}\n  {finding.what}\n  {finding.why}\n  Instead: {finding.instead}"
