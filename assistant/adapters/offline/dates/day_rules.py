"""Which day each kind of date phrase means, seen from a day. A rule gives None for a day that there is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from assistant.adapters.offline.dates.words import month, number, weekday

_FRIDAY, _WEEK, _CENTURY = 4, 7, 100


@dataclass(frozen=True)
class Reference:
    """What a phrase is relative to: today, the day that "the day after" follows, and the days of named events.

    A date without a year that is up to `grace` days ago is this year's, an older one is next year's.
    """

    on: date
    after: date | None = None
    event: Callable[[str], date | None] | None = None
    grace: int = 14


Match = re.Match[str]
Rule = Callable[[Match, Reference], date | None]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plus(on: date, days: int = 0, months: int = 0, **parts: int) -> date | None:
    """So many months and days later; `parts` replace those of the date, the day at most by the last of the month."""
    try:
        return on + relativedelta(months=months, days=days, **parts)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


def _end(on: date, months: int = 0) -> date | None:
    """The last day of the month that is so many months after `on`."""
    return _plus(on, months=months, day=31)


def _next(found: Match) -> bool:
    return (found["which"] or "").strip().lower() == "next"


def dated(found: Match, seen: Reference) -> date | None:
    """A day of a month: in the year given, else in the year that the grace period leaves."""
    day, named, year = number(found["d"]), found["m"], found["y"]
    numbered = int(named) if named.isdigit() else month(named)
    if year:
        return _date(int(year) + (2000 if int(year) < _CENTURY else 0), numbered, day)
    this = _date(seen.on.year, numbered, day)
    return this if this and (seen.on - this).days <= seen.grace else _date(min(seen.on.year + 1, 9999), numbered, day)


def _day_of_month(on: date, months: int, day: int) -> date | None:
    """That day so many months after `on`, if the month has it."""
    first = _plus(on, months=months, day=1)
    return first and _date(first.year, first.month, day)


def nth(found: Match, seen: Reference) -> date | None:
    candidates = (_day_of_month(seen.on, ahead, number(found["d"])) for ahead in range(3))
    return next((day for day in candidates if day and day >= seen.on), None)


def nth_of(found: Match, seen: Reference) -> date | None:
    return _day_of_month(seen.on, int(_next(found)), number(found["d"]))


def end_of_week(found: Match, seen: Reference) -> date | None:
    ahead = _FRIDAY - seen.on.weekday()
    return _plus(seen.on, ahead + _WEEK if _next(found) else ahead % _WEEK)


def end_of_month(found: Match, seen: Reference) -> date | None:
    return _end(seen.on, int(_next(found)))


def end_of_quarter(found: Match, seen: Reference) -> date | None:
    return _end(seen.on, 2 - (seen.on.month - 1) % 3 + 3 * _next(found))


def end_of_named(found: Match, seen: Reference) -> date | None:
    """The last day of the named month or quarter, in the year given, else of the next one that is not over."""
    named = found["m"].lower()
    last = int(named[1]) * 3 if named[0] == "q" else month(named)
    year = found.groupdict().get("y")
    return _end(date(int(year), last, 1)) if year and int(year) else _end(seen.on, (last - seen.on.month) % 12)


def before_month(found: Match, seen: Reference) -> date | None:
    return _end(seen.on, (month(found["m"]) - seen.on.month - 1) % 12)


def middle(found: Match, seen: Reference) -> date | None:
    last = end_of_named(found, seen)
    return last and last.replace(day=15)


def following(found: Match, seen: Reference) -> date | None:
    """A weekday of the next Monday-to-Sunday week."""
    return _plus(seen.on, _WEEK - seen.on.weekday() + weekday(found["day"]))


def coming(found: Match, seen: Reference) -> date | None:
    return _plus(seen.on, (weekday(found["day"]) - seen.on.weekday()) % _WEEK or _WEEK)


def this(found: Match, seen: Reference) -> date | None:
    return _plus(seen.on, (weekday(found["day"]) - seen.on.weekday()) % _WEEK)


def week_on(found: Match, seen: Reference) -> date | None:
    day = coming(found, seen)
    return day and _plus(day, _WEEK)


def ahead(found: Match, seen: Reference) -> date | None:
    count, unit = number(found["n"]), found["unit"].lower()
    if unit.startswith("working"):
        return _working(seen.on, count)
    if unit.startswith("h"):
        return _plus(seen.on, count // 24)
    if unit.startswith(("month", "year")):
        return _plus(seen.on, months=count * (12 if unit.startswith("year") else 1))
    return _plus(seen.on, count * (14 if unit.startswith("fortnight") else _WEEK if unit.startswith("w") else 1))


def _working(on: date, count: int) -> date | None:
    day: date | None = on
    while day and count > 0:
        day = _plus(day, 1)
        count -= bool(day and day.weekday() <= _FRIDAY)
    return day


def beside(found: Match, seen: Reference) -> date | None:
    """A day counted from a named event ("the day before the call"), else from the action before."""
    named = (found["event"] or "").strip()
    anchor = (seen.event(named) if seen.event else None) if named else seen.after
    size = _WEEK if found["unit"].lower().startswith("week") else 1
    steps = number(found["n"] or "one") * size
    return _plus(anchor, -steps if found["side"].lower() == "before" else steps) if anchor else None


def fixed(count: int) -> Rule:
    return lambda _found, seen: _plus(seen.on, count)


def last_of_year(_found: Match, seen: Reference) -> date | None:
    return date(seen.on.year, 12, 31)


def christmas(_found: Match, seen: Reference) -> date | None:
    return date(min(seen.on.year + (seen.on > date(seen.on.year, 12, 25)), 9999), 12, 25)
