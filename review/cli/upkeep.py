"""Commands of upkeep: check the data, back it up and put it back, prune what is old."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from review.cli.options import AsJson, OwnName, opened_desk, reviewer_of
from review.cli.output import show
from review.errors import BadInput
from review.settings import load_settings

MEGABYTE = 1_000_000


def verify(as_json: AsJson = False) -> None:
    """Check the ledger against the checkpoints, and name what does not hold. Ends with 1 where there is anything."""
    from review.ops.verify import Broken, Verifier

    with opened_desk() as desk:
        report = Verifier(desk).run()

    def told(each: Broken) -> str:
        of = " of ".join(
            f"{kind} {name}" for kind, name in (("review", each.review_id), ("thread", each.thread_id)) if name
        )
        return f"{each.rule}: {of + ' ' if of else ''}{each.told.rstrip('.')}."

    lines = [told(each) for each in report.broken] + [f"note: {told(each)}" for each in report.notes]
    show(as_json, report.as_json(), "\n".join([*lines, report.summary]))
    if report.broken:
        raise typer.Exit(1)


def backup(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder that does not exist yet, or an empty one.")],
    as_json: AsJson = False,
) -> None:
    """Copy both databases as they stand at one moment; the app may run meanwhile."""
    from review.ops.backup import take_backup

    taken = take_backup(load_settings(), path)
    size = sum(file.bytes for file in taken.files.values()) / MEGABYTE
    threads = taken.files["ledger.sqlite"].rows["threads"]
    text = f"Backed up {threads} thread{'' if threads == 1 else 's'} to {path} ({size:.1f} MB), as of {taken.taken_at}."
    data: dict[str, Any] = {"path": str(path), "taken_at": taken.taken_at, "migration": taken.migration}
    data |= {"files": {name: vars(file) for name, file in taken.files.items()}}
    show(as_json, data, text)


def restore(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The folder of a backup.")],
    reviewer: OwnName = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the databases; what is there is moved aside. Stop the app and the workers first."""
    from review.ops.restore import restore_backup

    restored = restore_backup(load_settings(), path, reviewer_of(reviewer))
    aside = [str(folder) for folder in restored.aside]
    lines = [f"Restored the backup of {restored.backup.taken_at}. `python -m review verify` checks it."]
    lines += [f"What was there before is in {folder}." for folder in aside]
    show(as_json, {"taken_at": restored.backup.taken_at, "aside": aside}, "\n".join(lines))


def prune(
    days: Annotated[
        float | None,
        typer.Option(min=0, help="Prune what finished longer ago; without it, as REVIEW_RETENTION_DAYS says."),
    ] = None,
    vacuum: Annotated[
        bool, typer.Option("--vacuum", help="Give the space back to the disk; the app and the workers must be stopped.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove the checkpoints of threads that finished long ago; their reviews, decisions and audit entries stay."""
    from review.ops.files import check_unused, databases
    from review.ops.space import free_bytes, give_back

    with opened_desk() as desk:
        age = desk.settings.retention_days if days is None else days
        if days is None and not age:
            raise BadInput("Nothing says how old a thread must be: give --days, or set REVIEW_RETENTION_DAYS.")
        if vacuum:
            check_unused(desk.settings, databases(desk.settings, "prune --vacuum"), but=desk.name)
        pruned = sum(1 for _ in desk.retention.prune(age))
    given = give_back(load_settings()) if vacuum else 0
    free = free_bytes(load_settings())
    text = f"Pruned {pruned} thread{'' if pruned == 1 else 's'}."
    if vacuum:
        text += f" {given / MEGABYTE:.1f} MB went back to the disk."
    elif free:
        text += f" {free / MEGABYTE:.1f} MB of the file are free for new checkpoints; --vacuum gives them to the disk."
    show(as_json, {"pruned": pruned, "free_bytes": free, "given_back_bytes": given}, text)
