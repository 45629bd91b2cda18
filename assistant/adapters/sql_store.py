"""Events in SQL: one append is one transaction, with its read model, its booking, its notes and its audit entries.

What must be unique is decided by the database: the place of an event, a client's message, a quarter hour, a seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.adapters.event_codec import decode, encode
from assistant.adapters.read_model import message_id, refuse_append, summary_of
from assistant.adapters.sql_bookings import hold_time, release_time
from assistant.adapters.sql_engine import reading, writing
from assistant.adapters.sql_outbox import put_notes, write_audits
from assistant.adapters.sql_tables import events, requests
from assistant.domain.events import Event
from assistant.domain.request import fold
from assistant.ports import Effects, StaleVersion, Summary

_NOTHING = Effects()


class SqlRequestStore:
    """A RequestStore. Every method raises StoreUnavailable when the database cannot do its work."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, request_id: str, opened: Event) -> None:
        """The first event. Raises StaleVersion when the request exists."""
        self.append(request_id, 0, [opened])

    def events(self, request_id: str) -> tuple[Event, ...]:
        with reading(self._engine) as db:
            return _stored(db, request_id)

    def append(self, request_id: str, expected: int, new: Sequence[Event], effects: Effects = _NOTHING) -> int:
        """The new version. Nothing is written when it raises: StaleVersion, DuplicateMessage or SlotTaken.

        IllegalTransition, or ValueError for an append without an event, is the caller's bug.
        """
        with writing(self._engine) as db:
            stored = _stored(db, request_id)
            refuse_append(stored, expected, new)
            request = fold(request_id, [*stored, *new])
            _put_events(db, summary_of(request), expected, new)
            if effects.release:
                release_time(db, request_id)
            if effects.hold:
                hold_time(db, effects.hold)
            put_notes(db, effects.notes, new[-1].at)
            write_audits(db, effects.audits)
            return request.version


def _stored(db: Connection, request_id: str) -> tuple[Event, ...]:
    query = select(events.c.type, events.c.body).where(events.c.request_id == request_id).order_by(events.c.seq)
    return tuple(decode(name, body) for name, body in db.execute(query))


def _put_events(db: Connection, summary: Summary, expected: int, new: Sequence[Event]) -> None:
    try:
        with db.begin_nested():
            _put_summary(db, summary, fresh=expected == 0)
            db.execute(insert(events), [_row(summary.id, expected + n, event) for n, event in enumerate(new, 1)])
    except IntegrityError as error:
        refuse_append(_stored(db, summary.id), expected, new)
        raise StaleVersion(f"somebody else wrote version {expected + 1}") from error


def _put_summary(db: Connection, summary: Summary, *, fresh: bool) -> None:
    values = asdict(summary)
    if fresh:
        db.execute(insert(requests).values(values))
    else:
        db.execute(update(requests).where(requests.c.id == summary.id).values(values))


def _row(request_id: str, seq: int, event: Event) -> dict[str, object]:
    name, body = encode(event)
    return {
        "request_id": request_id,
        "seq": seq,
        "type": name,
        "at": event.at,
        "actor": event.actor,
        "message_id": message_id(event),
        "body": body,
    }
