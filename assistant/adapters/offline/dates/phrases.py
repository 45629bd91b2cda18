"""The grammar of English date phrases: where a text names a day or a period, and which day that is.

Rules: "next Friday" and "Friday next week" lie in the following Monday-to-Sunday week, a bare weekday is the next one
after today, the end of a week is its Friday, day comes before month. The rules are tried in order at each hint.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = tuple(f"{n}teenth" for n in ("thir", "four", "fif", "six", "seven", "eigh", "nine"))
_ORDINALS = (*_UNITS, "tenth", "eleventh", "twelfth", *_TEENS, "twentieth")
_FRIDAY, _WEEK, _CENTURY = 4, 7, 100

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_DAY = r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:(?:ur|er)day)?|sun(?:day)?)(?!'s)\b"
_SPELT = rf"(?:(?:twenty|thirty)[- ](?:{'|'.join(_UNITS)})|{'|'.join(_ORDINALS)}|thirtieth)"
_NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{_SPELT})\b"
_NUMBER = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\b|{_SPELT}\b)"
_COUNT = rf"(?P<n>\d{{1,2}}|an?|{'|'.join(_CARDINALS)}|(?:a )?couple of)"
_WHICH = r"(?P<which>the |this |next )?"
_EVENT = r"(?P<event> (?:the|our|my|your) [\w' -]{3,40})?"


@dataclass(frozen=True)
class Reference:
    """What a phrase is relative to: today, the day that "the day after" follows, and the days of named events.

    A date without a year that is up to `grace` days ago is this year's, an older one is next year's.
    """

    on: date
    after: date | None = None
    event: Callable[[str], date | None] | None = None
    grace: int = 14


@dataclass(frozen=True)
class Phrase:
    """text[start:end] names the day `on`; None for a period without a clear end ("next month", "asap").

    Not `exact`: the phrase names a period or is only read as a date in a deadline, and `on` is its last day.
    """

    start: int
    end: int
    on: date | None
    exact: bool = True


_Match = re.Match[str]
_Reader = Callable[[_Match, Reference], date | None]


def phrases(text: str, seen: Reference) -> Iterator[Phrase]:
    """All date phrases in order; at each place the first rule that gives a day, else the first that matches."""
    at = 0
    for hint in _HINT.finditer(text):
        found = _phrase(text, hint.start(), seen) if hint.start() >= at else None
        if found:
            yield found
            at = found.end


def days(text: str, seen: Reference) -> Iterator[Phrase]:
    """The phrases that name one day exactly."""
    return (phrase for phrase in phrases(text, seen) if phrase.exact and phrase.on)


def _phrase(text: str, at: int, seen: Reference) -> Phrase | None:
    for number, (pattern, reader) in enumerate(_GRAMMAR):
        found = pattern.match(text, at)
        day = reader(found, seen) if found else None
        if found and day and not _is_other_word(text, found):
            return Phrase(at, found.end(), day, exact=number < len(_EXACT))
    vague = _VAGUE.match(text, at)
    return Phrase(at, vague.end(), None, exact=False) if vague else None


def _is_other_word(text: str, found: _Match) -> bool:
    """Whether "may", "mar", "sat" or "sun" is in lower case, inside a sentence and without a preposition."""
    if found[0] not in ("may", "mar", "sat", "sun"):
        return False
    before, after = text[max(0, found.start() - 12) : found.start()], text[found.end() : found.end() + 1]
    return not _PREPOSITION.search(before) and bool(before.strip() or after.strip())


def _number(words: str) -> int:
    words = " ".join(words.lower().split()).removeprefix("a ")
    if words[:1].isdigit():
        return int(words.rstrip("stndrh"))
    if words in ("a", "an", "couple of"):
        return 1 + (words == "couple of")
    if words in _CARDINALS:
        return _CARDINALS.index(words) + 1
    tens = 20 if words.startswith("twenty") else 30 if words.startswith("thirt") and words != "thirteenth" else 0
    unit = words if not tens else re.split(r"[-\s]", words)[-1]
    return tens + (_ORDINALS.index(unit) + 1 if unit in _ORDINALS else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plus(day: date, count: int) -> date | None:
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return None


def _month(words: str) -> int:
    return _MONTHS.index(words[:3].lower()) + 1


def _weekday(found: _Match) -> int:
    return _DAYS.index(found["day"][:3].lower())


def _shifted(on: date, months: int) -> tuple[int, int]:
    """Year and month so many months after `on`."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return year, month + 1


def _end(on: date, months: int = 0) -> date | None:
    """The last day of the month that is so many months after `on`."""
    year, month = _shifted(on, months)
    return _date(year, month, monthrange(year, month)[1]) if year <= date.max.year else None


