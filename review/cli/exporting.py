"""The command that writes the data set of decisions."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from review.cli.options import AsJson, opened_desk
from review.cli.output import write
from review.errors import BadInput
from review.times import from_iso


class What(StrEnum):
    DECISIONS = "decisions"


def export(
    what: Annotated[What, typer.Argument(help="What to write.")],
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was decided since then: 2026-01-31, or a time.")
    ] = None,
    graph: Annotated[str | None, typer.Option(metavar="NAME", help="Only of this graph.")] = None,
    as_json: AsJson = False,  # JSON it is in any case; errors are printed as the option says
) -> None:
    """Write every decision that stands as JSON Lines: what was asked, the draft, the edit, the verdict, the reason."""
    from review.dataset import decision_lines

    begins = None if since is None else _time_of(since)
    out = sys.stdout
    with opened_desk() as desk:
        for line in decision_lines(desk.ledger, since=begins, graph=graph):
            write(line, out)


def _time_of(given: str) -> datetime:
    try:
        return from_iso(given)
    except ValueError as error:
        raise BadInput(f"--since is {given!r}; write a date or a time as ISO 8601, such as 2026-01-31.") from error
