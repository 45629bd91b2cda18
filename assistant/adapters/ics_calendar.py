"""Expands office hours into dated slots, and writes a booking as an .ics file.

A recurrence rule is expanded in the mentor's local time and then converted to UTC, so 10:00 stays 10:00 on both sides of a
clock change. A local time that a clock change skips is read with the offset before the change, as RFC 5545 says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.domain.office_hours import rule_fault
from assistant.domain.schedule import Block, TimeSlot, as_utc
from assistant.ports import Clock

if TYPE_CHECKING:
    from dateutil.rrule import rrule

ANCHOR = datetime(2024, 1, 1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class IcsCalendar:
    """Implements `ports.Calendar`. Intervals of rules, such as INTERVAL=2, count from Monday, 1 January 2024."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def occurrences(self, block: Block, time_zone: str, start: datetime, end: datetime) -> Iterable[datetime]:
        """Start times in [start, end) in UTC, in order. Raises ValueError for an unknown zone or an unsupported rule."""
        first, last = (as_utc(moment).date() for moment in (start, end))
        return [moment for moment in _between(block.rule, time_zone, first, last) if start <= moment < end]

    def invitation(self, uid: str, slot: TimeSlot, summary: str, attendees: Sequence[str]) -> bytes:
        """An .ics file with one event. Mail addresses become attendees; other names go into the description."""
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
    """All starts in UTC from `first` to `last` and a day beyond. Whole days, so that calls within one day share the cache."""
    zone = _zone(time_zone)
    return tuple(sorted({moment.replace(tzinfo=zone).astimezone(UTC) for moment in _local(rule, first, last)}))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(f"there is no time zone {name}") from error


@lru_cache(maxsize=8192)
def _local(text: str, first: date, last: date) -> tuple[datetime, ...]:
    """The local start times of a rule from the day before `first` to the day after `last`.

    Only this window is expanded, so the cost does not grow with the years since the anchor, and a rule that never occurs
    terminates too.
    """
    rule, parts = _rule(text)
    low, high = datetime.combine(first, time()) - timedelta(days=1), datetime.combine(last, time()) + timedelta(days=2)
    until = min(high, _last_moment(parts["UNTIL"])) if "UNTIL" in parts else high
    if parts["FREQ"] == "DAILY" and "BYDAY" in parts:
        # dateutil looks at UNTIL only when a day matches: filtered afterwards, a rule that never matches ends with the window.
        days = {_WEEKDAYS.index(day) for day in parts["BYDAY"].split(",")}
        every = rule.replace(dtstart=_expansion_start(parts, low), until=until, byweekday=None)
        return tuple(moment for moment in every.between(low, high, inc=True) if moment.weekday() in days)
    return tuple(rule.replace(dtstart=_expansion_start(parts, low), until=until).between(low, high, inc=True))


def _expansion_start(parts: Mapping[str, str], low: datetime) -> datetime:
    """The latest time before `low` that is a whole number of the rule's intervals after the anchor."""
    step = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "MONTHLY":
        months = (low.year - ANCHOR.year) * 12 + low.month - ANCHOR.month
        months -= months % step
        return ANCHOR.replace(year=ANCHOR.year + months // 12, month=1 + months % 12)
    days = step * (7 if parts["FREQ"] == "WEEKLY" else 1)
    return ANCHOR + timedelta(days=(low - ANCHOR).days // days * days)


def _last_moment(until: str) -> datetime:
    """The local time of an UNTIL; a date without a time includes the whole day. Raises ValueError."""
    if "T" in until:
        return datetime.strptime(until.removesuffix("Z"), "%Y%m%dT%H%M%S")
    return datetime.strptime(until, "%Y%m%d") + timedelta(days=1, seconds=-1)


@lru_cache(maxsize=4096)
def _rule(text: str) -> tuple[rrule, Mapping[str, str]]:
    """The parsed rule, and its parts by name. Raises ValueError."""
    from dateutil.rrule import rrule, rrulestr

    rule = text.strip().upper().removeprefix("RRULE:")
    if fault := rule_fault(rule):
        raise ValueError(f"office hours cannot recur so: {fault.reason}")
    expanded = rrulestr(rule, dtstart=ANCHOR, ignoretz=True)
    if not isinstance(expanded, rrule):
        raise ValueError("office hours are one rule")
    parts = dict(part.split("=") for part in rule.split(";"))
    if "UNTIL" in parts:
        _last_moment(parts["UNTIL"])
    return expanded, parts


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _is_mail(name: str) -> bool:
    local, _, domain = name.partition("@")
    return bool(local and domain) and " " not in name
