"""Commands for operators: the graphs, the worker, the audit entries."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Annotated, Any, TextIO

import typer

from review.cli.logs import tell_on_stderr
from review.cli.options import AsJson, opened_desk
from review.cli.output import excerpt, moment, show, table, write
from review.desk import Desk
from review.errors import BadInput
from review.views import entries_csv, entry_json, graph_json


class _Stop(BaseException):
    """A signal asked the worker to stop."""


def graphs(as_json: AsJson = False) -> None:
    """List the registered graphs; one that could not be loaded says why."""
    with opened_desk() as desk:
        found = desk.graphs()
    rows = [(info.name, "failed" if info.error else "loaded", info.path, info.description) for info in found]
    text = table(("GRAPH", "STATUS", "PATH", "DESCRIPTION"), rows, "No graph is registered.")
    failures = [info.error for info in found if info.error]
    show(as_json, [graph_json(info) for info in found], "\n".join([text, *failures]))


def worker(
    once: Annotated[
        bool, typer.Option("--once", help="Take in what other programs left waiting, run what is due now, then end.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run what is recorded, until SIGTERM or Ctrl+C; then finish the steps under way."""
    screen = sys.stdout
    with tell_on_stderr(), opened_desk() as desk:
        if once:
            desk.discovery.look()
            ran = desk.relay.run_due()
            _tell(screen, as_json, {"ran": ran}, f"Ran {ran} thread{'' if ran == 1 else 's'}.")
            return
        _serve(desk, screen, as_json)
    _tell(screen, as_json, {"worker": "stopped"}, "Stopped.")
    _leave_behind()


def audit(
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="How many at most; without it, all.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what happened, newest first."""
    if as_csv and as_json:
        raise BadInput("--csv and --json are two forms of the same list; choose one.")
    with opened_desk() as desk:
        entries = desk.ledger.audit.entries(limit=limit)
    if as_csv:
        write(entries_csv(entries).removesuffix("\n"))
        return
    rows = [
        (moment(e.at), e.action, e.actor, e.review_id or e.thread_id or "", excerpt(e.detail) if e.detail else "")
        for e in entries
    ]
    text = table(("AT", "ACTION", "BY", "OF", "DETAIL"), rows, "Nothing has happened yet.")
    show(as_json, [entry_json(entry) for entry in entries], text)


def _leave_behind() -> None:
    """Python waits for every thread before it ends; here one is left only where a node does not return. Its thread's
    run is cut off, as by a crash, and everything else is closed."""
    if any(thread is not threading.main_thread() for thread in threading.enumerate()):
        sys.stderr.flush()
        os._exit(0)


def _serve(desk: Desk, screen: TextIO, as_json: bool) -> None:
    """Let the relay run, until SIGTERM or SIGINT."""
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in signals]
    names = desk.registry.names
    told = {"worker": "serving", "data_dir": str(desk.settings.data_dir), "graphs": names}
    try:
        for number in signals:
            signal.signal(number, _stop)
        desk.relay.start()
        _tell(screen, as_json, told, f"Serving {', '.join(names)} from {desk.settings.data_dir}.")
        while True:
            time.sleep(3600)
    except _Stop:
        return
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _stop(_number: int, _frame: object) -> None:
    raise _Stop


def _tell(screen: TextIO, as_json: bool, data: dict[str, Any], text: str) -> None:
    """One line now: whoever started the worker may wait for it."""
    write(json.dumps(data) if as_json else text, screen)
