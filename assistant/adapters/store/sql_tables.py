"""The tables of the store. `events` is the source of truth; `requests` is the read model folded from it.

Unique constraints on weekly seats and on quarter hours of mentors and mentees prevent double bookings by concurrent writers.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
    true,
)
from sqlalchemy.types import TypeDecorator

from assistant.domain.schedule import as_utc

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """A timezone-aware datetime, stored and returned in UTC on every database; refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return as_utc(value) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


requests = Table(
    "requests",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("mentee", String(200), nullable=False),
    Column("mentor", String(200)),
    Column("stage", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("question", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("due", Moment),
    Column("pending", Boolean, nullable=False),
    Column("starts_at", Moment),
    Index("ix_requests_mentee", "mentee", "changed_at"),
    Index("ix_requests_mentor", "mentor", "due"),
    Index("ix_requests_due", "due"),
    Index("ix_requests_pending", "pending"),
    Index("ix_requests_idle", "stage", "changed_at"),
    Index("ix_requests_changed", "changed_at"),
)

events = Table(
    "events",
    metadata,
    Column("request_id", ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("type", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("message_id", String(200)),
    Column("body", Text, nullable=False),
    CheckConstraint("seq >= 1", name="ck_events_seq"),
)
Index(
    "uq_events_message", events.c.request_id, events.c.message_id, unique=True,
    sqlite_where=text("message_id IS NOT NULL"), postgresql_where=text("message_id IS NOT NULL"),
)  # fmt: skip

bookings = Table(
    "bookings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request_id", ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
    Column("mentor", String(200), nullable=False),
    Column("mentee", String(200), nullable=False),
    Column("week", String(10), nullable=False),
    Column("seat", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("starts_at", Moment),
    Column("minutes", Integer),
    Column("active", Boolean, nullable=False),
    CheckConstraint("seat BETWEEN 1 AND capacity", name="ck_bookings_seat"),
)
Index(
    "uq_bookings_request", bookings.c.request_id, unique=True,
    sqlite_where=text("active"), postgresql_where=text("active"),
)  # fmt: skip
Index(
    "uq_bookings_seat", bookings.c.mentor, bookings.c.week, bookings.c.seat, unique=True,
    sqlite_where=text("active"), postgresql_where=text("active"),
)  # fmt: skip

booking_cells = Table(
    "booking_cells",
    metadata,
    Column("mentor", String(200), primary_key=True),
    Column("cell", Moment, primary_key=True),
    Column("mentee", String(200), nullable=False),
    Column("booking_id", ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
    Index("uq_booking_cells_mentee", "mentee", "cell", unique=True),
    Index("ix_booking_cells_booking", "booking_id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("login", String(200), primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("mentor", String(200)),
    Column("department", Text, nullable=False),
    Column("model", Boolean, nullable=False, server_default=true()),
)

passwords = Table(
    "passwords",
    metadata,
    Column("login", ForeignKey("accounts.login", ondelete="CASCADE"), primary_key=True),
    Column("hash", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("login", ForeignKey("accounts.login", ondelete="CASCADE"), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Index("ix_sign_ins_login", "login"),
)

news_seen = Table(
    "news_seen",
    metadata,
    Column("login", ForeignKey("accounts.login", ondelete="CASCADE"), primary_key=True),
    Column("upto", Integer, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("recipient", String(200), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("topic", String(100), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("tries", Integer, nullable=False),
    Column("delivered_at", Moment),
    Column("dead", Boolean, nullable=False),
    Index("ix_outbox_due", "dead", "delivered_at", "due_at"),
    Index("ix_outbox_recipient", "recipient", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("actor", String(200), nullable=False),
    Column("operation", String(100), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("at", Moment, nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    Column("person", String(200)),
    Column("task", String(40), nullable=False),
    Column("model", String(200), nullable=False),
    Column("prompt_version", String(40), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("prompt", Integer, nullable=False),
    Column("completion", Integer, nullable=False),
    Column("cached", Integer, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),
    Index("ix_usage_day", "day", "person"),
    Index("ix_usage_person", "person", "day"),
)
