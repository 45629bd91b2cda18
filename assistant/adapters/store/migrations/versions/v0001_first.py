"""The first schema: requests and their events, bookings, accounts, outbox, audit, and the tables of the corpus."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from retrieval.adapters.sql_tables import metadata as corpus

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
CORPUS = ("articles", "passages", "profiles", "profile_evidence", "embeddings")
"""The corpus tables of this schema version."""


def upgrade() -> None:
    _requests()
    _events()
    _bookings()
    _people()
    corpus.create_all(op.get_bind(), tables=[corpus.tables[name] for name in CORPUS])


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("mentee", sa.String(200), nullable=False),
        sa.Column("mentor", sa.String(200)),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("due", _MOMENT),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("starts_at", _MOMENT),
    )
    op.create_index("ix_requests_mentee", "requests", ["mentee", "changed_at"])
    op.create_index("ix_requests_mentor", "requests", ["mentor", "due"])
    op.create_index("ix_requests_due", "requests", ["due"])
    op.create_index("ix_requests_pending", "requests", ["pending"])
    op.create_index("ix_requests_idle", "requests", ["stage", "changed_at"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("request_id", sa.String(64), sa.ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("message_id", sa.String(200)),
        sa.Column("body", sa.Text, nullable=False),
        sa.CheckConstraint("seq >= 1", name="ck_events_seq"),
    )
    _unique("uq_events_message", "events", ["request_id", "message_id"], where="message_id IS NOT NULL")


def _bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.String(64), sa.ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
        sa.Column("mentor", sa.String(200), nullable=False),
        sa.Column("mentee", sa.String(200), nullable=False),
        sa.Column("week", sa.String(10), nullable=False),
        sa.Column("seat", sa.Integer, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("starts_at", _MOMENT),
        sa.Column("minutes", sa.Integer),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.CheckConstraint("seat BETWEEN 1 AND capacity", name="ck_bookings_seat"),
    )
    _unique("uq_bookings_request", "bookings", ["request_id"], where="active")
    _unique("uq_bookings_seat", "bookings", ["mentor", "week", "seat"], where="active")
    op.create_table(
        "booking_cells",
        sa.Column("mentor", sa.String(200), primary_key=True),
        sa.Column("cell", _MOMENT, primary_key=True),
        sa.Column("mentee", sa.String(200), nullable=False),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("uq_booking_cells_mentee", "booking_cells", ["mentee", "cell"], unique=True)
    op.create_index("ix_booking_cells_booking", "booking_cells", ["booking_id"])


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("login", sa.String(200), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("mentor", sa.String(200)),
        sa.Column("department", sa.Text, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("delivered_at", _MOMENT),
        sa.Column("dead", sa.Boolean, nullable=False),
    )
    op.create_index("ix_outbox_due", "outbox", ["dead", "delivered_at", "due_at"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("operation", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def _unique(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)
