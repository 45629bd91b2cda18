"""Bookings in SQL. Unique constraints prevent double bookings of a mentor's or mentee's quarter hour, a seat, or a request.

The database decides at the insert, not an earlier read. After a refused insert, the conflict is looked up in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.adapters.store.sql_engine import one_read
from assistant.adapters.store.sql_tables import booking_cells, bookings
from assistant.ports import Hold, SlotTaken
from retrieval.adapters.sql_ids import among, given


class SqlBookings:
    """Implements `ports.BookingStore`. Raises StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def taken(self, mentors: Collection[str], start: datetime, end: datetime) -> Mapping[str, frozenset[datetime]]:
        """Booked quarter hours (UTC) that begin in [start, end), by mentor."""
        mentor, cell = booking_cells.c.mentor, booking_cells.c.cell
        found: dict[str, set[datetime]] = {}
        with one_read(self._engine) as db:
            query = select(mentor, cell).where(among(db, mentor), cell >= start, cell < end)
            for row in db.execute(query, given(sorted(mentors))).all():
                found.setdefault(row[0], set()).add(row[1])
        return {key: frozenset(cells) for key, cells in found.items()}

    def load(self, mentor: str, week: str) -> int:
        """Number of seats booked in a week such as 2026-W47."""
        seats = select(func.count()).select_from(bookings)
        with one_read(self._engine) as db:
            return db.execute(seats.where(*_taken(mentor, week))).scalar_one()

    def seats(self, mentors: Collection[str], weeks: Collection[str]) -> Mapping[tuple[str, str], int]:
        """Number of seats booked by mentor and week, in one query."""
        mentor, week, count = bookings.c.mentor, bookings.c.week, func.count()
        first, last = min(weeks, default=""), max(weeks, default="")
        with one_read(self._engine) as db:
            asked = among(db, mentor), week.between(first, last), bookings.c.active
            rows = db.execute(select(mentor, week, count).where(*asked).group_by(mentor, week), given(sorted(mentors))).all()
            return {(row[0], row[1]): row[2] for row in rows if row[1] in weeks}


def hold_time(db: Connection, hold: Hold) -> None:
    """Books a seat and the quarter hours. Raises SlotTaken("request" | "slot" | "mentee" | "capacity")."""
    for seat in _free_seats(db, hold):
        try:
            with db.begin_nested():
                _take(db, hold, seat)
        except IntegrityError as error:
            if conflict := _conflict(db, hold):
                raise SlotTaken(conflict) from error
        else:
            return
    raise SlotTaken(_conflict(db, hold) or "capacity")


def release_time(db: Connection, request_id: str) -> None:
    """Frees the seat and the quarter hours of the request's booking, if it has one."""
    mine = (bookings.c.request_id == request_id) & bookings.c.active
    db.execute(delete(booking_cells).where(booking_cells.c.booking_id.in_(select(bookings.c.id).where(mine))))
    db.execute(update(bookings).where(mine).values(active=False))


def _take(db: Connection, hold: Hold, seat: int) -> None:
    row = insert(bookings).values(
        request_id=hold.request,
        mentor=hold.mentor,
        mentee=hold.mentee,
        week=hold.week,
        seat=seat,
        capacity=hold.capacity,
        starts_at=hold.slot.start if hold.slot else None,
        minutes=hold.slot.minutes if hold.slot else None,
        active=True,
    )
    booking = db.execute(row.returning(bookings.c.id)).scalar_one()
    if hold.slot:
        common = {"mentor": hold.mentor, "mentee": hold.mentee, "booking_id": booking}
        db.execute(insert(booking_cells), [{**common, "cell": cell} for cell in hold.slot.cells()])


def _conflict(db: Connection, hold: Hold) -> str | None:
    cells = hold.slot.cells() if hold.slot else ()
    same = booking_cells.c.cell.in_(cells)
    found: dict[str, Select[tuple[int]]] = {
        "request": select(bookings.c.id).where(bookings.c.request_id == hold.request, bookings.c.active),
        "slot": select(booking_cells.c.booking_id).where(booking_cells.c.mentor == hold.mentor, same),
        "mentee": select(booking_cells.c.booking_id).where(booking_cells.c.mentee == hold.mentee, same),
    }
    return next((what for what, query in found.items() if db.execute(query.limit(1)).first()), None)


def _free_seats(db: Connection, hold: Hold) -> list[int]:
    used = set(db.execute(select(bookings.c.seat).where(*_taken(hold.mentor, hold.week))).scalars())
    free = [seat for seat in range(1, hold.capacity + 1) if seat not in used]
    return free if len(used) < hold.capacity else []


def _taken(mentor: str, week: str) -> tuple[ColumnElement[bool], ...]:
    return bookings.c.mentor == mentor, bookings.c.week == week, bookings.c.active.expression
