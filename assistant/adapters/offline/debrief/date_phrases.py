"""The grammar of date phrases: which words name a day, and which day that is, seen from the day of the session.

"Next Friday" and "Friday next week" lie in the following Monday-to-Sunday week, a bare weekday is the next one after
the session, the end of a week is its Friday.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
_TEENS = [
    "tenth",
    "eleventh",
    "twelfth",
    *(f"{n}teenth" for n in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
]
_ORDINALS = [*_UNITS, *_TEENS, "twentieth"]
_CARDINALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_FRIDAY, _WEEK, _YEAR_MONTHS, _CENTURY = 4, 7, 12, 100

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_DAY = r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?!'s)\b"
_SPELT = rf"(?:(?:twenty|thirty)[- ](?:{'|'.join(_UNITS)})|{'|'.join(_ORDINALS)}|thirtieth)"
_NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{_SPELT})\b"
_NUMBER = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\b|{_SPELT}\b)"
_WEEKDAY = rf"(?:{_DAY},? )?(?:the )?"
_COUNT = rf"(?P<n>\d{{1,2}}|an?|{'|'.join(_CARDINALS)}|(?:a )?couple of)"
_RELATIVE = r"(?P<which>the |this |next )?"


@dataclass(frozen=True)
class Reference:
    """From where a phrase is read: the session's day, the day that "the day after" follows, days of named events."""

    on: date
    after: date | None = None
    event: Callable[[str], date | None] | None = None


@dataclass(frozen=True)
class Phrase:
    """text[start:end] names the day `on`."""

    start: int
    end: int
    on: date


_Match = re.Match[str]
_Reader = Callable[[_Match, Reference], date | None]


def phrases(text: str, seen: Reference) -> Iterator[Phrase]:
    """All date phrases of the text, in order; at each place the first rule of the grammar that gives a day."""
    at = 0
    for hint in _HINT.finditer(text):
        if hint.start() < at:
            continue
        for pattern, reader in _GRAMMAR:
            found = pattern.match(text, hint.start())
            day = reader(found, seen) if found else None
            if found and day is not None:
                yield Phrase(found.start(), found.end(), day)
                at = found.end()
                break


