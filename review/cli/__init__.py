"""The command line, `python -m review`: the desk for scripts and operators. Here: the commands, and what comes of them.

Exit codes: 0 done; 1 the run, the resume or a database failed; 2 bad input; 3 refused; 4 unknown graph, review or
thread; 130 stopped by Ctrl+C. Errors are sentences on standard error; with `--json`, objects on standard output.
"""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable, Sequence

import typer
from typer.exceptions import TyperException

from review.cli import doctor, exporting, operators, reviews, threads, upkeep
from review.cli.logs import log_to_file
from review.cli.options import AsJson
from review.cli.output import as_text, show_error
from review.cli.reading import check_text
from review.errors import ReviewError

PROGRAM = "python -m review"
INTERRUPTED = 130  # what typer makes of Ctrl+C

log = logging.getLogger("review.cli")
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def root(context: typer.Context, as_json: AsJson = False) -> None:
    """The review desk for LangGraph: start graphs, see what waits for a person, decide it."""
    context.obj = as_json


COMMANDS: dict[str, Callable[..., None]] = {
    "graphs": operators.graphs,
    "start": threads.start,
    "cancel": threads.cancel,
    "queue": reviews.queue,
    "show": reviews.show_one,
    "threads": threads.threads,
    "thread": threads.thread,
    "decide": reviews.decide,
    "claim": reviews.claim,
    "release": reviews.release,
    "undo": reviews.undo,
    "apply": reviews.apply,
    "close": threads.close,
    "edit-state": threads.edit_state,
    "fork": threads.fork,
    "assign": threads.assign,
    "worker": operators.worker,
    "audit": operators.audit,
    "verify": upkeep.verify,
    "backup": upkeep.backup,
    "restore": upkeep.restore,
    "prune": upkeep.prune,
    "export": exporting.export,
    "doctor": doctor.doctor,
}
for name, command in COMMANDS.items():
    app.command(name)(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given[: given.index("--") if "--" in given else None]
    with log_to_file():
        try:
            check_text(given)
            code = typer.main.get_command(app).main(args=given or ["--help"], prog_name=PROGRAM, standalone_mode=False)
        except ReviewError as error:
            show_error(as_json, **error.as_json())
            return error.exit_code
        except TyperException as error:
            show_error(as_json, code="bad_input", message=_usage_message(error))
            return 2
        except Exception:
            error_id = secrets.token_hex(4)
            log.exception("a command failed [%s]", error_id)
            message = f"Something went wrong that Countersign did not foresee. Look for {error_id} in the log."
            show_error(as_json, code="unexpected", message=message, error_id=error_id)
            return 1
    if code == INTERRUPTED:
        sys.stderr.write("Stopped. What was recorded is kept; an app or a worker goes on with it.\n")
    return code if isinstance(code, int) else 0


def _usage_message(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else PROGRAM
    return as_text(f"{error.format_message().rstrip()} See `{command} --help`.")
