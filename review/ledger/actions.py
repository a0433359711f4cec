"""The record of actions that run once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from review.errors import LeaseLost
from review.ledger.among import among
from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.tables import actions, audit, threads
from review.model import Review, now
from review.reviewers import Reviewer

STARTED, FINISHED = "started", "finished"
CONCLUDED = "action.concluded"


@dataclass(frozen=True)
class ActionKey:
    """What makes an action the same one: LangGraph keeps a task's id through failures, retries and crashes."""

    thread_id: str
    task_id: str
    action: str


@dataclass(frozen=True)
class ActionRecord:
    """`finished` is false where a process started the action and did not live to record its end."""

    key: ActionKey
    finished: bool
    result: Any


class Actions:
    """The actions of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: ActionKey, attempt: str, holder: str | None = None) -> ActionRecord | None:
        """Record that the action starts, by this attempt; None where it is new, else what is known of it. With a
        `holder`, raises `LeaseLost` where the thread's lease is another's."""
        try:
            with self._database.write() as connection:
                _check_holder(connection, key, holder)
                fields = vars(key) | {"status": STARTED, "attempt": attempt, "started_at": now()}
                connection.execute(insert(actions).values(fields))
            return None
        except IntegrityError:
            with self._database.read() as connection:
                return _record(connection.execute(select(actions).where(*_is(key))).one())

    def begin_again(self, key: ActionKey, attempt: str, holder: str | None = None) -> None:
        """The start that is recorded had no effect; it is this attempt's now. Raises as `begin`."""
        with self._database.write() as connection:
            _check_holder(connection, key, holder)
            mine = (*_is(key), actions.c.status == STARTED)
            connection.execute(update(actions).where(*mine).values(attempt=attempt, started_at=now()))

    def finish(self, key: ActionKey, attempt: str, result: Any) -> bool:
        """Keep the result; False where the action is another attempt's by now."""
        with self._database.write() as connection:
            values = {"status": FINISHED, "result": result, "finished_at": now()}
            mine = (*_is(key), actions.c.attempt == attempt)
            return bool(connection.execute(update(actions).where(*mine).values(**values)).rowcount)

    def abandon(self, key: ActionKey, attempt: str) -> None:
        """Forget a start whose effect raised: the node fails with that error, and a retry begins anew."""
        with self._database.write() as connection:
            connection.execute(delete(actions).where(*_is(key), actions.c.attempt == attempt))

    def of_tasks(self, thread_id: str, task_ids: Collection[str]) -> list[ActionRecord]:
        """What the tasks have begun, in its order."""
        query = select(actions).where(actions.c.thread_id == thread_id, among(actions.c.task_id, task_ids))
        with self._database.read() as connection:
            return [_record(row) for row in connection.execute(query.order_by(actions.c.started_at))]

    def conclude(self, key: ActionKey, took_effect: bool, result: Any, review: Review, reviewer: Reviewer) -> None:
        """A person found out what became of an action that a process began and did not live to end.

        Once a review has said so, it says nothing of what began afterwards: its decision is applied again where a
        process dies over it, and the attempt that this one allowed may have taken effect.
        """
        unknown = (*_is(key), actions.c.status == STARTED)
        with self._database.write() as connection:
            if _has_concluded(connection, key, review):
                return
            if took_effect:
                values = {"status": FINISHED, "result": result, "finished_at": now()}
                told = connection.execute(update(actions).where(*unknown).values(**values)).rowcount
            else:
                told = connection.execute(delete(actions).where(*unknown)).rowcount
            if told:
                detail = {"name": key.action, "took_effect": took_effect}
                Note(connection, reviewer).of_review(CONCLUDED, review, **detail)


def _check_holder(connection: Connection, key: ActionKey, holder: str | None) -> None:
    """In the transaction that records the start: a process that was stopped before it may have lost the thread."""
    held = connection.execute(select(threads.c.lease_owner).where(threads.c.id == key.thread_id)).first()
    if holder is not None and held is not None and held.lease_owner != holder:
        raise LeaseLost(
            f"Thread {key.thread_id} was taken over from this process, so it does not begin {key.action} here."
        )


def _has_concluded(connection: Connection, key: ActionKey, review: Review) -> bool:
    entries = select(audit.c.detail).where(
        audit.c.thread_id == key.thread_id, audit.c.review_id == review.id, audit.c.action == CONCLUDED
    )
    return any(detail["name"] == key.action for detail in connection.scalars(entries))


def _record(row: Row[Any]) -> ActionRecord:
    return ActionRecord(ActionKey(row.thread_id, row.task_id, row.action), row.status == FINISHED, row.result)


def _is(key: ActionKey) -> list[Any]:
    return [
        actions.c.thread_id == key.thread_id,
        actions.c.task_id == key.task_id,
        actions.c.action == key.action,
    ]
