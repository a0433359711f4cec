"""Deadlines, who has a review open, tries of a run, what replaced a review, whose attempt an action is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reviews", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reviews", sa.Column("escalated_to", sa.String(length=200)))
    op.add_column("reviews", sa.Column("replaces", sa.String(length=40)))
    op.add_column("threads", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("threads", sa.Column("edited", sa.JSON()))
    op.add_column("threads", sa.Column("pruned_at", sa.DateTime()))
    op.create_index(
        "threads_by_lease",
        "threads",
        ["lease_owner"],
        sqlite_where=sa.text("lease_owner IS NOT NULL"),
        postgresql_where=sa.text("lease_owner IS NOT NULL"),
    )
    op.add_column("actions", sa.Column("attempt", sa.String(length=40)))
    op.create_table(
        "timers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("review_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("fire_at", sa.DateTime(), nullable=False),
        sa.Column("fired_at", sa.DateTime()),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("timers_one_per_step", "timers", ["review_id", "kind", "step"], unique=True)
    op.create_index(
        "timers_by_time",
        "timers",
        ["fire_at"],
        sqlite_where=sa.text("fired_at IS NULL"),
        postgresql_where=sa.text("fired_at IS NULL"),
    )
    op.create_table(
        "viewers",
        sa.Column("review_id", sa.String(length=40), nullable=False),
        sa.Column("session", sa.String(length=40), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("review_id", "session"),
    )
