"""Deadlines by grammar: where a phrase carries a due time, and which date it means for a person in a time zone.

The phrase finder is cheap and runs always. What a weekday, a day of the month or the end of a period means is worked out
here; `dateparser` is imported only for what is left. A phrase that names no date ("soon", "next month") has none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?"
)
_MONTH = rf"(?:{_MONTHS})\b"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sater|sun)day|mon|tues?|wed|thurs?|fri|sat)\b"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_CLOCK = r"(?:(?:at\s)?(?:noon|midnight|\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|h)\b|\d{1,2}:\d\d))"
_NUMBER = r"(?:\d{1,2}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|couple\sof|few)"
_PERIOD = r"(?:hours?|days?|weeks?|months?|quarter|year|wks?|hrs?)\b"
_POINT = rf"""(?:
    (?:the\s)?{_ORDINAL}(?:\s(?:of\s)?{_MONTH})(?:\s\d{{4}})?
  | {_MONTH}\s(?:the\s)?{_ORDINAL}\b(?:,?\s\d{{4}})?
  | \d{{4}}-\d\d-\d\d | \d{{1,2}}[./]\d{{1,2}}(?:[./]\d{{2,4}})?(?![\d%])
  | the\s\d{{1,2}}(?:st|nd|rd|th)?\b(?!\s(?!of\b|at\b|in\b|for\b)[a-z])
  | (?:this\s|next\s|coming\s|on\s){{0,3}}{_DAY}(?:\s(?:week|morning|afternoon|evening|night|noon))?
  | tomorrow(?:\s(?:morning|afternoon|evening|noon|night))?\b | (?:tonight|tonite|tmrw|tmr|tmw|today|eod|cob|eow|asap)\b
  | this\s(?:morning|afternoon|evening)\b
  | close\sof\sbusiness\b | end\sof\s(?:the\s|this\s|next\s)?(?:(?:day|week|month|quarter|year|q[1-4])\b|{_MONTH})
  | (?:this|next)\s(?:week|month|quarter|year|spring|summer|autumn|fall|winter)\b
  | (?:early|mid|late|end|start)[\s-](?:of\s)?{_MONTH} | {_MONTH}(?:\s\d{{4}})? | q[1-4]\b | week\s\d{{1,2}}\b
  | (?:easter|christmas|year[\s-]end)\b
)"""
_PHRASE = re.compile(
    rf"""(?<!\w)(?:
    (?:due|deadline(?:\sis|:)?|no\slater\sthan|not\slater\sthan|by|before|until|till|latest|b4|ahead\sof|for|on|in|is)\s+
       (?:(?:the|my|our)\s(?:\w+\s){{0,3}}?(?:on\s))?{_POINT}(?:[\s,]+{_CLOCK})?
  | (?:in|within)\s(?:the\snext\s)?{_NUMBER}\s{_PERIOD}
  | {_POINT}(?:[\s,]+{_CLOCK})?
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_DATE = re.compile(rf"(?<!\w){_POINT}", re.IGNORECASE | re.VERBOSE)
_SPAN = re.compile(rf"\b(?:in|within)\s(?:the\snext\s)?{_NUMBER}\s{_PERIOD}", re.IGNORECASE)
_CUE = re.compile(r"(?:due|deadline|no later|not later|by|before|until|till|latest|b4|ahead|in |within|on )", re.IGNORECASE)
_BACK = re.compile(r"\s*(?:ago|already|last)\b", re.IGNORECASE)
_SINCE = re.compile(r"(?:\b(?:since|every|each|last|from|until|was|were|did|came|per|whole|all|of)|\bon)\s*$", re.IGNORECASE)
_BARE = frozenset({"may", "mar", "is may", "on", "sat", "wed", "in may", "is", "for one day"})
_LONGEST_POINT = 40
"""Letters of a date that `dateparser` is given; none that the grammar finds is longer."""
_SPELLING = {"tonite": "today", "tonight": "today", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "eod": "today",
             "cob": "today", "eow": "end of week", "close of business": "today"}  # fmt: skip


def phrases(text: str) -> list[tuple[int, int, float]]:
    """Candidate spans (start, end, weight 0..1) in order; a phrase with its preposition weighs more than a bare date."""
    found = []
    for match in _PHRASE.finditer(text):
        before, after = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 12]
        if not (_BACK.match(after) or _SINCE.search(before) or match[0].lower() in _BARE):
            found.append((match.start(), match.end(), 0.8 if _CUE.match(match[0]) else 0.5))
    return found