def _number(words: str) -> int:
    words = words.lower().removeprefix("a ").strip()
    if words[:1].isdigit():
        return int(words.rstrip("stndrh"))
    if words in ("a", "an"):
        return 1
    if words == "couple of":
        return 2
    if words in _CARDINALS:
        return _CARDINALS.index(words) + 1
    tens = 20 if words.startswith("twenty") else 30 if words.startswith("thirt") and words != "thirteenth" else 0
    unit = words if not tens else re.split(r"[- ]", words)[-1]
    return tens + (_ORDINALS.index(unit) + 1 if unit in _ORDINALS else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plus(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _dated(day: int, month: int, year: str | None, on: date) -> date | None:
    """A day of a month: in the year said, else the next time it comes, a fortnight of grace for the past."""
    if year:
        return _date(int(year) + (2000 if int(year) < _CENTURY else 0), month, day)
    this = _date(on.year, month, day)
    return this if this and this >= on - timedelta(days=14) else _date(min(on.year + 1, 9999), month, day)


def _month(words: str) -> int:
    return _MONTHS.index(words[:3].lower()) + 1


def _weekday(words: str) -> int:
    return _DAYS.index(words[:3].lower())


def _numeric(found: _Match, seen: Reference) -> date | None:
    return _dated(int(found["d"]), int(found["m"]), found["y"], seen.on)


def _nth(found: _Match, seen: Reference) -> date | None:
    day = _number(found["d"])
    for ahead in range(3):
        year, month = divmod(seen.on.year * _YEAR_MONTHS + seen.on.month - 1 + ahead, _YEAR_MONTHS)
        candidate = _date(year, month + 1, day)
        if candidate and candidate >= seen.on:
            return candidate
    return None


def _last_of_month(on: date, ahead: int = 0) -> date | None:
    year, month = divmod(on.year * _YEAR_MONTHS + on.month - 1 + ahead, _YEAR_MONTHS)
    return _date(year, month + 1, monthrange(year, month + 1)[1]) if year <= date.max.year else None


def _next(found: _Match) -> bool:
    return (found["which"] or "").strip().lower() == "next"


def _end_of_week(found: _Match, seen: Reference) -> date | None:
    ahead = _FRIDAY - seen.on.weekday()
    return _plus(seen.on, ahead + _WEEK if _next(found) or ahead < 0 else ahead)


def _end_of_quarter(found: _Match, seen: Reference) -> date | None:
    left = 2 - (seen.on.month - 1) % 3
    return _last_of_month(seen.on, left + 3 * _next(found))


def _end_of_named(found: _Match, seen: Reference) -> date | None:
    return _last_of_month(seen.on, (_month(found["m"]) - seen.on.month) % _YEAR_MONTHS)


def _following(found: _Match, seen: Reference) -> date | None:
    """A weekday of the next Monday-to-Sunday week."""
    return _plus(seen.on, _WEEK - seen.on.weekday() + _weekday(found["day"]))


def _coming(found: _Match, seen: Reference) -> date | None:
    return _plus(seen.on, (_weekday(found["day"]) - seen.on.weekday()) % _WEEK or _WEEK)


def _this(found: _Match, seen: Reference) -> date | None:
    return _plus(seen.on, (_weekday(found["day"]) - seen.on.weekday()) % _WEEK)


def _week_on(found: _Match, seen: Reference) -> date | None:
    coming = _coming(found, seen)
    return coming and _plus(coming, _WEEK)


def _ahead(found: _Match, seen: Reference) -> date | None:
    number, unit = _number(found["n"]), found["unit"].lower()
    if unit.startswith("month"):
        year, month = divmod(seen.on.year * _YEAR_MONTHS + seen.on.month - 1 + number, _YEAR_MONTHS)
        return _date(year, month + 1, min(seen.on.day, 28)) if year <= date.max.year else None
    if unit.startswith("working"):
        return _working(seen.on, number)
    return _plus(seen.on, number * (14 if unit.startswith("fortnight") else _WEEK if unit.startswith("week") else 1))


def _working(on: date, days: int) -> date | None:
    day: date | None = on
    while day and days > 0:
        day = _plus(day, 1)
        days -= bool(day and day.weekday() <= _FRIDAY)
    return day


def _beside(found: _Match, seen: Reference) -> date | None:
    """A day counted from another: from a named event ("the day before the call"), else from the action before."""
    named = (found["event"] or "").strip()
    anchor = seen.event(named) if named and seen.event else None
    if named and anchor is None:
        return None
    anchor = anchor or seen.after
    size = _WEEK if found["unit"].lower().startswith("week") else 1
    steps = _number(found["n"] or "one") * size
    return _plus(anchor, -steps if found["side"].lower() == "before" else steps) if anchor else None


def _fixed(days: int) -> _Reader:
    return lambda _found, seen: _plus(seen.on, days)


_OF_EVENT = r"(?P<event> (?:the|our|my|your) [\w' -]{3,40})?"
_SHAPES: tuple[tuple[str, _Reader], ...] = (
    (r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)\b", _numeric),
    (
        rf"{_WEEKDAY}(?P<d>{_NUMBER})(?: of)? (?P<m>{_MONTH})(?:,? (?P<y>\d{{4}})\b)?",
        lambda f, s: _dated(_number(f["d"]), _month(f["m"]), f["y"], s.on),
    ),
    (
        rf"(?:{_DAY},? )?(?P<m>{_MONTH})\.? (?:the )?(?P<d>{_NUMBER})(?:,? (?P<y>\d{{4}})\b)?",
        lambda f, s: _dated(_number(f["d"]), _month(f["m"]), f["y"], s.on),
    ),
    (r"(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{2,4}))?(?![\d/])", _numeric),
    (r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{2,4})?(?!\d)", _numeric),
    (rf"(?:{_DAY},? )?the (?P<d>{_NTH})(?! (?:time|go|attempt|slide|one|part|draft|version|floor|two|line)\b)", _nth),
    (rf"{_DAY},? (?P<d>\d{{1,2}}(?:st|nd|rd|th))\b", _nth),
    (rf"(?:(?:the )?end of {_RELATIVE}week|eow)\b", _end_of_week),
    (rf"(?:(?:the )?end of (?:the )?(?P<m>{_MONTH}))", _end_of_named),
    (rf"(?:(?:the )?end of {_RELATIVE}month|month[- ]end)\b", lambda f, s: _last_of_month(s.on, int(_next(f)))),
    (rf"(?:(?:the )?end of {_RELATIVE}quarter|quarter[- ]end)\b", _end_of_quarter),
    (r"(?:(?:the )?end of (?:the |this )?year|year[- ]end)\b", lambda _f, s: date(s.on.year, 12, 31)),
    (r"(?:today|tonight|this (?:morning|afternoon|evening)|eod|cob|close of business)\b", _fixed(0)),
    (r"(?:the )?end of (?:the |my )?(?:day|shift)\b", _fixed(0)),
    (r"the day after tomorrow\b", _fixed(2)),
    (r"(?:tomorrow week|a week (?:from )?tomorrow)\b", _fixed(8)),
    (r"(?:tomorrow|tmrw)\b", _fixed(1)),
    (rf"(?P<day>{_DAY}) (?:of )?next week\b", _following),
    (rf"next week,? (?:on )?(?P<day>{_DAY})", _following),
    (rf"next (?P<day>{_DAY})", _following),
    (rf"(?P<day>{_DAY}) week\b", _week_on),
    (rf"a week (?:on|from) (?P<day>{_DAY})", _week_on),
    (rf"this (?:coming )?(?P<day>{_DAY})", _this),
    (rf"(?:(?:in|within)(?: the next)?) {_COUNT} (?P<unit>(?:working )?days?|weeks?|months?|fortnights?)\b", _ahead),
    (r"(?:a week (?:from )?today|this time next week|in a week's time)\b", _fixed(_WEEK)),
    (r"(?:a fortnight (?:from )?(?:today|now)|in two weeks'? time)\b", _fixed(14)),
    (rf"{_COUNT} (?P<unit>days?|weeks?) (?P<side>later|after|before)\b(?: (?:that|then)\b)?{_OF_EVENT}", _beside),
    (rf"the (?P<n>)(?P<unit>day|week) (?P<side>after|before)\b{_OF_EVENT}", _beside),
    (rf"(?:coming )?(?P<day>{_DAY})", _coming),
)  # fmt: skip
_GRAMMAR = tuple((re.compile(pattern, re.IGNORECASE), reader) for pattern, reader in _SHAPES)
_HINT = re.compile(
    rf"(?<![\w./-])(?:\d|{_DAY}|{_MONTH}|the |end |this |next |eow|eod|cob|close |today|tonight|tomorrow|tmrw|in "
    rf"|within |an? |coming |month|quarter|year|(?:{'|'.join(_CARDINALS)}) |{_SPELT})",
    re.IGNORECASE,
)
