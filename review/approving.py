"""What the verbs of an approval queue mean for a review: which one, which decision, and the sentences of a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from review.dialects import dialect_named
from review.dialects.shapes import shapes_of
from review.errors import (
    AlreadyDecided,
    Changed,
    DecisionNotAllowed,
    InvalidAnswer,
    NothingPending,
    ResumeFailed,
    ReviewNotFound,
    SeveralPending,
)
from review.model import DecisionType, Review, ReviewKind, ReviewStatus, Thread, ThreadStatus
from review.plain import is_plain
from review.times import iso
from review.versions import ASKED_ANEW

AGAINST = (DecisionType.REJECT, DecisionType.IGNORE)
Said = tuple[str, Any, str]  # type, value, message


def chosen(thread: Thread, reviews: Sequence[Review], wanted: Review | str | None, retry: bool) -> Review:
    """The review that a verb means. Raises the error that says why there is none."""
    if wanted is not None:
        return _the_one(reviews, thread.id, wanted)
    waiting = [review for review in reviews if review.status == ReviewStatus.PENDING]
    if retry:
        failed = [review for review in waiting if review.kind == ReviewKind.FAILED]
        waiting = failed + [review for review in reviews if review.status == ReviewStatus.RESUME_FAILED] or waiting
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        raise _several(waiting, thread.id)
    refusal = _already_decided(reviews) if thread.status != ThreadStatus.CLOSED else None
    raise refusal or NothingPending(
        f"Thread {thread.id} is {thread.status} and has nothing pending. `pending` has the threads that wait."
    )


def _the_one(reviews: Sequence[Review], thread_id: str, wanted: Review | str) -> Review:
    """The review of the thread that the caller named."""
    wanted_id = wanted if isinstance(wanted, str) else wanted.id
    for review in reviews:
        if review.id == wanted_id:
            return review
    raise ReviewNotFound(f"Thread {thread_id} has no review {wanted_id!r}. `pending` has those that wait.")


def _several(waiting: Sequence[Review], thread_id: str) -> SeveralPending:
    told = "; ".join(f"{review.id} ({review.node}: {review.title})" for review in waiting)
    return SeveralPending(
        f"Thread {thread_id} has {len(waiting)} reviews pending: {told}. Say which one with review=.",
        reviews=[review.id for review in waiting],
    )


def _already_decided(reviews: Sequence[Review]) -> AlreadyDecided | None:
    """For a thread where nothing waits: who decided last."""
    decided = [(review.decision.decided_at, review, review.decision) for review in reviews if review.decision]
    if not decided:
        return None
    at, review, made = max(decided, key=lambda each: each[0])
    stuck = " The graph could not take it; `retry` applies it again." * (review.status == ReviewStatus.RESUME_FAILED)
    return AlreadyDecided(
        f"{made.reviewer} decided review {review.label} already: {made.type}, {at:%Y-%m-%d %H:%M:%S} UTC.{stuck}"
        f" Nothing else of thread {review.thread_id} is pending.",
        review_id=review.id,
        decision=made.type,
        reviewer=made.reviewer,
        decided_at=iso(at),
    )


def what_approve_says(review: Review, data: Any) -> Said:
    """The rule of `ApprovalQueue.approve`: see there."""
    if review.kind == ReviewKind.BREAKPOINT:
        return _continue(review, data)
    if data is None or review.kind == ReviewKind.FAILED:
        return DecisionType.APPROVE, data, ""
    data = jsonable(review, data)
    fields = data if isinstance(data, dict) else {}
    notes = fields.get("notes")
    message = notes if isinstance(notes, str) else ""
    schema = review.request.response_schema
    shape = shapes_of(schema).get(DecisionType.APPROVE) if schema else None
    if shape and shape.verdict and shape.verdict not in fields and isinstance(data, dict):
        if fields.get("approved", True) is not True:
            raise _contradiction(review)
        said = {name for name in ("approved", "notes") if name not in shape.properties}
        rest = {name: item for name, item in data.items() if name not in said}
        return DecisionType.APPROVE, rest or None, message
    meant = dialect_named(review.dialect).meaning(review, data)
    asked_for_changes = meant == DecisionType.RESPOND and shape is not None
    if meant in AGAINST or asked_for_changes or fields.get("approved") is False:
        raise _contradiction(review)
    return DecisionType.ANSWER, data, message


def check_offered(review: Review, type: str) -> None:
    """What a script tries first on a pause that is no question, with the way that there is."""
    if type not in (DecisionType.APPROVE, DecisionType.EDIT, DecisionType.REJECT):
        return
    if review.kind == ReviewKind.BREAKPOINT:
        raise DecisionNotAllowed(
            f"Thread {review.thread_id} stands at a breakpoint ({review.title}), where there is nothing to {type}. "
            "`approve` continues it, `edit_state` changes the state first, `close_thread` ends it here.",
            review_id=review.id,
        )
    if review.kind == ReviewKind.FAILED:
        raise DecisionNotAllowed(
            f"Thread {review.thread_id} failed at {review.node or 'its start'}, so there is nothing to {type}. "
            "`retry` runs it again, `edit_state` changes the state first, `close_thread` ends it here.",
            review_id=review.id,
        )


def jsonable(review: Review, value: Any) -> Any:
    """The ledger keeps answers as JSON; what would come back as something else is refused. A Pydantic model answers a
    response schema, from which the graph makes it again."""
    if isinstance(value, BaseModel) and review.request.response_schema:
        value = value.model_dump(mode="json")
    if not is_plain(value):
        raise InvalidAnswer(
            f"The answer to review {review.label} is not plain JSON ({type(value).__name__}). Give it as dicts with "
            "text keys, lists, text, numbers, true, false and None.",
            review_id=review.id,
        )
    return value


def check_counted(made: Review, after: Review) -> None:
    """Whether the graph took the decision. Raises the error that says why not."""
    if after.status == ReviewStatus.RESUME_FAILED:
        raise ResumeFailed(
            f"The decision on review {after.label} is recorded, and the graph could not take it: {after.error} "
            "When that is mended, `retry` applies it again.",
            review_id=after.id,
        )
    if after.status == ReviewStatus.SUPERSEDED:
        raise Changed(
            f"Thread {after.thread_id} moved on without review {after.label}, so the decision had no effect. "
            "`pending` has what waits now.",
            review_id=after.id,
        )
    if after.decision is None and after.error == ASKED_ANEW:
        raise Changed(f"{after.error} Review {after.label} is pending again; look at it anew.", review_id=after.id)
    if after.decision is None or made.decision is None or after.decision.id != made.decision.id:
        why = f": {after.error}" if after.error else "."
        raise InvalidAnswer(
            f"The graph refused this answer{why} Review {after.label} is pending again.", review_id=after.id
        )


def _continue(review: Review, data: Any) -> Said:
    """A breakpoint takes no answer, but the specification's scripts approve it with notes."""
    fields = data if isinstance(data, dict) else {}
    if data is not None and (not isinstance(data, dict) or set(fields) - {"approved", "notes"}):
        raise InvalidAnswer(
            f"Thread {review.thread_id} stands at a breakpoint, which takes no data. `edit_state` changes its state; "
            "approve it without data then.",
            review_id=review.id,
        )
    if fields.get("approved", True) is not True:
        raise _contradiction(review)
    return DecisionType.CONTINUE, None, str(fields.get("notes") or "")


def _contradiction(review: Review) -> DecisionNotAllowed:
    return DecisionNotAllowed(
        f"The data for review {review.label} do not mean approval, so nothing was recorded. `reject` rejects, `decide` "
        "takes any other decision.",
        review_id=review.id,
    )
