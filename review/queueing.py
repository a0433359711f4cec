"""The queue as one person sees it, and what they leave on it: drafts, notes, views. Thin over the ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from review.ledger.drafts import Typed
from review.ledger.mentions import Mention
from review.ledger.notes import ReviewNote
from review.ledger.queries import QueueQuery
from review.ledger.queue import Page
from review.ledger.views import View
from review.names import same_name
from review.parts import Parts
from review.reviewers import Reviewer


class Queueing(Parts):
    """The verbs of the queue's page. Every method raises `ReviewError` subclasses alone."""

    def groups_of(self, name: str) -> tuple[str, ...]:
        """The groups of review.toml that the reviewer is in."""
        return tuple(
            group
            for group, members in self.settings.groups.items()
            if any(same_name(name, member) for member in members)
        )

    def queue(
        self,
        query: QueueQuery,
        me: str,
        *,
        after: str | None = None,
        since: datetime | None = None,
        limit: int = 50,
    ) -> Page:
        """A page of the queue, and what its tab has that was opened `since`; without a name yet, *mine* is empty."""
        return self.ledger.queue.page(query, me, self.groups_of(me), after=after, since=since, limit=limit)

    def save_draft(self, review_id: str, reviewer: Reviewer, version: str, field: str, value: Any) -> datetime:
        """Keep what the reviewer has typed so far; returns when that was on the disk."""
        return self.ledger.drafts.save(review_id, reviewer, version, field, value)

    def drafts(self, review_id: str, reviewer: Reviewer) -> dict[str, Typed]:
        """What the reviewer has typed and not submitted, by field."""
        return self.ledger.drafts.of(review_id, reviewer)

    def drafts_of(self, review_ids: Collection[str], reviewer: Reviewer) -> dict[str, dict[str, Typed]]:
        """The same of several reviews; those on which nothing was typed are not in it."""
        return self.ledger.drafts.of_several(review_ids, reviewer)

    def add_note(self, review_id: str, author: Reviewer, text: str, *, private: bool = False) -> ReviewNote:
        """Write a note on a review, for everybody or for oneself."""
        return self.ledger.notes.add(review_id, author, text, private=private)

    def notes(self, review_id: str, reader: str) -> list[ReviewNote]:
        """The notes on a review that the reader may see, oldest first."""
        return self.ledger.notes.of_review(review_id, reader)

    def mentions(self, name: str) -> list[Mention]:
        """The notes of others that mention the reviewer, on reviews that wait and that they have neither opened nor
        decided since; newest first."""
        return self.ledger.mentions.of(name)

    def views(self) -> list[View]:
        """The saved views, by name."""
        return self.ledger.views.all()

    def save_view(self, name: str, query: QueueQuery, reviewer: Reviewer) -> View:
        """Keep a way to look at the queue, in place of what had the name."""
        return self.ledger.views.save(name, query, reviewer)

    def remove_view(self, name: str, reviewer: Reviewer) -> None:
        """Forget a view."""
        self.ledger.views.remove(name, reviewer)
