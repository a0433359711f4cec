"""The revisions of what a node puts under review in one thread: as the graph brought each, and as it was edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from review.model import DecisionType, Review

NUMBER = "Revision"  # under which a graph may name the number itself, in the request's details


@dataclass(frozen=True)
class Revision:
    """One state of it: what `review` asked about, or what `editor` made of that in deciding it. Of two with the same
    number the later one was `again` asked about, after its thread's state was edited, say."""

    review: Review
    number: int
    value: Any
    editor: str = ""
    again: bool = False

    @property
    def id(self) -> str:
        return f"{self.review.id}/edited" if self.editor else self.review.id

    @property
    def label(self) -> str:
        asked = f"Revision {self.number}" + ", asked again" * self.again
        return f"{asked}, as {self.editor} edited it" if self.editor else asked


def asked_before(review: Review, reviews: Sequence[Review]) -> list[Review]:
    """Of the thread's reviews those in which the same node asked the same before, oldest first; not what it asks
    beside this one, in the same step. Of a step in which it asked several things, the one of the same title."""
    steps: dict[str | None, list[Review]] = {}
    for other in reviews:
        if other.node == review.node and other.created_at < review.created_at:
            steps.setdefault(other.checkpoint_id, []).append(other)
    steps.pop(review.checkpoint_id, None)
    return [
        other
        for asked in steps.values()
        for other in asked
        if len(asked) == 1 or other.title == review.title
    ]  # fmt: skip


def revisions_of(reviews: Sequence[Review]) -> list[Revision]:
    """The revisions that these reviews, oldest first, have been about, those without a subject left out."""
    found: list[Revision] = []
    numbers: set[int] = set()
    for count, review in enumerate(reviews, 1):
        own = review.request.details.get(NUMBER)
        number = own if type(own) is int else count
        value, made = review.request.subject, review.decision
        if value is None:
            continue
        found.append(Revision(review, number, value, again=number in numbers))
        if made is not None and made.type == DecisionType.EDIT and made.value is not None:
            found.append(Revision(review, number, made.value, made.reviewer, number in numbers))
        numbers.add(number)
    return found


def revisions_by_node(reviews: Sequence[Review]) -> dict[str, list[Revision]]:
    """Of a thread's reviews those of each node that has put something under review more than once."""
    by_node: dict[str, list[Review]] = {}
    for review in reviews:
        by_node.setdefault(review.node, []).append(review)
    found = {node: revisions_of([*asked_before(asked[-1], asked), asked[-1]]) for node, asked in by_node.items()}
    return {node: revisions for node, revisions in found.items() if len(revisions) > 1}
