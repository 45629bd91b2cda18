"""Free slots of mentors: office hours cut to the wished length, minus bookings, within the weekly capacity."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice, tee

from assistant.domain.mentor import Mentor
from assistant.domain.schedule import Block, TimeSlot, cut, on_grid, week_of, weeks_around, zone_of
from assistant.ports import BookingStore, Calendar

HORIZON = timedelta(days=21)
NOTICE = timedelta(hours=2)
FARTHEST = timedelta(days=366)
"""The latest start of a slot from now, which bounds the expansion of office hours."""
DAY = (7, 21)
WEEKS_BACK, WEEKS_AHEAD = 26, 3
"""Weeks around the current one whose sessions count as load. With daylight saving the horizon may end one week later."""
log = logging.getLogger(__name__)


def by_daylight(slot: TimeSlot, zone: str) -> bool:
    """Whether a slot begins between 7 and 21 h in `zone`."""
    return DAY[0] <= slot.start.astimezone(zone_of(zone)).hour < DAY[1]


@dataclass(frozen=True)
class Availability:
    """A snapshot of the bookings of several mentors at `now`.

    `sessions` holds the seats taken by mentor and week, relative to the mentor's current week (-1 is the last).
    """

    calendar: Calendar
    now: datetime
    taken: Mapping[str, frozenset[datetime]]
    sessions: Mapping[str, Mapping[int, int]]

    def free(self, mentor: Mentor, minutes: int) -> Iterator[TimeSlot]:
        """Free slots in time order, from two hours to three weeks after `now`."""
        start, longest = self.now + NOTICE, _longest(mentor)
        taken = self.taken.get(mentor.id, frozenset())
        blocks = openings(self.calendar, mentor, start - longest, self.now + HORIZON)
        free = {slot for opening, length in blocks for slot in cut(opening, length, minutes, taken)}
        weeks = weeks_around(self.now, mentor.time_zone, 0, WEEKS_AHEAD + 1)
        for slot in sorted(slot for slot in free if slot.start >= start):
            if self._seats_left(mentor, weeks[week_of(slot.start, mentor.time_zone)]):
                yield slot

    def first(self, mentor: Mentor, minutes: int, count: int = 1, zone: str | None = None) -> tuple[TimeSlot, ...]:
        """The first `count` free slots; with `zone` preferably those between 7 and 21 h there."""
        if zone is None:
            return tuple(islice(self.free(mentor, minutes), count))
        by_day, ahead = tee(self.free(mentor, minutes))
        return tuple(islice((slot for slot in by_day if by_daylight(slot, zone)), count)) or tuple(islice(ahead, count))

    def spare(self, mentor: Mentor) -> int:
        """Sessions left in the mentor's current week."""
        return self._seats_left(mentor, 0)

    def ahead(self, mentor: Mentor) -> bool:
        """Whether the mentor can take a request: a free slot, or no office hours and a session left this week."""
        return bool(self.first(mentor, 30)) or (not mentor.blocks and self.spare(mentor) > 0)

    def _seats_left(self, mentor: Mentor, week: int) -> int:
        return max(0, mentor.capacity - self.sessions.get(mentor.id, {}).get(week, 0))


class FreeSlots:
    """Reads free slots. Booking one is decided by database constraints, not by this check."""

    def __init__(self, calendar: Calendar, bookings: BookingStore) -> None:
        self._calendar = calendar
        self._bookings = bookings

    def available(self, mentors: Collection[Mentor], now: datetime) -> Availability:
        """The bookings of all these mentors, in two reads."""
        longest = max(map(_longest, mentors), default=timedelta())
        ids = [mentor.id for mentor in mentors]
        taken = self._bookings.taken(ids, now + NOTICE - longest, now + HORIZON + longest)
        return Availability(self._calendar, now, taken, self._sessions(mentors, now))

    def first(self, mentor: Mentor, minutes: int, now: datetime, count: int = 1, zone: str | None = None) -> tuple[TimeSlot, ...]:
        """`Availability.first` for one mentor."""
        return self.available([mentor], now).first(mentor, minutes, count, zone)

    def spare(self, mentor: Mentor, now: datetime) -> int:
        """Sessions left in the mentor's current week."""
        return self.available([mentor], now).spare(mentor)

    def spare_ahead(self, mentor: Mentor, now: datetime) -> bool:
        """`Availability.ahead` for one mentor."""
        return self.available([mentor], now).ahead(mentor)

    def offers(self, mentor: Mentor, slot: TimeSlot, now: datetime) -> bool:
        """Whether the slot is in the future, on a quarter hour and within office hours; it may still be booked."""
        if not now <= slot.start <= now + FARTHEST or slot.start != on_grid(slot.start):
            return False
        near = openings(self._calendar, mentor, slot.start - _longest(mentor), slot.start + timedelta(minutes=1))
        return any(opening <= slot.start and slot.end <= opening + timedelta(minutes=n) for opening, n in near)

    def _sessions(self, mentors: Collection[Mentor], now: datetime) -> dict[str, dict[int, int]]:
        zones = {zone: weeks_around(now, zone, WEEKS_BACK, WEEKS_AHEAD + 1) for zone in {mentor.time_zone for mentor in mentors}}
        weeks = {mentor.id: zones[mentor.time_zone] for mentor in mentors}
        taken = self._bookings.seats(weeks.keys(), {week for of_zone in zones.values() for week in of_zone})
        found: dict[str, dict[int, int]] = {mentor: {} for mentor in weeks}
        for (mentor, week), count in taken.items():
            if week in weeks[mentor]:
                found[mentor][weeks[mentor][week]] = count
        return found


def openings(calendar: Calendar, mentor: Mentor, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
    """The office hours that begin in [start, end), in time order, with their length in minutes."""
    found = ((moment, block.minutes) for block in mentor.blocks for moment in _starts(calendar, block, mentor, start, end))
    return sorted(found)


def _starts(calendar: Calendar, block: Block, mentor: Mentor, start: datetime, end: datetime) -> Iterable[datetime]:
    """The starts of a block; none if the calendar cannot expand a stored block, so that it does not fail the turn."""
    try:
        return calendar.occurrences(block, mentor.time_zone, start, end)
    except (ValueError, OverflowError):
        _warn_once(id(calendar))
        return ()


@lru_cache(maxsize=8)
def _warn_once(calendar: int) -> None:
    log.warning("Office hours of stored mentors cannot be expanded and offer no times; askwell doctor names them.")


def _longest(mentor: Mentor) -> timedelta:
    return timedelta(minutes=max((block.minutes for block in mentor.blocks), default=0))
