"""The ledger's tables. Alembic's migrations build them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

from review.ledger.columns import Json, Prose, Utc, Words
from review.model import ACTIVE

metadata = MetaData()

_leased = text("lease_owner IS NOT NULL")
_assigned = text("assignee IS NOT NULL")
_escalated = text("escalated_to IS NOT NULL")
_batched = text("batch IS NOT NULL")
_unfired = text("fired_at IS NULL")
_active = text(f"status IN ({', '.join(repr(str(status)) for status in ACTIVE)})")

threads = Table(
    "threads",
    metadata,
    Column("id", Words(200), primary_key=True),
    Column("graph", Words(200), nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", Prose(), nullable=False, default=""),
    Column("input", Json),
    Column("context", Json),
    Column("config", Json, nullable=False),
    Column("input_pending", Boolean, nullable=False, default=False),
    Column("base_checkpoint", String(64)),
    Column("error", Prose()),
    Column("error_id", String(16)),
    Column("example", Boolean, nullable=False, default=False),
    Column("lease_owner", String(200)),
    Column("lease_until", Utc),
    Column("work_at", Utc),
    Column("cancel_by", Words(200)),
    Column("found", Boolean, nullable=False, default=False, server_default=false()),
    Column("tries", Integer, nullable=False, default=0, server_default="0"),
    Column("edited", Json),
    Column("pruned_at", Utc),
    Column("origin_thread", Words(200)),
    Column("origin_checkpoint", String(64)),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Index("threads_by_work", "work_at"),
    Index("threads_by_age", "created_at", "id"),
    Index("threads_by_move", "updated_at", "id"),
    Index("threads_by_lease", "lease_owner", sqlite_where=_leased, postgresql_where=_leased),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Words(40), primary_key=True),
    Column("thread_id", ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("graph", Words(200), nullable=False),
    Column("node", Words(400), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("dialect", String(40), nullable=False),
    Column("interrupt_id", String(64)),
    Column("task_id", String(64)),
    Column("checkpoint_id", String(64)),
    Column("pause_key", String(200), nullable=False),
    Column("version", String(40), nullable=False),
    Column("round", Integer, nullable=False, default=0),
    Column("status", String(20), nullable=False),
    Column("request", Json, nullable=False),
    Column("payload", Json),
    Column("due_at", Utc),
    Column("error", Prose()),
    Column("assignee", Words(200)),
    Column("claimed_until", Utc),
    Column("priority", Integer, nullable=False, default=0, server_default="0"),
    Column("escalated_to", Words(200)),
    Column("replaces", Words(40)),
    Column("critical", Boolean, nullable=False, default=False, server_default=false()),
    Column("example", Boolean, nullable=False, default=False),
    Column("decision_id", String(40)),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Index("reviews_by_status_and_age", "status", "created_at", "id"),
    Index("reviews_by_due", "status", "due_at", "id"),
    Index("reviews_by_thread", "thread_id", "created_at"),
    Index(
        "reviews_one_per_pause", "thread_id", "pause_key", unique=True, sqlite_where=_active, postgresql_where=_active
    ),
    Index("reviews_by_graph", "status", "graph", "created_at", "id"),
    Index("reviews_by_kind", "status", "kind", "created_at", "id"),
    Index("reviews_by_assignee", "assignee", "status", sqlite_where=_assigned, postgresql_where=_assigned),
    Index("reviews_by_escalation", "escalated_to", "status", sqlite_where=_escalated, postgresql_where=_escalated),
)
Index("reviews_by_priority", reviews.c.status, reviews.c.priority.desc(), reviews.c.created_at, reviews.c.id)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("review_id", ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("version", String(40), nullable=False),
    Column("type", String(20), nullable=False),
    Column("value", Json),
    Column("message", Prose(), nullable=False, default=""),
    Column("resume_value", Json),
    Column("reviewer", Words(200), nullable=False),
    Column("signed_in", Boolean, nullable=False, default=False),
    Column("decided_at", Utc, nullable=False),
    Column("apply_at", Utc, nullable=False),
    Column("withdrawn_at", Utc),
    Column("reason", Words(200)),
    Column("batch", String(40)),
    Column("share_changed", Float),
    Column("seconds_shown", Float),
    Index("decisions_by_time", "decided_at", "review_id"),
    Index("decisions_by_batch", "batch", sqlite_where=_batched, postgresql_where=_batched),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Utc, nullable=False, index=True),
    Column("action", String(60), nullable=False, index=True),
    Column("actor", Words(200), nullable=False),
    Column("signed_in", Boolean, nullable=False, default=False),
    Column("group", String(40), nullable=False),
    Column("thread_id", Words(200), index=True),
    Column("review_id", String(40)),
    Column("graph", Words(200)),
    Column("example", Boolean, nullable=False, default=False),
    Column("detail", Json, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    Column("thread_id", Words(200), primary_key=True),
    Column("task_id", String(64), primary_key=True),
    Column("action", String(200), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("result", Json),
    Column("attempt", String(40)),
    Column("started_at", Utc, nullable=False),
    Column("finished_at", Utc),
)

# What a deadline does to a review at its time, once: `remind`, `escalate` (several, in steps) or `timeout`.
timers = Table(
    "timers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("review_id", ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("step", Integer, nullable=False),
    Column("fire_at", Utc, nullable=False),
    Column("fired_at", Utc),
    Column("detail", Json, nullable=False),
    Index("timers_one_per_step", "review_id", "kind", "step", unique=True),
    Index("timers_by_time", "fire_at", sqlite_where=_unfired, postgresql_where=_unfired),
)

# Who has a review open in a browser; a session that has not been seen for a while has closed it.
viewers = Table(
    "viewers",
    metadata,
    Column("review_id", ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True),
    Column("session", String(40), primary_key=True),
    Column("reviewer", Words(200), nullable=False),
    Column("seen_at", Utc, nullable=False),
)

# What a reviewer has typed and not submitted: `field` says into which place, `version` on which version.
drafts = Table(
    "drafts",
    metadata,
    Column("review_id", ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True),
    Column("reviewer", Words(200), primary_key=True),
    Column("version", String(40), nullable=False),
    Column("field", String(40), primary_key=True),
    Column("value", Json),
    Column("saved_at", Utc, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("review_id", ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    Column("author", Words(200), nullable=False),
    Column("signed_in", Boolean, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("text", Prose(), nullable=False),
    Column("mentions", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Index("notes_by_review", "review_id", "at"),
)

# Who is mentioned in a note and has not looked at its review since, by what the ways to write their name share.
mentions = Table(
    "mentions",
    metadata,
    Column("note_id", ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True),
    Column("reviewer", Words(200), primary_key=True),
    Index("mentions_by_reviewer", "reviewer"),
)

# Ways to look at the queue, by name, as the page's own query parameters.
views = Table(
    "views",
    metadata,
    Column("name", Words(80), primary_key=True),
    Column("query", Json, nullable=False),
    Column("saved_by", Words(200), nullable=False),
    Column("saved_at", Utc, nullable=False),
)
