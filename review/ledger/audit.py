"""The audit entries: written inside the transaction of what they tell, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, insert, select

from review.ledger.database import TOLD, Database
from review.ledger.rows import entry_of
from review.ledger.tables import audit
from review.model import AuditEntry, Review, now
from review.reviewers import SYSTEM, Reviewer

_columns = [audit.c[part.name] for part in fields(AuditEntry)]


def new_id(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:16]}"


@dataclass(frozen=True)
class Note:
    """Writes entries of one user action on one connection, so that they share a group."""

    connection: Connection
    actor: Reviewer = SYSTEM
    group: str = field(default_factory=lambda: new_id("group"))

    def of_thread(self, action: str, thread_id: str, graph: str, example: bool = False, **detail: Any) -> None:
        self._write(action, thread_id=thread_id, graph=graph, example=example, detail=detail)

    def of_review(self, action: str, review: Review, **detail: Any) -> None:
        detail = {"title": review.title, "node": review.node} | detail
        self._write(
            action,
            thread_id=review.thread_id,
            review_id=review.id,
            graph=review.graph,
            example=review.example,
            detail=detail,
            decision=review.decision.id if review.decision else None,
        )

    def of_desk(self, action: str, **detail: Any) -> None:
        """What is about no thread."""
        self._write(action, detail=detail)

    def _write(self, action: str, *, decision: str | None = None, **fields: Any) -> None:
        who = {"actor": self.actor.name, "signed_in": self.actor.signed_in, "group": self.group}
        self.connection.execute(insert(audit).values(at=now(), action=action, **who, **fields))
        ids = {"thread_id": fields.get("thread_id"), "review_id": fields.get("review_id"), "decision_id": decision}
        told = {name: found for name, found in ids.items() if found}
        self.connection.info.setdefault(TOLD, []).append((action, told))


class Audit:
    """Reads the audit entries, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(
        self,
        *,
        thread_id: str | None = None,
        review_id: str | None = None,
        actor: str | None = None,
        actions: Sequence[str] = (),
        before: int | None = None,
        limit: int | None = 200,
    ) -> list[AuditEntry]:
        """The newest `limit` entries that fit (all with None), older than entry `before` where it is given."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if thread_id is not None:
            query = query.where(audit.c.thread_id == thread_id)
        if review_id is not None:
            query = query.where(audit.c.review_id == review_id)
        if actor is not None:
            query = query.where(audit.c.actor == actor)
        if actions:
            query = query.where(audit.c.action.in_(actions))
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._database.read() as connection:
            return [entry_of(row) for row in connection.execute(query)]

    def since(self, after: int = 0, *, actions: Sequence[str] = ()) -> Iterator[AuditEntry]:
        """The entries beyond `after`, oldest first, those of examples left out, not all at once."""
        query = select(*_columns).where(audit.c.id > after, audit.c.example.is_(False)).order_by(audit.c.id)
        if actions:
            query = query.where(audit.c.action.in_(actions))
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield AuditEntry(*row)  # by place: the names of a hundred thousand rows take longer than reading them

    def kinds(self) -> tuple[list[str], list[str]]:
        """The actions and the actors that occur, for filters."""
        with self._database.read() as connection:
            actions = connection.scalars(select(audit.c.action).distinct().order_by(audit.c.action)).all()
            actors = connection.scalars(select(audit.c.actor).distinct().order_by(audit.c.actor)).all()
        return list(actions), list(actors)
