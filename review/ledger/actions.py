"""The record of actions that run once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from review.ledger.database import Database
from review.ledger.tables import actions
from review.model import now


@dataclass(frozen=True)
class ActionKey:
    """What makes an action the same one: LangGraph keeps a task's id through failures, retries and crashes."""

    thread_id: str
    task_id: str
    action: str


@dataclass(frozen=True)
class ActionRecord:
    """`finished` is false where a process started the action and did not live to record its end."""

    finished: bool
    result: Any


class Actions:
    """The actions of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: ActionKey) -> ActionRecord | None:
        """Record that the action starts; None where it is new, else what is known of it."""
        try:
            with self._database.write() as connection:
                fields = vars(key) | {"status": "started", "started_at": now()}
                connection.execute(insert(actions).values(fields))
            return None
        except IntegrityError:
            with self._database.read() as connection:
                row = connection.execute(select(actions).where(*_is(key))).one()
            return ActionRecord(row.status == "finished", row.result)

    def finish(self, key: ActionKey, result: Any) -> None:
        with self._database.write() as connection:
            values = {"status": "finished", "result": result, "finished_at": now()}
            connection.execute(update(actions).where(*_is(key)).values(**values))

    def abandon(self, key: ActionKey) -> None:
        """Forget a start whose effect raised: the node fails with that error, and a retry begins anew."""
        with self._database.write() as connection:
            connection.execute(delete(actions).where(*_is(key)))


def _is(key: ActionKey) -> list[Any]:
    return [
        actions.c.thread_id == key.thread_id,
        actions.c.task_id == key.task_id,
        actions.c.action == key.action,
    ]
