"""Several reviews at once: decided, taken back, claimed, assigned. Each by itself, with a result of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from review.answers import draft_of
from review.critical import left_out
from review.deciding import Deciding, said_why
from review.errors import NotFound, ReviewError, ReviewNotFound
from review.ledger.audit import new_id
from review.ledger.claims import free_for_now, refusal_of
from review.ledger.decisions import Item, decision_id
from review.model import Review, ReviewStatus
from review.reviewers import Reviewer

# What one transaction takes; a thread's reviews are never parted.
TOGETHER = 50

Shown = tuple[str, str | None]


@dataclass(frozen=True)
class Result:
    """What became of one of several: the review as it is now, or why nothing was done to it."""

    review_id: str
    review: Review | None = None
    error: ReviewError | None = None

    @property
    def done(self) -> bool:
        return self.error is None


@dataclass(frozen=True)
class Batch:
    """What was done at once, under an id by which it can be taken back together."""

    id: str
    results: tuple[Result, ...]

    @property
    def done(self) -> int:
        """How many of them were done."""
        return sum(result.done for result in self.results)


class Bulk(Deciding):
    """The verbs on several reviews. What is refused of one is in its result; nothing is raised for it."""

    def shared_reasons(self, graphs: Collection[str]) -> tuple[str, ...]:
        """Those that each of these graphs takes; where one has no list, any will do for it."""
        lists = [reasons for graph in dict.fromkeys(graphs) if (reasons := self.reasons(graph))]
        return tuple(reason for reason in lists[0] if all(reason in each for each in lists)) if lists else ()

    def preview_many(
        self, items: Sequence[Shown], type: str, reviewer: Reviewer, *, message: str = "", reason: str | None = None
    ) -> tuple[Result, ...]:
        """What `decide_many` would do now, with nothing recorded: a result without an error would be decided."""
        drafted = self._drafted(items, type, reviewer, message, reason, 0, new_id("batch"))
        return tuple(_foreseen(each, reviewer) for each in drafted)

    def decide_many(
        self,
        items: Sequence[Shown],
        type: str,
        reviewer: Reviewer,
        *,
        message: str = "",
        reason: str | None = None,
        undo_seconds: float = 0,
        batch: str | None = None,
    ) -> Batch:
        """Record the same decision on each review at the version that was shown of it (None: the one pending now),
        each by the same compare-and-set as alone. Critical reviews are left out.

        The reviews of one thread reach its graph in one run. Who sends the same `batch` again gets the decisions that
        were made with it.
        """
        name = batch or new_id("batch")
        drafted = self._drafted(items, type, reviewer, message, reason, undo_seconds, name)
        results: dict[str, Result] = {}
        for together in _parted([each for each in drafted if isinstance(each, _Drafted)]):
            made = self.ledger.decisions.decide_together([each.item for each in together], reviewer)
            for each, outcome in zip(together, made, strict=True):
                results[each.review.id] = _result(each.review.id, outcome)
            for thread_id in {each.review.thread_id for each in together if not undo_seconds}:
                self._wake(thread_id)
        listed = (each if isinstance(each, Result) else results[each.review.id] for each in drafted)
        return Batch(name, tuple(listed))

    def undo_batch(self, batch: str, reviewer: Reviewer) -> Batch:
        """Take back what can be taken back of a batch. Raises `NotFound` where none of its decisions stands."""
        outcomes = self.ledger.undo.withdraw_batch(batch, reviewer)
        if not outcomes:
            raise NotFound(f"No decision of the batch {batch!r} stands: all were taken back, or there was none.")
        return Batch(batch, tuple(_result(review_id, outcome) for review_id, outcome in outcomes.items()))

    def preview_claims(self, review_ids: Sequence[str], to: str, *, take_over: bool = False) -> tuple[Result, ...]:
        """What `claim_many` by a reviewer of that name, or `assign` to it, would do now, with nothing changed. A result
        has the review as it is, whoever holds it."""
        name = Reviewer(to).name
        found = self.ledger.reviews.some(list(review_ids))
        return tuple(_reservable(each, found.get(each), name, take_over) for each in dict.fromkeys(review_ids))

    def claim_many(
        self, review_ids: Sequence[str], reviewer: Reviewer, *, take_over: bool = False, batch: str | None = None
    ) -> Batch:
        """Reserve each for the reviewer; with `take_over`, also from who has claimed it."""
        name, lasts, claims = batch or new_id("batch"), self.settings.claim_seconds, self.ledger.claims
        return _each(
            name, review_ids, lambda each: claims.claim(each, reviewer, lasts, take_over=take_over, batch=name)
        )

    def assign(
        self,
        review_ids: Sequence[str],
        to: str,
        reviewer: Reviewer,
        *,
        seconds: float | None = None,
        take_over: bool = False,
        batch: str | None = None,
    ) -> Batch:
        """Reserve each for somebody else, for `seconds` (the setting's); with `take_over`, also what is claimed."""
        holder, name, claims = Reviewer(to).name, batch or new_id("batch"), self.ledger.claims
        lasts = self.settings.claim_seconds if seconds is None else seconds
        return _each(
            name,
            review_ids,
            lambda each: claims.assign(each, holder, reviewer, lasts, take_over=take_over, batch=name),
        )

    def undo_claims(self, made: Batch, reviewer: Reviewer) -> Batch:
        """Have what `claim_many` or `assign` reserved be whose it was before; what was no change then is left out.
        Who was given a review and has it open keeps it."""
        ids = [result.review_id for result in made.results if result.done]
        outcomes = self.ledger.claims.withdraw_batch(made.id, ids, reviewer, self.settings.browser_seconds)
        return Batch(made.id, tuple(_result(review_id, outcome) for review_id, outcome in outcomes.items()))

    def _drafted(
        self,
        items: Sequence[Shown],
        type: str,
        reviewer: Reviewer,
        message: str,
        reason: str | None,
        undo_seconds: float,
        batch: str,
    ) -> list[_Drafted | Result]:
        """For each item, once: the draft that would be recorded, or why there can be none."""
        shown = dict(items)
        found = self.ledger.reviews.some(list(shown))
        drafted: list[_Drafted | Result] = []
        for review_id, version in shown.items():
            review = found.get(review_id)
            if review is None:
                drafted.append(_gone(review_id))
                continue
            try:
                if review.critical:
                    raise left_out(review)
                told = self._told(review, reason, None)
                draft = draft_of(review, type, None, said_why(type, message, told), reviewer.name)
            except ReviewError as error:
                drafted.append(Result(review_id, review, error))
                continue
            version = version or review.version
            draft_id = decision_id(review_id, version, batch)
            draft = replace(draft, **told, batch=batch, id=draft_id, undo_seconds=undo_seconds)
            drafted.append(_Drafted(review, Item(review_id, version, draft)))
        return drafted


@dataclass(frozen=True)
class _Drafted:
    review: Review
    item: Item


def _foreseen(each: _Drafted | Result, reviewer: Reviewer) -> Result:
    if isinstance(each, Result):
        return each
    review, version = each.review, each.item.version
    if free_for_now(review, version, reviewer.name):
        return Result(review.id, review)
    return Result(review.id, review, refusal_of(review, version))


def _reservable(review_id: str, review: Review | None, name: str, take_over: bool) -> Result:
    if review is None:
        return _gone(review_id)
    taken = take_over and review.status == ReviewStatus.PENDING
    if taken or free_for_now(review, review.version, name):
        return Result(review_id, review)
    return Result(review_id, review, refusal_of(review, review.version))


def _gone(review_id: str) -> Result:
    return Result(review_id, error=ReviewNotFound(f"There is no review {review_id!r} any more."))


def _parted(drafted: Sequence[_Drafted]) -> Iterator[list[_Drafted]]:
    """Some at a time, those of one thread always together."""
    threads: dict[str, list[_Drafted]] = {}
    for each in drafted:
        threads.setdefault(each.review.thread_id, []).append(each)
    together: list[_Drafted] = []
    for of_thread in threads.values():
        if together and len(together) + len(of_thread) > TOGETHER:
            yield together
            together = []
        together = [*together, *of_thread]
    if together:
        yield together


def _each(batch: str, review_ids: Sequence[str], act: Callable[[str], Review]) -> Batch:
    results = []
    for review_id in dict.fromkeys(review_ids):
        try:
            results.append(Result(review_id, act(review_id)))
        except ReviewError as error:
            results.append(Result(review_id, error=error))
    return Batch(batch, tuple(results))


def _result(review_id: str, outcome: Review | ReviewError) -> Result:
    return Result(review_id, error=outcome) if isinstance(outcome, ReviewError) else Result(review_id, outcome)
