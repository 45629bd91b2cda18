"""The outbox: notifications written in the transaction of their events, then delivered at least once; a key is stored only once.

A worker leases due notifications, so two workers do not deliver the same one at the same time. A lease ends after a minute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.adapters.store.read_model import LEASE, TRIES, wait_after
from assistant.adapters.store.sql_engine import reading, writing
from assistant.adapters.store.sql_tables import audit, outbox
from assistant.ports import Audit, Notification

_WAITING = outbox.c.delivered_at.is_(None) & ~outbox.c.dead
_NOTE = (outbox.c.id, outbox.c.key, outbox.c.recipient, outbox.c.request_id, outbox.c.topic, outbox.c.body)


class SqlOutbox:
    """Implements `ports.OutboxStore`. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def lease(self, limit: int, now: datetime) -> tuple[tuple[int, Notification], ...]:
        """Leases up to `limit` due notifications for a minute, the longest due first."""
        free = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
        query = (
            select(*_NOTE)
            .where(_WAITING, free, outbox.c.due_at <= now)
            .order_by(outbox.c.due_at, outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with writing(self._engine) as db:
            rows = db.execute(query).all()
            if rows:
                leased = outbox.c.id.in_([row.id for row in rows])
                db.execute(update(outbox).where(leased).values(lease_until=now + LEASE))
            return tuple((row.id, _note(row)) for row in rows)

    def settle(self, note_id: int, delivered: bool, now: datetime) -> None:
        """Marks as delivered, or counts a failure and schedules a retry; after the eighth failure it is a dead letter."""
        this = update(outbox).where(outbox.c.id == note_id, _WAITING)
        with writing(self._engine) as db:
            if delivered:
                db.execute(this.values(delivered_at=now, lease_until=None))
                return
            tries = db.execute(select(outbox.c.tries).where(outbox.c.id == note_id, _WAITING)).scalar_one_or_none()
            if tries is not None:
                due = now + wait_after(tries + 1)
                db.execute(this.values(tries=tries + 1, due_at=due, lease_until=None, dead=tries + 1 >= TRIES))

    def dead(self) -> tuple[tuple[int, Notification], ...]:
        """The dead letters, oldest first."""
        with reading(self._engine) as db:
            rows = db.execute(select(*_NOTE).where(outbox.c.dead).order_by(outbox.c.id)).all()
            return tuple((row.id, _note(row)) for row in rows)


def put_notes(db: Connection, notes: Iterable[Notification], at: datetime) -> None:
    """Adds notifications that are due now; skips those whose key is stored already."""
    state = {"created_at": at, "due_at": at, "tries": 0, "dead": False}
    rows = [
        {"key": one.key, "recipient": one.to, "request_id": one.request, "topic": one.topic, "body": one.body, **state}
        for one in notes
    ]
    if rows:
        upsert = postgresql.insert(outbox) if db.dialect.name == "postgresql" else sqlite.insert(outbox)
        db.execute(upsert.on_conflict_do_nothing(index_elements=[outbox.c.key]), rows)


def write_audits(db: Connection, audits: Iterable[Audit]) -> None:
    """Adds the audit entries to the caller's transaction."""
    rows = [asdict(entry) for entry in audits]
    if rows:
        db.execute(insert(audit), rows)


def _note(row: Row[int, str, str, str, str, str]) -> Notification:
    return Notification(row.key, row.recipient, row.request_id, row.topic, row.body)
