"""A desk for a script: one graph of the caller's own, on the caller's checkpointer, with a ledger of any kind."""

from __future__ import annotations

import getpass
import threading
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from review.actions import LEDGER_KEY, OWNER_KEY
from review.desk import Desk
from review.engine.calls import Kept
from review.engine.own import check_compiled, engine_over
from review.ledger import MEMORY, Ledger
from review.owners import Owner
from review.settings import load_settings

# More than a script leaves behind; what is beyond is found the next time.
LEFT = 100_000


def desk_over(graph: Any, ledger: Ledger | str | Path | None, kept: Kept) -> Desk:
    """Raises `BadInput` or `NoCheckpointer` for a graph that cannot be served."""
    check_compiled(graph)
    settings = load_settings()
    url = None if isinstance(ledger, Ledger) else _url(ledger)
    book = Ledger(url, lock_seconds=settings.lock_seconds) if url else ledger
    assert isinstance(book, Ledger)
    try:
        lent: dict[str, Any] = {LEDGER_KEY: book}
        registry, engine = engine_over(graph, graph.name, lent=lent, kept=kept)
        lent[OWNER_KEY] = owner = Owner(_folder(url))
    except BaseException:
        if url:
            book.close()
        raise
    desk = Desk(settings, book, owner, registry=registry, engine=engine)
    try:
        _run_what_is_left(desk, owner, graph.name)
    except BaseException:
        desk.close(ledger=bool(url))
        raise
    return desk


def close_desk(desk: Desk, ledger: bool) -> None:
    """Close a forgotten desk: the garbage collector may find it on one of its own threads, which cannot end itself."""
    if threading.current_thread() is threading.main_thread():
        desk.close(ledger=ledger)
    else:
        threading.Thread(target=desk.close, kwargs={"ledger": ledger}, name="review-closing").start()


def user_name() -> str:
    """The system's name of who runs the script."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no account, as in some containers
        return "unknown"


def _run_what_is_left(desk: Desk, owner: Owner, graph: str) -> None:
    """Carry out what a killed script had recorded: starts, decisions, and runs that were under way."""
    threads = desk.ledger.threads
    for thread_id in desk.relay.due(LEFT):
        if threads.get(thread_id).graph == graph:
            desk.finish(thread_id)


def _url(ledger: str | Path | None) -> str:
    if ledger is None:
        return MEMORY
    return ledger if isinstance(ledger, str) and "://" in ledger else f"sqlite:///{Path(ledger)}"


def _folder(url: str | None) -> Path | None:
    """Where processes that share a ledger's file tell each other that they live: beside it, as for the app's."""
    if not url or make_url(url).get_backend_name() != "sqlite":
        return None
    file = make_url(url).database
    return Path(file).parent / "owners" if file and file != ":memory:" else None
