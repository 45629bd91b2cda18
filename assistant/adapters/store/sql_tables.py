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
from retrieval.adapters.sql_tables import part_of, required

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
    required("mentee", String(200)),
    Column("mentor", String(200)),
    required("stage", String(32)),
    required("kind", String(32)),
    required("question", Text),
    required("version", Integer),
    required("opened_at", Moment),
    required("changed_at", Moment),
    Column("due", Moment),
    required("pending", Boolean),
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
    part_of("requests", "request_id", primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    required("type", String(40)),
    required("at", Moment),
    required("actor", String(200)),
    Column("message_id", String(200)),
    required("body", Text),
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
    part_of("requests", "request_id"),
    required("mentor", String(200)),
    required("mentee", String(200)),
    required("week", String(10)),
    required("seat", Integer),
    required("capacity", Integer),
    Column("starts_at", Moment),
    Column("minutes", Integer),
    required("active", Boolean),
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
    required("mentee", String(200)),
    part_of("bookings", "booking_id"),
    Index("uq_booking_cells_mentee", "mentee", "cell", unique=True),
    Index("ix_booking_cells_booking", "booking_id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("login", String(200), primary_key=True),
    required("name", Text),
    required("roles", Text),
    required("time_zone", String(64)),
    Column("mentor", String(200)),
    required("department", Text),
    Column("model", Boolean, nullable=False, server_default=true()),
)

passwords = Table(
    "passwords",
    metadata,
    part_of("accounts", "login", key="login", primary_key=True),
    required("hash", Text),
    required("changed_at", Moment),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    part_of("accounts", "login", key="login"),
    required("since", Moment),
    required("until", Moment),
    Index("ix_sign_ins_login", "login"),
)

news_seen = Table(
    "news_seen",
    metadata,
    part_of("accounts", "login", key="login", primary_key=True),
    required("upto", Integer),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    required("recipient", String(200)),
    required("request_id", String(64)),
    required("topic", String(100)),
    required("body", Text),
    required("created_at", Moment),
    required("due_at", Moment),
    Column("lease_until", Moment),
    required("tries", Integer),
    Column("delivered_at", Moment),
    required("dead", Boolean),
    Index("ix_outbox_due", "dead", "delivered_at", "due_at"),
    Index("ix_outbox_recipient", "recipient", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    required("actor", String(200)),
    required("operation", String(100)),
    required("subject", String(300)),
    required("at", Moment),
)

usage = Table(
    "usage",
    metadata,
    Column("id", Integer, primary_key=True),
    required("day", String(10)),
    required("at", Moment),
    Column("person", String(200)),
    required("task", String(40)),
    required("model", String(200)),
    required("prompt_version", String(40)),
    required("calls", Integer),
    required("prompt", Integer),
    required("completion", Integer),
    required("cached", Integer),
    required("counted", Boolean),
    required("milliseconds", Integer),
    required("outcome", String(20)),
    Index("ix_usage_day", "day", "person"),
    Index("ix_usage_person", "person", "day"),
)