def due(phrase: str, at: datetime, time_zone: str) -> date | None:
    """The date that `phrase` means to a person in `time_zone` at the moment `at` (aware); None when it names none."""
    today = at.astimezone(_zone(time_zone)).date()
    point, span = _DATE.search(phrase), _SPAN.search(phrase)
    if re.search(r"\bnot before\b", phrase, re.IGNORECASE) or not (point or span):
        return None
    words = " ".join((point or span)[0].lower().split())  # type: ignore[index]
    words = _SPELLING.get(words, words)
    before = bool(re.search(r"\b(?:before|b4|ahead of)\b", phrase, re.IGNORECASE))
    return _weekday(words, today) or _period(words, today, before) or _day_of_month(words, today) or _parsed(words, today)


def _weekday(words: str, today: date) -> date | None:
    found = re.search(rf"(?<!\w){_DAY}", words)
    if not found or re.search(r"\d", words):
        return None
    ahead = (_WEEKDAYS.index(found[0][:3]) - today.weekday()) % 7 or 7
    if "next" in words or words.endswith("week"):
        ahead = 7 - today.weekday() + _WEEKDAYS.index(found[0][:3])
    return today + timedelta(days=ahead)


def _period(words: str, today: date, before: bool) -> date | None:
    """Ends of weeks, months and quarters, parts of a month, "this week"; a bare month counts to its end, or to its start."""
    if re.match(r"today|this (?:morning|afternoon|evening)|end of (?:the |this )?day", words):
        return today
    if re.match(r"end of (?:the |this )?week|this week", words):
        return today + timedelta(days=(4 - today.weekday()) % 7)
    if re.match(r"end of next week|next week", words):
        return today + timedelta(days=11 - today.weekday())
    if re.match(r"end of (?:the |this )?(?:month|quarter|year)|year[ -]end", words):
        month = {"m": today.month, "q": (today.month + 2) // 3 * 3}.get(words.split()[-1][0], 12)
        return _end(today.year, month)
    named = re.fullmatch(rf"(?:(early|mid|late|end|start)[ -])?(?:of )?({_MONTHS})(?: (\d{{4}}))?", words)
    if not named:
        quarter = re.fullmatch(r"(?:end of )?q([1-4])", words)
        return _ahead(int(quarter[1]) * 3, today) if quarter else None
    last = _ahead(_month(named[2]), today) if not named[3] else _end(int(named[3]), _month(named[2]))
    if named[1] == "mid":
        return last.replace(day=15)
    return last.replace(day=1) - timedelta(days=1) if before and not named[1] else None if named[1] == "early" else last


def _day_of_month(words: str, today: date) -> date | None:
    found = re.fullmatch(r"the (\d{1,2})(?:st|nd|rd|th)?", words)
    if not found:
        return None
    months = ((today.year + n // 12, n % 12 + 1) for n in range(today.month - 1, today.month + 11))
    days = (date(y, m, int(found[1])) for y, m in months if 1 <= int(found[1]) <= monthrange(y, m)[1])
    return next((day for day in days if day >= today), None)


def _parsed(words: str, today: date) -> date | None:
    if words in ("asap", "easter") or re.match(r"next (?:month|quarter|year|\w+er)|this \w+|week \d|end of next", words):
        return None
    if len(words) > _LONGEST_POINT:
        return None
    import dateparser

    settings: dict[str, Any] = {
        "PREFER_DATES_FROM": "future", "RELATIVE_BASE": datetime(today.year, today.month, today.day, 12), "DATE_ORDER": "DMY",
    }  # fmt: skip
    text = "25 december" if words == "christmas" else re.sub(r"^the ", "", words)
    found = dateparser.parse(text, languages=["en"], settings=settings)
    return found.date() if found and found.date() >= today else None


def _month(name: str) -> int:
    return "jan feb mar apr may jun jul aug sep oct nov dec".split().index(name[:3]) + 1


def _ahead(month: int, today: date) -> date:
    """The end of the next such month that is not over."""
    return _end(today.year + (month < today.month), month)


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
