"""Office-hour blocks, time slots and weeks. A block recurs by an RFC 5545 rule in the mentor's zone; a slot is in UTC.

The Calendar port expands rules into occurrences, since that needs a library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

CELL = timedelta(minutes=15)
MINUTES_OFFERED = (30, 45, 60)


@dataclass(frozen=True)
class Block:
    """A recurring office-hours block: `rule` as in RFC 5545 (no DTSTART), `minutes` long, local to the mentor's zone."""

    rule: str
    minutes: int


@dataclass(frozen=True, order=True)
class TimeSlot:
    """One meeting: `start` is aware and in UTC, `minutes` is its length."""

    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    def cells(self) -> tuple[datetime, ...]:
        """The quarter hours it occupies; two slots overlap exactly if they share a cell."""
        count = -(-self.minutes // 15)
        return tuple(self.start + CELL * i for i in range(count))


def cut(start: datetime, block_minutes: int, minutes: int, taken: frozenset[datetime]) -> Iterator[TimeSlot]:
    """Cuts one occurrence of a block into free, non-overlapping slots of `minutes` that begin on a quarter hour."""
    cursor, end = on_grid(start), start + timedelta(minutes=block_minutes)
    while cursor + timedelta(minutes=minutes) <= end:
        slot = TimeSlot(cursor, minutes)
        if taken.isdisjoint(slot.cells()):
            yield slot
            cursor = on_grid(slot.end)
        else:
            cursor += CELL


def on_grid(moment: datetime) -> datetime:
    """The moment, rounded up to a quarter hour."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment + CELL - past if past else moment


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone known to this machine."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def week_of(moment: datetime, zone: str) -> str:
    """The ISO week of a moment in a zone, such as 2026-W47. Capacity is counted by week."""
    return _week(moment.astimezone(zone_of(zone)).date())


def weeks_around(moment: datetime, zone: str, back: int, ahead: int) -> dict[str, int]:
    """The ISO weeks from `back` weeks before a moment to `ahead` weeks after, with their distance (0 is the moment's week)."""
    today = moment.astimezone(zone_of(zone)).date()
    return {_week(today + timedelta(weeks=n)): n for n in range(-back, ahead + 1)}


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone, cached. Raises ZoneInfoNotFoundError."""
    return ZoneInfo(name)


@lru_cache(maxsize=4_096)
def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def as_utc(moment: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
