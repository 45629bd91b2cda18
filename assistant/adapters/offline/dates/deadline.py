"""The mentee's deadline: where a message names a time, and which date that is in the mentee's time zone."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.due_date import chosen
from assistant.adapters.offline.dates.phrases import Phrase, phrases

_CUE = re.compile(
    r"(?<!\w)(?P<cue>due|deadline(?:\sis|:)?|no\slater\sthan|not\slater\sthan|by|before|until|till|latest|b4|ahead\sof"
    r"|for|on|in|is)\s+(?:(?:the|my|our)\s(?:\w+\s){0,3}?(?:on\s)?)?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:\s(?:morning|afternoon|evening|night|noon)\b)?"
    r"(?:[\s,]+(?:at\s)?(?:noon\b|midnight\b|\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|h)\b|\d{1,2}:\d\d\b))?",
    re.IGNORECASE,
)
_STRONG = re.compile(r"(?:due|deadline|no|not|by|before|until|till|latest|b4|ahead|in|within|on)\b", re.IGNORECASE)
_PAST_AFTER = re.compile(r"\s*(?:ago|already|last)\b", re.IGNORECASE)
_PAST_BEFORE = re.compile(
    r"(?:\b(?:since|every|each|last|from|until|was|were|did|came|per|whole|all|of)|\bon)\s*$", re.IGNORECASE
)
_NOT_A_DAY = re.compile(r"(?!(?:by|before|until|till|due|on)\b).*\bthe\s(?!end\b|day\b)[a-z][\w-]*$", re.IGNORECASE)
"""A spelt ordinal without a preposition of time: "the first", "in the second"."""
_NEAR = 60
"""Characters before a phrase in which its preposition is looked for."""
_ANY_DAY = Reference(date(2001, 1, 1))


def deadline_spans(text: str) -> list[tuple[int, int, float]]:
    """Time phrases with preposition and clock time as (start, end, weight): 0.8 after a word such as "by", else 0.5.

    Past ("3 weeks ago") and repeated times ("every Monday") are left out; a phrase may name no date ("next month").
    """
    found = (_widened(text, phrase) for phrase in phrases(text, _ANY_DAY))
    return [
        (start, end, 0.8 if _STRONG.match(text, start) else 0.5)
        for start, end in found
        if not (
            _NOT_A_DAY.match(text[start:end])
            or _PAST_AFTER.match(text, end)
            or _PAST_BEFORE.search(text[max(0, start - 12) : start])
        )
    ]


def deadline_date(quote: str, at: datetime, time_zone: str) -> date | None:
    """The date that the quote means in `time_zone` at the moment `at` (aware); None if it names none, or one in the past.

    A period counts to its end ("this week", "March"). An unknown zone counts as UTC.
    """
    today = at.astimezone(_zone(time_zone)).date()
    found = phrases(quote, Reference(today, grace=0))
    due = chosen(quote, (phrase for phrase in found if phrase.on and phrase.on >= today))
    return due.on if due else None


def _widened(text: str, phrase: Phrase) -> tuple[int, int]:
    low = max(0, phrase.start - _NEAR)
    cue = _CUE.search(text[low : phrase.start])
    after = _AFTER.match(text, phrase.end)
    return (low + cue.start() if cue else phrase.start), (after.end() if after else phrase.end)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
