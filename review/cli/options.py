"""Arguments that several commands share, and the desk that they work on."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Annotated

import typer

from review.desk import Desk, open_desk
from review.errors import BadInput
from review.reviewers import Reviewer


def _here_or_before(context: typer.Context, given: bool) -> bool:
    """`--json` may stand before the command too."""
    return given or bool(context.find_root().obj)


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.", callback=_here_or_before)]
ReviewId = Annotated[str, typer.Argument(metavar="REVIEW", help="A review's id.")]
ThreadId = Annotated[str, typer.Argument(metavar="THREAD", help="A thread's id.")]
ReviewerName = Annotated[str, typer.Option("--reviewer", metavar="NAME", help="Who does this; kept in the history.")]
OwnName = Annotated[
    str | None,
    typer.Option(
        "--reviewer", metavar="NAME", help="Who does this; without it, this computer's user.", show_default=False
    ),
]
TakeOver = Annotated[
    bool, typer.Option("--take-over", help="Even if somebody else has claimed it; they lose it, and it is recorded.")
]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Record it only; an app or a worker runs it.")]


@contextmanager
def opened_desk() -> Iterator[Desk]:
    """The desk of this process's settings, closed afterwards. What graphs print meanwhile goes to standard error, so
    that standard output has the command's own result alone."""
    with redirect_stdout(sys.stderr):
        desk = open_desk()
        try:
            yield desk
        finally:
            desk.close()


def reviewer_of(name: str | None) -> Reviewer:
    """Whoever is named, else this computer's user; not signed in, for nothing proves it."""
    try:
        return Reviewer(_user() if name is None else name)
    except BadInput as error:
        raise BadInput(f"{error.message} Say who decides: --reviewer NAME.") from error


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "command line"
