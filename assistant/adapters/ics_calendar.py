"""Office hours as real moments, and a booking as an .ics file.

A rule is expanded in the wall time of the mentor's zone and only then turned into UTC, so ten o'clock stays ten o'clock
on both sides of a clock change. A time that a change skips is read with the offset before it, as RFC 5545 says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.domain.schedule import Block, TimeSlot, as_utc
from assistant.ports import Clock

if TYPE_CHECKING:
    from dateutil.rrule import rrule

ANCHOR = datetime(2024, 1, 1)
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY",
    "INTERVAL": r"[1-9]\d?",
    "BYDAY": r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)",
    "BYMONTHDAY": r"-?([1-9]|[12]\d|3[01])",
    "BYHOUR": r"[01]?\d|2[0-3]",
    "BYMINUTE": r"[0-5]?\d",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}


class IcsCalendar:
    """A Calendar. Rules count from Monday, 1 January 2024, which decides the even weeks of an INTERVAL=2."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def occurrences(self, block: Block, time_zone: str, start: datetime, end: datetime) -> Iterable[datetime]:
        """Starts in UTC, in order. Raises ValueError for an unknown zone or a rule that office hours cannot have."""
        first, last = (as_utc(moment).date() for moment in (start, end))
        return [moment for moment in _between(block.rule, time_zone, first, last) if start <= moment < end]

    def invitation(self, uid: str, slot: TimeSlot, summary: str, attendees: Sequence[str]) -> bytes:
        """One event. Mail addresses become attendees, other names stand in the description."""
        from icalendar import Calendar, Event, vCalAddress

        event = Event()
        event.add("uid", _line(uid))
        event.add("dtstamp", self._clock.now())
        event.add("dtstart", as_utc(slot.start))
        event.add("dtend", as_utc(slot.end))
        event.add("summary", _line(summary))
        names = [_line(name) for name in attendees]
        for address in filter(_is_mail, names):
            event.add("attendee", vCalAddress(f"mailto:{address}"))
        if others := [name for name in names if not _is_mail(name)]:
            event.add("description", f"With {', '.join(others)}")
        calendar = Calendar()
        calendar.add("prodid", "-//Askwell//EN")
        calendar.add("version", "2.0")
        calendar.add_component(event)
        return bytes(calendar.to_ical())


@lru_cache(maxsize=4096)
def _between(rule: str, time_zone: str, first: date, last: date) -> tuple[datetime, ...]:
    """Every start from the first day to the last and somewhat beyond, so that looks on one day share one expansion."""
    zone, around = _zone(time_zone), timedelta(days=2)
    low, high = (datetime.combine(day, time()) for day in (first - around, last + around))
    local = _rule(rule).between(low, high, inc=True)
    return tuple(sorted({moment.replace(tzinfo=zone).astimezone(UTC) for moment in local}))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(f"there is no time zone {name}") from error


@lru_cache(maxsize=4096)
def _rule(text: str) -> rrule:
    from dateutil.rrule import rrule, rrulestr

    rule = text.strip().upper().removeprefix("RRULE:")
    if "FREQ=" not in rule:
        raise ValueError("office hours need a FREQ")
    for part in rule.split(";"):
        name, _, values = part.partition("=")
        if name not in _PARTS or not all(re.fullmatch(_PARTS[name], value) for value in values.split(",")):
            raise ValueError(f"office hours cannot recur by {part}")
    expanded = rrulestr(rule, dtstart=ANCHOR, cache=True, ignoretz=True)
    if not isinstance(expanded, rrule):
        raise ValueError("office hours are one rule")
    return expanded


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _is_mail(name: str) -> bool:
    local, _, domain = name.partition("@")
    return bool(local and domain) and " " not in name
