"""Deadlines by grammar: where a phrase carries a due time, and which date it means for a person in a time zone.

The phrase finder is cheap and runs always; `dateparser` is imported only when there is a phrase to understand.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_CLOCK = r"(?:(?:at\s)?(?:noon|midnight|\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|h)|\d{1,2}:\d\d))"
_NUMBER = r"(?:\d{1,2}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|couple\sof|few)"
_PERIOD = r"(?:hours?|days?|weeks?|months?|quarter|year|wks?|hrs?)"
_POINT = rf"""(?:
    (?:the\s)?{_ORDINAL}(?:\s(?:of\s)?{_MONTH})(?:\s\d{{4}})?
  | {_MONTH}\s(?:the\s)?{_ORDINAL}\b(?:,?\s\d{{4}})?
  | \d{{4}}-\d\d-\d\d | \d{{1,2}}[./]\d{{1,2}}(?:[./]\d{{2,4}})?
  | the\s\d{{1,2}}(?:st|nd|rd|th)
  | (?:this\s|next\s|coming\s|on\s)*{_DAY}(?:\s(?:week|morning|afternoon|evening|night|noon))?
  | tomorrow(?:\s(?:morning|afternoon|evening|noon|night))? | tonight | tonite | tmrw? | tmw | today | eod | cob | eow | asap
  | (?:close\sof\sbusiness|end\sof\s(?:the\s|this\s|next\s)?(?:day|week|month|quarter|year|{_MONTH}|q[1-4]))
  | (?:this|next)\s(?:week|month|quarter|year|spring|summer|autumn|fall|winter)
  | (?:early|mid|late|end|start)[\s-](?:of\s)?{_MONTH} | {_MONTH}(?:\s\d{{4}})? | q[1-4] | week\s\d{{1,2}}
  | easter | christmas | year[\s-]end
)"""
_PHRASE = re.compile(
    rf"""(?<!\w)(?:
    (?:due|deadline(?:\sis|:)?|no\slater\sthan|not\slater\sthan|by|before|until|till|latest|b4|ahead\sof|for|on|this|next|coming|is|in)\s+
       (?:(?:the|my|our)\s(?:\w+\s){{0,3}}?(?:on\s))?{_POINT}(?:[\s,]+{_CLOCK})?
  | (?:in|within|for)\s(?:the\snext\s)?{_NUMBER}\s{_PERIOD}
  | {_POINT}(?:[\s,]+{_CLOCK})?
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_CUE = re.compile(r"^(?:due|deadline|no later|not later|by|before|until|till|latest|b4|ahead|in |within|on )", re.IGNORECASE)
_BACK = re.compile(r"^\s*(?:ago|already|last)\b", re.IGNORECASE)
_SINCE = re.compile(r"(?:since|every|each|last|from|until|was|were|did|came|per|the whole|all|in the|of)\s*$", re.IGNORECASE)
_LEAD = re.compile(
    r"^.*?\b(?:due|deadline|no later than|not later than|by|before|until|till|b4|ahead of|on|for|is|from|in|at)\b[:\s]*",
    re.IGNORECASE,
)
_SPELLING = {"tonite": "tonight", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "eod": "today", "cob": "today"}


def phrases(text: str) -> list[tuple[int, int, float]]:
    """Candidate spans (start, end, weight 0..1) in order; a phrase with its preposition weighs more than a bare date."""
    found = []
    for match in _PHRASE.finditer(text):
        before, after = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 12]
        if _BACK.match(after) or _SINCE.search(before) or match[0].lower() in ("may", "mar", "is may", "on", "sun", "sat"):
            continue
        found.append((match.start(), match.end(), 0.8 if _CUE.match(match[0]) else 0.5))
    return found


def due(phrase: str, at: datetime, time_zone: str) -> date | None:
    """The date that `phrase` means to a person in `time_zone` at the moment `at` (aware); None when it names none."""
    point = next(iter(re.finditer(_POINT, phrase, re.IGNORECASE | re.VERBOSE)), None)
    span = re.search(rf"(?:in|within)\s+(?:the next\s)?({_NUMBER})\s({_PERIOD})", phrase, re.IGNORECASE)
    if point is None and span is None:
        return None
    local = at.astimezone(_zone(time_zone))
    words = span[0] if point is None and span else point[0] if point else phrase
    return _known(words.lower(), local) or _parsed(words.lower(), local)


def _known(words: str, local: datetime) -> date | None:
    """What dateparser does not know: ends of periods and bare days of the month."""
    today = local.date()
    if re.search(r"end of (?:the |this )?(?:week)|^eow", words):
        return today + timedelta(days=(4 - today.weekday()) % 7)
    if re.search(r"end of (?:the |this )?month", words):
        return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if re.fullmatch(r"close of business|end of (?:the |this )?day|eod|cob|asap", words):
        return None if words == "asap" else today
    day = re.fullmatch(r"the (\d{1,2})(?:st|nd|rd|th)", words)
    return _day_of_month(today, int(day[1])) if day else None


def _day_of_month(today: date, day: int) -> date | None:
    for months in range(13):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        try:
            candidate = date(year, month + 1, day)
        except ValueError:
            continue
        if candidate >= today:
            return candidate
    return None


def _parsed(words: str, local: datetime) -> date | None:
    import dateparser

    for wrong, right in _SPELLING.items():
        words = re.sub(rf"\b{wrong}\b", right, words)
    words = re.sub(r"^(?:on|this|next|coming)\s+(?=\w)", "", words) if not re.match(r"next (?:week|month|year)", words) else words
    settings: dict[str, Any] = {
        "PREFER_DATES_FROM": "future", "RELATIVE_BASE": local.replace(tzinfo=None), "DATE_ORDER": "DMY",
        "PREFER_DAY_OF_MONTH": "last",
    }  # fmt: skip
    found = dateparser.parse(words, languages=["en"], settings=settings)
    return found.date() if found and found.date() >= local.date() else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
