"""`ApprovalQueue`: a compiled graph's reviews, decided by a plain script, with the code that serves the pages."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.approving import check_counted, check_offered, chosen, jsonable, what_approve_says
from review.model import ENDED, DecisionType, Review, ReviewStatus, Thread, ThreadStatus
from review.own_graph import OwnGraph
from review.reviewers import Reviewer

PAGE = 500


@dataclass(frozen=True)
class Standing:
    """Where a thread stands: its status, the graph's values with their own types, the reviews that wait, and the
    error of a failed run."""

    thread_id: str
    status: ThreadStatus
    values: Any
    reviews: list[Review]
    error: str | None = None


class ApprovalQueue(OwnGraph):
    """The reviews of one compiled graph, which keeps its own checkpointer, serialiser and store.

    ledger: None for one in memory, else a database URL, a path, or a `Ledger`, which stays the caller's to close. With
    one that lasts, and a checkpointer that lasts, another queue goes on where this one ended; what a killed script left
    undone is done first, before the constructor returns. Graphs that share a ledger need names of their own:
    `compile(name=...)`.

    reviewer: who decides unless a verb says otherwise; without one, the name of the system's user. Nobody is signed in.

    Each verb runs the graph on until it pauses again, ends or fails, and returns a `Standing`. A run that fails raises
    nothing: the failure is a pending review of kind `failed`, which `retry` takes. What raises is a verb whose decision
    did not count: `NothingPending`, `SeveralPending`, `AlreadyDecided`, `Changed`, `DecisionNotAllowed`,
    `InvalidAnswer`, `ResumeFailed`. Where several reviews of a thread wait, `review` says which: its id, or the
    `Review` itself, which also makes sure that it is still as it was shown.

    Nodes run on the caller's thread where the checkpointer has synchronous methods alone. Inputs and contexts may be
    any objects while this queue lives; a later one has them as plain JSON, of which LangGraph makes the graph's
    `context_schema` again.
    """

    @property
    def pending(self) -> dict[str, list[Review]]:
        """What waits for a person, by thread id, oldest first."""
        waiting: dict[str, list[Review]] = defaultdict(list)
        after = None
        while page := self._open.ledger.reviews.page(graph=self._name, after=after, limit=PAGE):
            for review in page:
                waiting[review.thread_id].append(review)
            after = page[-1].created_at, page[-1].id
        return dict(waiting)

    def submit_for_approval(self, data: Any, *, context: Any = None) -> str:
        """Start a thread and run it until it pauses, ends or fails; return its id."""
        thread_id = str(uuid.uuid4())
        desk = self._open
        self._kept.inputs[thread_id] = data
        if context is not None:
            self._kept.contexts[thread_id] = context
        try:
            desk.start(self._name, data, Reviewer(self.reviewer), context=context, thread_id=thread_id)
        except BaseException:
            self._kept.forget(thread_id)
            raise
        self.finish(thread_id)
        return thread_id

    def approve(
        self,
        thread_id: str,
        data: Any = None,
        *,
        review: Review | str | None = None,
        reviewer: str | None = None,
        confirmation: str | None = None,
    ) -> Standing:
        """Approve what waits; a breakpoint is continued.

        data is the answer as the graph gets it, verbatim, once it was checked; `notes` in it are recorded as the
        message. `{"approved": True, "notes": "Verified"}` answers the specification's questions so. Where the graph
        gave a response schema with a verdict field of its own, data without that field are its other fields, and
        `approved` and `notes` mean what they say. Data that mean something else than approval are refused. A critical
        review, whose payload says `critical: true`, needs `confirmation`: the error says which.
        """
        found = self._chosen(thread_id, review)
        type, value, message = what_approve_says(found, data)
        return self._decided(found, type, value, message, review, reviewer, confirmation)

    def reject(
        self, thread_id: str, reason: str, *, review: Review | str | None = None, reviewer: str | None = None
    ) -> Standing:
        """Reject what waits: the graph goes on along its reject path. A breakpoint has none and refuses."""
        return self.decide(thread_id, DecisionType.REJECT, message=reason, review=review, reviewer=reviewer)

    def edit(
        self,
        thread_id: str,
        content: Any,
        *,
        review: Review | str | None = None,
        reviewer: str | None = None,
        confirmation: str | None = None,
    ) -> Standing:
        """Approve with `content` in place of what was shown."""
        kind = DecisionType.EDIT
        return self.decide(thread_id, kind, value=content, review=review, reviewer=reviewer, confirmation=confirmation)

    def retry(self, thread_id: str, *, review: Review | str | None = None, reviewer: str | None = None) -> Standing:
        """Run a failed node again, or apply a decision again that the graph could not take."""
        return self.decide(thread_id, DecisionType.RETRY, review=review, reviewer=reviewer)

    def decide(
        self,
        thread_id: str,
        type: str,
        *,
        value: Any = None,
        message: str = "",
        review: Review | str | None = None,
        reviewer: str | None = None,
        confirmation: str | None = None,
    ) -> Standing:
        """Any decision that the review offers (its `request.allowed_decisions`), or `answer` with a verbatim value."""
        found = self._chosen(thread_id, review, retry=type == DecisionType.RETRY)
        return self._decided(found, type, value, message, review, reviewer, confirmation)

    def edit_state(self, thread_id: str, values: Mapping[str, Any], *, reviewer: str | None = None) -> Standing:
        """Change the state of a thread that waits; what it asked is asked anew."""
        self._thread(thread_id)
        self._open.edit_state(thread_id, values, self._who(reviewer))
        return self.finish(thread_id)

    def close_thread(self, thread_id: str, *, reviewer: str | None = None) -> Standing:
        """End a thread without running it further."""
        self._thread(thread_id)
        self._open.close_thread(thread_id, self._who(reviewer))
        return self.finish(thread_id)

    def finish(self, thread_id: str) -> Standing:
        """Run the thread on until it waits for a person or is over, as after an interrupted script; a thread that does
        so already stays as it is."""
        self._thread(thread_id)
        return self._standing(self._open.finish(thread_id))

    def _chosen(self, thread_id: str, wanted: Review | str | None, *, retry: bool = False) -> Review:
        thread = self._thread(thread_id)
        return chosen(thread, self._open.ledger.reviews.of_thread(thread_id), wanted, retry)

    def _decided(
        self,
        found: Review,
        type: str,
        value: Any,
        message: str,
        shown: Review | str | None,
        reviewer: str | None,
        confirmation: str | None,
    ) -> Standing:
        """Decide, run on, and see that the decision counted."""
        check_offered(found, type)
        value = jsonable(found, value)
        self._check_state(found)
        desk = self._open
        version = shown.version if isinstance(shown, Review) else found.version
        made = desk.decide(
            found.id,
            type,
            self._who(reviewer),
            value=value,
            message=message,
            version=version,
            undo_seconds=0,
            confirmation=confirmation,
        )
        thread = desk.finish(found.thread_id, found.id)
        check_counted(made, desk.review(found.id))
        return self._standing(thread)

    def _standing(self, thread: Thread) -> Standing:
        desk = self._open
        if thread.status in ENDED:
            self._kept.forget(thread.id)
        waiting = desk.ledger.reviews.of_thread(thread.id, status=(ReviewStatus.PENDING,))
        return Standing(thread.id, thread.status, desk.state(thread.id).values, waiting, thread.error)
