"""Commands on reviews: list, show, decide, apply, claim, release, undo. They read and write the ledger alone, but for
the run that a decision sets off."""

from __future__ import annotations

from typing import Annotated

import typer

from review.cli.after import after, show_run
from review.cli.options import AsJson, NoWait, ReviewerName, ReviewId, TakeOver, opened_desk, reviewer_of
from review.cli.output import excerpt, moment, show, table
from review.cli.reading import value_of
from review.critical import confirmation_word
from review.deadlines import decided_at_the_end
from review.desk import Desk
from review.errors import BadInput, Changed, GraphNotFound, InvalidAnswer
from review.model import DecisionType, Review, ReviewStatus
from review.versions import ASKED_ANEW
from review.views import review_json


def queue(
    graph: Annotated[str | None, typer.Option(metavar="GRAPH", help="Only this graph's.")] = None,
    status: Annotated[ReviewStatus, typer.Option(help="Only those that stand so.")] = ReviewStatus.PENDING,
    limit: Annotated[int, typer.Option(min=1, help="How many at most, oldest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the reviews that wait, oldest first."""
    with opened_desk() as desk:
        found = desk.ledger.reviews.page(graph=graph, status=[status], limit=limit)
        if graph is not None and not found:
            _check_graph(desk, graph)
        total = desk.ledger.reviews.count(graph=graph, status=[status])
    columns = ("REVIEW", "GRAPH", "KIND", "SINCE", "DUE", "TITLE")
    rows = [(r.id, r.graph, r.kind, moment(r.created_at), moment(r.due_at), r.title) for r in found]
    text = table(columns, rows, f"No review is {status}.")
    if total > len(found):
        text += f"\n{len(found)} of {total}; --limit shows more."
    show(as_json, [review_json(review) for review in found], text)


def show_one(review_id: ReviewId, as_json: AsJson = False) -> None:
    """Show one review: what it asks, and what was decided."""
    with opened_desk() as desk:
        review = desk.review(review_id)
    _show_review(as_json, review)


def decide(
    review_id: ReviewId,
    decision: Annotated[DecisionType, typer.Argument(metavar="DECISION", help="One that the review offers.")],
    reviewer: ReviewerName,
    value: Annotated[
        str | None, typer.Option(metavar="JSON|@FILE", help="The edit, or with `answer` the value for the graph.")
    ] = None,
    message: Annotated[str, typer.Option(metavar="TEXT", help="Why, or which changes are asked for.")] = "",
    version: Annotated[
        str | None,
        typer.Option(metavar="V", help="The version that was looked at; without it, the one that is pending now."),
    ] = None,
    undo_seconds: Annotated[
        float, typer.Option(min=0, metavar="N", help="With --no-wait: how long `undo` can take it back first.")
    ] = 0,
    key: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="A name of your own; sent again with the same one, it is one decision."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="One of the graph's reasons, where review.toml lists them.")
    ] = None,
    confirm: Annotated[
        str | None, typer.Option(metavar="WORD", help="What lets a critical review through: the name of its graph.")
    ] = None,
    take_over: TakeOver = False,
    no_wait: NoWait = False,
    as_json: AsJson = False,
) -> None:
    """Decide a review, and run its thread until it pauses again, finishes or fails."""
    who = reviewer_of(reviewer)
    if decision == DecisionType.ANSWER and value is None:
        raise BadInput("`answer` gives the graph a value as it is; say which: --value JSON or --value @FILE.")
    if undo_seconds and not no_wait:
        raise BadInput(
            "`--undo-seconds` goes with `--no-wait`: a command that waits for the graph applies the decision at once."
        )
    given = None if value is None else value_of(value, "--value")
    with opened_desk() as desk:
        review = desk.decide(
            review_id,
            decision.value,
            who,
            value=given,
            message=message,
            version=version,
            undo_seconds=undo_seconds,
            reason=reason,
            confirmation=confirm,
            take_over=take_over,
            key=key,
        )
        if not no_wait:
            desk.finish(review.thread_id, review_id)
            _check_taken(desk.review(review_id))
        found = after(desk, review.thread_id, read=not no_wait)
    show_run(as_json, found)


def claim(review_id: ReviewId, reviewer: ReviewerName, take_over: TakeOver = False, as_json: AsJson = False) -> None:
    """Reserve a review, so that nobody else decides it meanwhile."""
    who = reviewer_of(reviewer)
    with opened_desk() as desk:
        review = desk.claim(review_id, who, take_over=take_over)
    _show_review(as_json, review)


def release(review_id: ReviewId, reviewer: ReviewerName, as_json: AsJson = False) -> None:
    """Give a claimed review back to the queue."""
    who = reviewer_of(reviewer)
    with opened_desk() as desk:
        review = desk.release(review_id, who)
    _show_review(as_json, review)


def undo(review_id: ReviewId, reviewer: ReviewerName, as_json: AsJson = False) -> None:
    """Take a decision back that was made with `--undo-seconds`, or in the app, and is not applied yet."""
    who = reviewer_of(reviewer)
    with opened_desk() as desk:
        review = desk.undo(review_id, who)
    _show_review(as_json, review)


def apply(review_id: ReviewId, reviewer: ReviewerName, no_wait: NoWait = False, as_json: AsJson = False) -> None:
    """Apply a decision now that could still be undone."""
    who = reviewer_of(reviewer)
    with opened_desk() as desk:
        review = desk.apply_now(review_id, who)
        if not no_wait:
            desk.finish(review.thread_id, review_id)
        found = after(desk, review.thread_id, read=not no_wait)
    show_run(as_json, found)


def _check_graph(desk: Desk, graph: str) -> None:
    """An empty list for a mistyped name would mislead. A graph that is gone may still have reviews."""
    if graph not in desk.registry.names and not desk.ledger.reviews.count(graph=graph, status=()):
        known = ", ".join(desk.registry.names) or "none"
        raise GraphNotFound(f"There is no graph {graph!r}. The registered graphs are: {known}.")


def _check_taken(review: Review) -> None:
    """Whether the graph has the decision; where it could not take it, the review itself says so."""
    if review.status == ReviewStatus.PENDING and review.error == ASKED_ANEW:
        raise Changed(
            f"{review.error} Review {review.label} is pending again; look at it, then decide anew.",
            review_id=review.id,
            version=review.version,
        )
    if review.status == ReviewStatus.PENDING and review.error:
        raise InvalidAnswer(
            f"The graph refused the answer to review {review.label}: {review.error} It is pending again; decide anew.",
            review_id=review.id,
            version=review.version,
        )
    if review.status == ReviewStatus.SUPERSEDED:
        raise Changed(
            f"Review {review.label} was superseded before the decision reached the graph: its thread had moved on.",
            review_id=review.id,
            version=review.version,
        )


def _show_review(as_json: bool, review: Review) -> None:
    show(as_json, review_json(review), _text(review))


def _at_the_end(review: Review) -> str:
    """What the desk does when the review is due."""
    if review.due_at is None or review.status != ReviewStatus.PENDING:
        return ""
    made = decided_at_the_end(review)
    return f"{made} by the desk, {moment(review.due_at)}" if made else f"escalated, {moment(review.due_at)}"


def _text(review: Review) -> str:
    request = review.request
    facts: dict[str, object] = {
        "review": review.id,
        "status": review.status.value,
        "graph": f"{review.graph}, node {review.node or '?'} ({review.kind})",
        "thread": review.thread_id,
        "version": review.version,
        "since": moment(review.created_at),
        "due": moment(review.due_at),
        "if nobody decides": _at_the_end(review),
        "critical": f"to let it through: --confirm {confirmation_word(review)}" if review.critical else "",
        "priority": review.priority,
        "escalated to": review.escalated_to,
        "assignee": review.assignee,
        "decisions": ", ".join(request.allowed_decisions),
        "error": review.error,
        **{str(name): excerpt(value) for name, value in request.details.items()},
    }
    if (made := review.decision) is not None:
        facts["decision"] = f"{made.type} by {made.reviewer}, {moment(made.decided_at)} {excerpt(made.message)}"
    blocks = [
        review.title,
        "\n".join(f"  {name}: {told}".rstrip() for name, told in facts.items() if told),
        *request.problems,
        request.description,
        request.subject if isinstance(request.subject, str) else excerpt(request.subject),
    ]
    return "\n\n".join(block for block in blocks if block)