def _next(found: _Match) -> bool:
    return (found["which"] or "").strip().lower() == "next"


def _dated(found: _Match, seen: Reference) -> date | None:
    """A day of a month: in the year given, else in the year that the grace period leaves."""
    day, month, year = _number(found["d"]), found["m"], found["y"]
    month = int(month) if month.isdigit() else _month(month)
    if year:
        return _date(int(year) + (2000 if int(year) < _CENTURY else 0), month, day)
    this = _date(seen.on.year, month, day)
    return this if this and (seen.on - this).days <= seen.grace else _date(min(seen.on.year + 1, 9999), month, day)


def _nth(found: _Match, seen: Reference) -> date | None:
    candidates = (_date(*_shifted(seen.on, ahead), _number(found["d"])) for ahead in range(3))
    return next((day for day in candidates if day and day >= seen.on), None)


def _nth_of(found: _Match, seen: Reference) -> date | None:
    return _date(*_shifted(seen.on, int(_next(found))), _number(found["d"]))


def _end_of_week(found: _Match, seen: Reference) -> date | None:
    ahead = _FRIDAY - seen.on.weekday()
    return _plus(seen.on, ahead + _WEEK if _next(found) or ahead < 0 else ahead)


def _end_of_month(found: _Match, seen: Reference) -> date | None:
    return _end(seen.on, int(_next(found)))


def _end_of_quarter(found: _Match, seen: Reference) -> date | None:
    return _end(seen.on, 2 - (seen.on.month - 1) % 3 + 3 * _next(found))


def _end_of_named(found: _Match, seen: Reference) -> date | None:
    """The last day of the named month or quarter, in the year given, else of the next one that is not over."""
    named = found["m"].lower()
    month = int(named[1]) * 3 if named[0] == "q" else _month(named)
    year = found.groupdict().get("y")
    return _end(date(int(year), month, 1)) if year and int(year) else _end(seen.on, (month - seen.on.month) % 12)


def _before_month(found: _Match, seen: Reference) -> date | None:
    return _end(seen.on, (_month(found["m"]) - seen.on.month - 1) % 12)


def _middle(found: _Match, seen: Reference) -> date | None:
    last = _end_of_named(found, seen)
    return last and last.replace(day=15)


def _following(found: _Match, seen: Reference) -> date | None:
    """A weekday of the next Monday-to-Sunday week."""
    return _plus(seen.on, _WEEK - seen.on.weekday() + _weekday(found))


def _coming(found: _Match, seen: Reference) -> date | None:
    return _plus(seen.on, (_weekday(found) - seen.on.weekday()) % _WEEK or _WEEK)


def _this(found: _Match, seen: Reference) -> date | None:
    return _plus(seen.on, (_weekday(found) - seen.on.weekday()) % _WEEK)


def _week_on(found: _Match, seen: Reference) -> date | None:
    coming = _coming(found, seen)
    return coming and _plus(coming, _WEEK)


