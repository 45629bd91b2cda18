"""When a mentor is free: office hours, cut to the wished length, minus what is booked, within the week's capacity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from assistant.domain.mentor import Mentor
from assistant.domain.schedule import TimeSlot, cut, week_of
from assistant.ports import BookingStore, Calendar

HORIZON = timedelta(days=21)
NOTICE = timedelta(hours=2)


class FreeSlots:
    """Reads only; what it shows is claimed later by constraint, never by this look."""

    def __init__(self, calendar: Calendar, bookings: BookingStore) -> None:
        self._calendar = calendar
        self._bookings = bookings

    def of(self, mentor: Mentor, minutes: int, now: datetime) -> Iterator[TimeSlot]:
        """Free slots in time order from two hours after `now` on, for three weeks."""
        start, end = now + NOTICE, now + HORIZON
        taken = self._bookings.taken(mentor.id, now, end)
        weeks: dict[str, bool] = {}
        for opening, length in self._openings(mentor, start - timedelta(minutes=90), end):
            week = week_of(opening, mentor.time_zone)
            if week not in weeks:
                weeks[week] = self._bookings.load(mentor.id, week) < mentor.capacity
            if weeks[week]:
                yield from (slot for slot in cut(opening, length, minutes, taken) if slot.start >= start)

    def first(self, mentor: Mentor, minutes: int, now: datetime, count: int = 1) -> tuple[TimeSlot, ...]:
        return tuple(islice(self.of(mentor, minutes, now), count))

    def spare(self, mentor: Mentor, now: datetime) -> int:
        """Sessions left in the mentor's current week."""
        return max(0, mentor.capacity - self._bookings.load(mentor.id, week_of(now, mentor.time_zone)))

    def spare_ahead(self, mentor: Mentor, now: datetime) -> bool:
        """Whether the mentor can still take something: a free slot ahead, or no office hours and a spare session."""
        return bool(self.first(mentor, 30, now)) or (not mentor.blocks and self.spare(mentor, now) > 0)

    def offers(self, mentor: Mentor, slot: TimeSlot, now: datetime) -> bool:
        """Whether this exact slot lies inside the office hours and ahead of now; it may still be taken."""
        if slot.start < now or slot.start.minute % 15:
            return False
        near = self._openings(mentor, slot.start - timedelta(hours=2), slot.start + timedelta(minutes=1))
        return any(opening <= slot.start and slot.end <= opening + timedelta(minutes=n) for opening, n in near)

    def _openings(self, mentor: Mentor, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
        return sorted(
            (opening, block.minutes)
            for block in mentor.blocks
            for opening in self._calendar.occurrences(block, mentor.time_zone, start, end)
        )
