"""Events in SQL. An append is one transaction with its read model row, booking, notifications and audit entries.

Unique constraints decide about event numbers, client message ids, quarter hours and seats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.adapters.store.event_codec import decode, encode
from assistant.adapters.store.read_model import message_id, refuse_append, summary_of
from assistant.adapters.store.sql_bookings import hold_time, release_time
from assistant.adapters.store.sql_engine import one_read, writing
from assistant.adapters.store.sql_outbox import put_notes, write_audits
from assistant.adapters.store.sql_tables import events, requests
from assistant.domain.events import Event
from assistant.domain.request import Request, continued, fold
from assistant.ports import Effects, StaleVersion, Summary

_NOTHING = Effects()
_UPDATE = (
    update(requests)
    .where(requests.c.id == bindparam("stored_id"), requests.c.version == bindparam("stored_version"))
    .values({column.name: bindparam(column.name) for column in requests.c})
)  # fmt: skip
_EVENTS = select(events.c.type, events.c.body).where(events.c.request_id == bindparam("request")).order_by(events.c.seq)


class SqlRequestStore:
    """Implements `ports.RequestStore`. Every method raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, request_id: str, opened: Event) -> None:
        """Appends the first event. Raises StaleVersion if the request exists."""
        self.append(request_id, 0, [opened])

    def events(self, request_id: str) -> tuple[Event, ...]:
        with one_read(self._engine) as db:
            return _stored(db, request_id)

    def append(
        self, request_id: str, expected: int, new: Sequence[Event], effects: Effects = _NOTHING, before: Request | None = None
    ) -> int:
        """Appends events at version `expected` and returns the new version.

        `before` is the request at that version, if the caller has it. Writes nothing if it raises StaleVersion, DuplicateMessage
        or SlotTaken. IllegalTransition and ValueError are bugs of the caller.
        """
        if not new or (before and (before.id, before.version) != (request_id, expected)):
            raise ValueError("an append needs an event, and the request as it was before it")
        rows = [_row(request_id, expected + n, event) for n, event in enumerate(new, 1)]
        after = continued(before, new) if before else None
        try:
            with writing(self._engine) as db:
                after = after or continued(_at_version(db, request_id, expected, new), new)
                _put_events(db, summary_of(after), expected, rows)
                _put_effects(db, request_id, effects, new[-1].at)
                return after.version
        except _Overtaken as overtaken:
            refuse_append(self.events(request_id), expected, new)
            raise StaleVersion(f"somebody else wrote version {expected + 1}") from overtaken


class _Overtaken(Exception):
    """The request is not at the expected version, or one of the messages is stored already."""


def _at_version(db: Connection, request_id: str, expected: int, new: Sequence[Event]) -> Request:
    stored = _stored(db, request_id)
    refuse_append(stored, expected, new)
    return fold(request_id, stored)


def _put_effects(db: Connection, request_id: str, effects: Effects, at: datetime) -> None:
    if effects.release:
        release_time(db, request_id)
    if effects.hold:
        hold_time(db, effects.hold)
    put_notes(db, effects.notes, at)
    write_audits(db, effects.audits)


def _stored(db: Connection, request_id: str) -> tuple[Event, ...]:
    return tuple(decode(name, body) for name, body in db.execute(_EVENTS, {"request": request_id}).all())


def _put_events(db: Connection, summary: Summary, expected: int, rows: Sequence[Mapping[str, object]]) -> None:
    try:
        _put_summary(db, summary, expected)
        db.execute(insert(events), rows)
    except IntegrityError as error:
        raise _Overtaken from error


def _put_summary(db: Connection, summary: Summary, expected: int) -> None:
    """Raises _Overtaken or IntegrityError if the row is not at the expected version."""
    values = vars(summary)
    if not expected:
        db.execute(insert(requests), values)
    elif not db.execute(_UPDATE, {**values, "stored_id": summary.id, "stored_version": expected}).rowcount:
        raise _Overtaken


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