def _ahead(found: _Match, seen: Reference) -> date | None:
    number, unit = _number(found["n"]), found["unit"].lower()
    if unit.startswith(("month", "year")):
        year, month = _shifted(seen.on, number * (12 if unit.startswith("year") else 1))
        return _date(year, month, min(seen.on.day, monthrange(year, month)[1])) if year <= date.max.year else None
    if unit.startswith("working"):
        return _working(seen.on, number)
    if unit.startswith("h"):
        return _plus(seen.on, number // 24)
    return _plus(seen.on, number * (14 if unit.startswith("fortnight") else _WEEK if unit.startswith("w") else 1))


def _working(on: date, count: int) -> date | None:
    day: date | None = on
    while day and count > 0:
        day = _plus(day, 1)
        count -= bool(day and day.weekday() <= _FRIDAY)
    return day


def _beside(found: _Match, seen: Reference) -> date | None:
    """A day counted from a named event ("the day before the call"), else from the action before."""
    named = (found["event"] or "").strip()
    anchor = (seen.event(named) if seen.event else None) if named else seen.after
    size = _WEEK if found["unit"].lower().startswith("week") else 1
    steps = _number(found["n"] or "one") * size
    return _plus(anchor, -steps if found["side"].lower() == "before" else steps) if anchor else None


def _fixed(count: int) -> _Reader:
    return lambda _found, seen: _plus(seen.on, count)


def _last_of_year(_found: _Match, seen: Reference) -> date | None:
    return date(seen.on.year, 12, 31)


def _christmas(_found: _Match, seen: Reference) -> date | None:
    return date(min(seen.on.year + (seen.on > date(seen.on.year, 12, 25)), 9999), 12, 25)


_EXACT: tuple[tuple[str, _Reader], ...] = (
    (r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)\b", _dated),
    (rf"(?:{_DAY},? )?(?:the )?(?P<d>{_NUMBER})(?: of)? (?P<m>{_MONTH})(?:,? (?P<y>\d{{4}})\b)?", _dated),
    (rf"(?:{_DAY},? )?(?P<m>{_MONTH})\.? (?:the )?(?P<d>{_NUMBER})(?:,? (?P<y>\d{{4}})\b)?", _dated),
    (r"(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{2,4}))?(?![\d/])", _dated),
    (r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{2,4})?(?!\d)", _dated),
    (rf"(?:the )?(?P<d>{_NTH}) of (?P<which>this |next )month\b", _nth_of),
    (rf"(?:{_DAY},? )?the (?P<d>{_NTH})(?! (?:time|go|attempt|slide|one|part|draft|version|floor|two|line)\b)", _nth),
    (rf"{_DAY},? (?P<d>\d{{1,2}}(?:st|nd|rd|th))\b", _nth),
    (rf"(?:(?:the )?end of {_WHICH}week|eow)\b", _end_of_week),
    (rf"(?:the )?end of (?:the )?(?P<m>{_MONTH})", _end_of_named),
    (rf"(?:(?:the )?end of {_WHICH}month|month[- ]end)\b", _end_of_month),
    (rf"(?:(?:the )?end of {_WHICH}quarter|quarter[- ]end)\b", _end_of_quarter),
    (r"(?:(?:the )?end of (?:the |this )?year|year[- ]end)\b", _last_of_year),
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
    (rf"(?:in|within)(?: the next)? {_COUNT} (?P<unit>(?:working )?days?|weeks?|months?|fortnights?)\b", _ahead),
    (r"(?:a week (?:from )?today|this time next week|in a week's time)\b", _fixed(_WEEK)),
    (r"(?:a fortnight (?:from )?(?:today|now)|in two weeks'? time)\b", _fixed(14)),
    (rf"{_COUNT} (?P<unit>days?|weeks?) (?P<side>later|after|before)\b(?: (?:that|then)\b)?{_EVENT}", _beside),
    (rf"the (?P<n>)(?P<unit>day|week) (?P<side>after|before)\b{_EVENT}", _beside),
    (rf"(?:coming )?(?P<day>{_DAY})", _coming),
)  # fmt: skip
_LOOSE: tuple[tuple[str, _Reader], ...] = (
    (r"(?:tonite|tmr|tmw)\b", lambda f, s: _plus(s.on, int(f[0].lower() != "tonite"))),
    (rf"(?:in|within)(?: the next)? {_COUNT} (?P<unit>hours?|hrs?|wks?|years?)\b", _ahead),
    (r"the (?P<d>\d{1,2})\b(?! (?!(?:of|at|in|for)\b)[a-z])", _nth),
    (r"(?P<which>this |next )week\b", _end_of_week),
    (rf"mid[- ](?P<m>{_MONTH})(?: (?P<y>\d{{4}})\b)?", _middle),
    (rf"(?<!not )(?:before|b4|ahead of) (?P<m>{_MONTH})", _before_month),
    (rf"(?:(?:late|end)[- ](?:of )?)?(?P<m>{_MONTH}|q[1-4]\b)(?: (?P<y>\d{{4}})\b)?", _end_of_named),
    (r"end of (?P<m>q[1-4])\b", _end_of_named),
    (r"christmas\b", _christmas),
)  # fmt: skip
_VAGUE = re.compile(
    rf"(?:(?:this|next)\s(?:month|quarter|year|spring|summer|autumn|fall|winter)|end\sof\snext\syear|asap|easter|week\s\d{{1,2}}"
    rf"|(?:early|start)[\s-](?:of\s)?{_MONTH}|(?:in|within)\s(?:the\snext\s)?(?:a\s)?few\s(?:hours|days|weeks|months)"
    rf"|(?:in|within)\s(?:the\snext\s)?a\squarter)\b",
    re.IGNORECASE,
)
_GRAMMAR = tuple((re.compile(pattern.replace(" ", r"\s"), re.IGNORECASE), reader) for pattern, reader in (*_EXACT, *_LOOSE))
_HINT = re.compile(
    rf"(?<![\w./-])(?:\d|{_DAY}|{_MONTH}|the |end |this |next |eow|eod|cob|close |today|toni|tomorrow|tmr|tmw|in |within |an? "
    rf"|coming |month|quarter|year|(?:{'|'.join(_CARDINALS)}) |{_SPELT}|asap|easter|christmas|week |q[1-4]\b|before |b4 |ahead "
    r"|(?:early|mid|late|start)[ -])".replace(" ", r"\s"),
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:\b(?:by|before|until|till|due|on|in|for|this|next|is)|[:,(-])\s*$", re.IGNORECASE)
