"""The ledger's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actions",
        sa.Column("thread_id", sa.String(length=200), nullable=False),
        sa.Column("task_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("thread_id", "task_id", "action"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("thread_id", sa.String(length=200), nullable=True),
        sa.Column("review_id", sa.String(length=40), nullable=True),
        sa.Column("graph", sa.String(length=200), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_action"), "audit", ["action"], unique=False)
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_thread_id"), "audit", ["thread_id"], unique=False)
    op.create_table(
        "threads",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("graph", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("input", sa.JSON(), nullable=True),
        sa.Column("context", sa.JSON(), nullable=True),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("input_pending", sa.Boolean(), nullable=False),
        sa.Column("base_checkpoint", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_id", sa.String(length=16), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("lease_owner", sa.String(length=200), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("work_at", sa.DateTime(), nullable=True),
        sa.Column("cancel_by", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("threads_by_age", "threads", ["created_at", "id"], unique=False)
    op.create_index("threads_by_work", "threads", ["work_at"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("thread_id", sa.String(length=200), nullable=False),
        sa.Column("graph", sa.String(length=200), nullable=False),
        sa.Column("node", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("dialect", sa.String(length=40), nullable=False),
        sa.Column("interrupt_id", sa.String(length=64), nullable=True),
        sa.Column("task_id", sa.String(length=64), nullable=True),
        sa.Column("checkpoint_id", sa.String(length=64), nullable=True),
        sa.Column("pause_key", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("assignee", sa.String(length=200), nullable=True),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("decision_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("reviews_by_status_and_age", "reviews", ["status", "created_at", "id"], unique=False)
    op.create_index("reviews_by_thread", "reviews", ["thread_id", "created_at"], unique=False)
    op.create_index(
        "reviews_one_per_pause",
        "reviews",
        ["thread_id", "pause_key"],
        unique=True,
        sqlite_where=sa.text("status IN ('pending', 'decided', 'resuming', 'resume_failed')"),
        postgresql_where=sa.text("status IN ('pending', 'decided', 'resuming', 'resume_failed')"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("review_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("resume_value", sa.JSON(), nullable=True),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("apply_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_decisions_review_id"), "decisions", ["review_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_decisions_review_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(
        "reviews_one_per_pause",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('pending', 'decided', 'resuming', 'resume_failed')"),
        postgresql_where=sa.text("status IN ('pending', 'decided', 'resuming', 'resume_failed')"),
    )
    op.drop_index("reviews_by_thread", table_name="reviews")
    op.drop_index("reviews_by_status_and_age", table_name="reviews")
    op.drop_table("reviews")
    op.drop_index("threads_by_work", table_name="threads")
    op.drop_index("threads_by_age", table_name="threads")
    op.drop_table("threads")
    op.drop_index(op.f("ix_audit_thread_id"), table_name="audit")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_index(op.f("ix_audit_action"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("actions")
