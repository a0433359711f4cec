"""The queue in each of its orders, and the decisions of a batch, by index."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("reviews_by_graph", "reviews", ["status", "graph", "created_at", "id"])
    op.create_index("reviews_by_kind", "reviews", ["status", "kind", "created_at", "id"])
    op.create_index("reviews_by_priority", "reviews", ["status", sa.text("priority DESC"), "created_at", "id"])
    op.create_index("decisions_by_time", "decisions", ["decided_at", "review_id"])
    _create_partial("reviews_by_assignee", "reviews", ["assignee", "status"])
    _create_partial("reviews_by_escalation", "reviews", ["escalated_to", "status"])
    _create_partial("decisions_by_batch", "decisions", ["batch"])


def _create_partial(name: str, table: str, columns: list[str]) -> None:
    """Of the rows alone that have the first column."""
    there = sa.text(f"{columns[0]} IS NOT NULL")
    op.create_index(name, table, columns, sqlite_where=there, postgresql_where=there)
