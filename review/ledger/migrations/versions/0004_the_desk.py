"""What a reviewer types before deciding, notes, named views, where a fork came from, and more about each decision."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reviews", sa.Column("critical", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("decisions", sa.Column("reason", sa.String(length=200)))
    op.add_column("decisions", sa.Column("batch", sa.String(length=40)))
    op.add_column("decisions", sa.Column("share_changed", sa.Float()))
    op.add_column("decisions", sa.Column("seconds_shown", sa.Float()))
    op.add_column("threads", sa.Column("origin_thread", sa.String(length=200)))
    op.add_column("threads", sa.Column("origin_checkpoint", sa.String(length=64)))
    op.create_index("reviews_by_due", "reviews", ["status", "due_at", "id"])
    op.create_table(
        "drafts",
        sa.Column("review_id", sa.String(length=40), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON()),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("review_id", "reviewer", "field"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("review_id", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notes_by_review", "notes", ["review_id", "at"])
    op.create_table(
        "views",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
