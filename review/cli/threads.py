"""Commands on threads: start, cancel, list, show, close, edit the state, fork."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from review.cli.after import after, show_run
from review.cli.options import AsJson, NoWait, OwnName, ReviewerName, ThreadId, opened_desk, reviewer_of
from review.cli.output import excerpt, moment, show, table
from review.cli.reading import value_of
from review.errors import BadInput, ReviewError
from review.model import Review, Step, Thread
from review.views import review_json, step_json, thread_json, thread_start_json


def start(
    graph: Annotated[str, typer.Argument(metavar="GRAPH", help="A graph's name; `graphs` lists them.")],
    input: Annotated[str, typer.Option(metavar="JSON|@FILE", help="The graph's input.")],
    context: Annotated[str | None, typer.Option(metavar="JSON|@FILE", help="The run's context.")] = None,
    thread: Annotated[
        str | None, typer.Option(metavar="ID", help="A new thread's id, or a finished one to go on with.")
    ] = None,
    reviewer: OwnName = None,
    no_wait: NoWait = False,
    as_json: AsJson = False,
) -> None:
    """Start a graph, and run it until it pauses, finishes or fails."""
    who = reviewer_of(reviewer)
    if thread is not None and not thread.strip():
        raise BadInput("--thread is empty. Give it an id, or leave it out for a new thread.")
    given = value_of(input, "--input")
    lent = None if context is None else value_of(context, "--context")
    with opened_desk() as desk:
        started = desk.start(graph, given, who, context=lent, thread_id=thread)
        if not no_wait:
            desk.finish(started.id)
        found = after(desk, started.id, read=not no_wait)
    show_run(as_json, found)


def cancel(thread_id: ThreadId, reviewer: OwnName = None, as_json: AsJson = False) -> None:
    """Stop a thread's run, in whichever process it is, and wait until it has stopped."""
    who = reviewer_of(reviewer)
    with opened_desk() as desk:
        desk.cancel(thread_id, who)
        desk.finish(thread_id)
        found = after(desk, thread_id, read=True)
    show(as_json, found.as_json(), found.as_text())


def threads(
    limit: Annotated[int, typer.Option(min=1, help="How many at most, newest first.")] = 100, as_json: AsJson = False
) -> None:
    """List the threads, newest first."""
    with opened_desk() as desk:
        found = desk.ledger.threads.page(limit=limit)
        total = sum(desk.ledger.threads.counts().values())
    rows = [(t.id, t.graph, t.status, moment(t.updated_at), t.error or t.title) for t in found]
    text = table(("THREAD", "GRAPH", "STATUS", "UPDATED", "ABOUT"), rows, "There is no thread yet.")
    if total > len(found):
        text += f"\n{len(found)} of {total}; --limit shows more."
    show(as_json, [thread_json(thread) for thread in found], text)


def thread(thread_id: ThreadId, as_json: AsJson = False) -> None:
    """Show one thread: its reviews and its steps."""
    with opened_desk() as desk:
        found = desk.thread(thread_id)
        reviews = desk.ledger.reviews.of_thread(thread_id)
        steps: list[Step] = []
        unread = None
        try:
            steps = desk.steps(thread_id)
        except ReviewError as error:  # its graph is gone, or the checkpoints cannot be read; the rest still shows
            unread = error
    data: dict[str, Any] = thread_json(found) | thread_start_json(found)
    data["reviews"] = [review_json(review) for review in reviews]
    data["steps"] = [step_json(step) for step in steps]
    data["steps_error"] = unread.as_json() if unread else None
    show(as_json, data, _text(found, reviews, steps, unread))


def close(thread_id: ThreadId, reviewer: ReviewerName, as_json: AsJson = False) -> None:
    """End a thread without running it further."""
    who = reviewer_of(reviewer)
    with opened_desk() as desk:
        desk.close_thread(thread_id, who)
        found = after(desk, thread_id, read=True)
    show(as_json, found.as_json(), found.as_text())


def assign(
    thread_id: ThreadId,
    graph: Annotated[str, typer.Argument(metavar="GRAPH", help="The graph that the thread is of.")],
    reviewer: ReviewerName,
    as_json: AsJson = False,
) -> None:
    """Say which graph a thread is of that another program left waiting."""
    who = reviewer_of(reviewer)
    with opened_desk() as desk:
        desk.assign_graph(thread_id, graph, who)
        found = after(desk, thread_id, read=True)
    show(as_json, found.as_json(), found.as_text())


def edit_state(
    thread_id: ThreadId,
    values: Annotated[str, typer.Option(metavar="JSON|@FILE", help="State keys, and what they become.")],
    reviewer: ReviewerName,
    repeat_actions: Annotated[
        bool, typer.Option("--repeat-actions", help="Even if an action that ran once may then run again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Change the state of a thread that waits, and run it until it asks again."""
    who = reviewer_of(reviewer)
    given = value_of(values, "--values")
    with opened_desk() as desk:
        desk.edit_state(thread_id, given, who, repeat_actions=repeat_actions)
        desk.finish(thread_id)
        found = after(desk, thread_id, read=True)
    show_run(as_json, found)


def fork(
    thread_id: ThreadId,
    checkpoint: Annotated[str, typer.Option(metavar="ID", help="Where to begin; `thread THREAD --json` lists them.")],
    values: Annotated[
        str | None, typer.Option(metavar="JSON|@FILE", help="State keys, and what they become in the fork.")
    ] = None,
    reviewer: OwnName = None,
    repeat_actions: Annotated[
        bool, typer.Option("--repeat-actions", help="Even if an action that ran once may then run again.")
    ] = False,
    no_wait: NoWait = False,
    as_json: AsJson = False,
) -> None:
    """Begin a new thread where another one stood at a checkpoint, and run it on; the other stays as it is."""
    who = reviewer_of(reviewer)
    given = None if values is None else value_of(values, "--values")
    with opened_desk() as desk:
        forked = desk.fork(thread_id, checkpoint, who, values=given, repeat_actions=repeat_actions)
        if not no_wait:
            desk.finish(forked.id)
        found = after(desk, forked.id, read=not no_wait)
    show_run(as_json, found)


def _text(thread: Thread, reviews: list[Review], steps: list[Step], unread: ReviewError | None) -> str:
    ran = [(str(s.number), moment(s.at), ", ".join(s.nodes), ", ".join(s.changed)) for s in steps]
    asked = [(r.id, r.status, r.kind, r.decision.type if r.decision else "", r.title) for r in reviews]
    head = f"Thread {thread.id} of graph {thread.graph} is {thread.status}."
    blocks = [
        f"{head}\n{thread.error}" if thread.error else head,
        f"  input: {excerpt(thread.input)}",
        table(("REVIEW", "STATUS", "KIND", "DECISION", "TITLE"), asked, "It has asked nothing."),
        unread.message if unread else table(("STEP", "AT", "NODES", "CHANGED"), ran, "It has not run."),
    ]
    return "\n\n".join(blocks)
