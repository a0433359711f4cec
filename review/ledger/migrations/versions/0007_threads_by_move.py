"""The threads in the order in which they moved last."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("threads_by_move", "threads", ["updated_at", "id"])
