"""When a mentor is free: office hours, cut to the wished length, minus what is booked, within the week's capacity."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from assistant.domain.mentor import Mentor
from assistant.domain.schedule import Block, TimeSlot, cut, on_grid, week_of, weeks_around, zone_of
from assistant.ports import BookingStore, Calendar

HORIZON = timedelta(days=21)
NOTICE = timedelta(hours=2)
FARTHEST = timedelta(days=366)
"""No slot is taken beyond it: office hours of the year 9000 would take long to count."""
DAY = (7, 21)
log = logging.getLogger(__name__)


def by_daylight(slot: TimeSlot, zone: str) -> bool:
    """Whether a slot begins at an hour at which people in `zone` are awake."""
    return DAY[0] <= slot.start.astimezone(zone_of(zone)).hour < DAY[1]


class FreeSlots:
    """Reads only; what it shows is claimed later by constraint, never by this look."""

    def __init__(self, calendar: Calendar, bookings: BookingStore) -> None:
        self._calendar = calendar
        self._bookings = bookings
        self._has_told = False

    def of(self, mentor: Mentor, minutes: int, now: datetime) -> Iterator[TimeSlot]:
        """Free slots in time order from two hours after `now` on, for three weeks."""
        start, end, longest = now + NOTICE, now + HORIZON, _longest(mentor)
        taken = self._bookings.taken(mentor.id, start - longest, end + longest)
        blocks = self._openings(mentor, start - longest, end)
        free = {slot for opening, length in blocks for slot in cut(opening, length, minutes, taken)}
        room: dict[str, bool] = {}
        for slot in sorted(slot for slot in free if slot.start >= start):
            week = week_of(slot.start, mentor.time_zone)
            if week not in room:
                room[week] = self._bookings.load(mentor.id, week) < mentor.capacity
            if room[week]:
                yield slot

    def first(self, mentor: Mentor, minutes: int, now: datetime, count: int = 1, zone: str | None = None) -> tuple[TimeSlot, ...]:
        """The first `count` free slots; with `zone` those by day (7 to 21 h) there, if there are any."""
        if zone is None:
            return tuple(islice(self.of(mentor, minutes, now), count))
        free = list(self.of(mentor, minutes, now))
        by_day = [slot for slot in free if by_daylight(slot, zone)]
        return tuple((by_day or free)[:count])

    def spare(self, mentor: Mentor, now: datetime) -> int:
        """Sessions left in the mentor's current week."""
        return max(0, mentor.capacity - self._bookings.load(mentor.id, week_of(now, mentor.time_zone)))

    def seats(self, mentors: Collection[Mentor], now: datetime, back: int, ahead: int) -> dict[str, dict[int, int]]:
        """Sessions by mentor id and week, counted from the mentor's current week (-1 is the last), in one look."""
        zones = {zone: weeks_around(now, zone, back, ahead) for zone in {mentor.time_zone for mentor in mentors}}
        weeks = {mentor.id: zones[mentor.time_zone] for mentor in mentors}
        taken = self._bookings.seats(weeks.keys(), {week for of_zone in zones.values() for week in of_zone})
        found: dict[str, dict[int, int]] = {mentor: {} for mentor in weeks}
        for (mentor, week), count in taken.items():
            if week in weeks[mentor]:
                found[mentor][weeks[mentor][week]] = count
        return found

    def spare_ahead(self, mentor: Mentor, now: datetime) -> bool:
        """Whether the mentor can still take something: a free slot ahead, or no office hours and a spare session."""
        return bool(self.first(mentor, 30, now)) or (not mentor.blocks and self.spare(mentor, now) > 0)

    def offers(self, mentor: Mentor, slot: TimeSlot, now: datetime) -> bool:
        """Whether this exact slot lies inside the office hours, on the quarter hour and ahead of now; it may still be taken."""
        if not now <= slot.start <= now + FARTHEST or slot.start != on_grid(slot.start):
            return False
        near = self._openings(mentor, slot.start - _longest(mentor), slot.start + timedelta(minutes=1))
        return any(opening <= slot.start and slot.end <= opening + timedelta(minutes=n) for opening, n in near)

    def _openings(self, mentor: Mentor, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
        found = ((moment, block.minutes) for block in mentor.blocks for moment in self._moments(mentor, block, start, end))
        return sorted(found)

    def _moments(self, mentor: Mentor, block: Block, start: datetime, end: datetime) -> Iterable[datetime]:
        """When a block begins. One that the calendar cannot expand begins never, so that it ends nobody's turn."""
        try:
            return self._calendar.occurrences(block, mentor.time_zone, start, end)
        except (ValueError, OverflowError):
            if not self._has_told:
                self._has_told = True
                log.warning("Office hours of stored mentors cannot be expanded and offer no times; askwell doctor names them.")
            return ()


def _longest(mentor: Mentor) -> timedelta:
    return timedelta(minutes=max((block.minutes for block in mentor.blocks), default=0))
