"""Views: ways to look at the queue, kept by name for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from review.errors import BadInput, NotFound
from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.queries import QueueQuery, parameters_of, query_of
from review.ledger.tables import views
from review.model import now
from review.reviewers import Reviewer

NAME_LENGTH = 80


@dataclass(frozen=True)
class View:
    """A query with a name."""

    name: str
    query: QueueQuery
    saved_by: str
    saved_at: datetime

    @property
    def parameters(self) -> Mapping[str, str]:
        """The query as the queue page's parameters."""
        return parameters_of(self.query)


class Views:
    """The views of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, name: str, query: QueueQuery, reviewer: Reviewer) -> View:
        """Keep the query under the name, in place of what was there. Raises `BadInput` for a name that is none."""
        name = " ".join(name.split())
        if not 0 < len(name) <= NAME_LENGTH:
            raise BadInput(f"A view has a name of 1 to {NAME_LENGTH} characters; this one has {len(name)}.")
        view = View(name, query, reviewer.name, now())
        values = {"query": dict(view.parameters), "saved_by": view.saved_by, "saved_at": view.saved_at}
        with self._database.write() as connection:
            if not connection.execute(update(views).where(views.c.name == name).values(values)).rowcount:
                connection.execute(insert(views).values(values | {"name": name}))
            Note(connection, reviewer).of_desk("view.saved", name=name, query=values["query"])
        return view

    def all(self) -> list[View]:
        """Every view, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(views).order_by(views.c.name))
            return [View(row.name, query_of(row.query), row.saved_by, row.saved_at) for row in rows]

    def remove(self, name: str, reviewer: Reviewer) -> None:
        """Raises `NotFound`."""
        with self._database.write() as connection:
            if not connection.execute(delete(views).where(views.c.name == name)).rowcount:
                raise NotFound(f"There is no view {name!r}; somebody may have removed it already.")
            Note(connection, reviewer).of_desk("view.removed", name=name)
