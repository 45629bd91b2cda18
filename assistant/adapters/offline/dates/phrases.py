"""The grammar of English date phrases: where a text names a day or a period, and which day that is.

Rules: "next Friday" and "Friday next week" lie in the following Monday-to-Sunday week, a bare weekday is the next one
after today, the end of a week is its Friday, day comes before month. The rules are tried in order at each hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.adapters.offline.dates import day_rules as rule
from assistant.adapters.offline.dates.day_rules import Match, Reference, Rule
from assistant.adapters.offline.dates.words import CARDINALS, COUNT, DAY, MONTH, NTH, NUMBER, SPELT

_WHICH = r"(?P<which>the |this |next )?"
_EVENT = r"(?P<event> (?:the|our|my|your) [\w' -]{3,40})?"


@dataclass(frozen=True)
class Phrase:
    """text[start:end] names the day `on`; None for a period without a clear end ("next month", "asap").

    Not `exact`: the phrase names a period or is only read as a date in a deadline, and `on` is its last day.
    """

    start: int
    end: int
    on: date | None
    exact: bool = True


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
    for number, (pattern, read) in enumerate(_GRAMMAR):
        found = pattern.match(text, at)
        day = read(found, seen) if found else None
        if found and day and not _is_other_word(text, found):
            return Phrase(at, found.end(), day, exact=number < len(_EXACT))
    vague = _VAGUE.match(text, at)
    return Phrase(at, vague.end(), None, exact=False) if vague else None


def _is_other_word(text: str, found: Match) -> bool:
    """Whether "may", "mar", "sat" or "sun" is in lower case, inside a sentence and without a preposition."""
    if found[0] not in ("may", "mar", "sat", "sun"):
        return False
    before, after = text[max(0, found.start() - 12) : found.start()], text[found.end() : found.end() + 1]
    return not _PREPOSITION.search(before) and bool(before.strip() or after.strip())


_EXACT: tuple[tuple[str, Rule], ...] = (
    (r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)\b", rule.dated),
    (rf"(?:{DAY},? )?(?:the )?(?P<d>{NUMBER})(?: of)? (?P<m>{MONTH})(?:,? (?P<y>\d{{4}})\b)?", rule.dated),
    (rf"(?:{DAY},? )?(?P<m>{MONTH})\.? (?:the )?(?P<d>{NUMBER})(?:,? (?P<y>\d{{4}})\b)?", rule.dated),
    (r"(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{2,4}))?(?![\d/])", rule.dated),
    (r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{2,4})?(?!\d)", rule.dated),
    (rf"(?:the )?(?P<d>{NTH}) of (?P<which>this |next )month\b", rule.nth_of),
    (rf"(?:{DAY},? )?the (?P<d>{NTH})(?! (?:time|go|attempt|slide|one|part|draft|version|floor|two|line)\b)", rule.nth),
    (rf"{DAY},? (?P<d>\d{{1,2}}(?:st|nd|rd|th))\b", rule.nth),
    (rf"(?:(?:the )?end of {_WHICH}week|eow)\b", rule.end_of_week),
    (rf"(?:the )?end of (?:the )?(?P<m>{MONTH})", rule.end_of_named),
    (rf"(?:(?:the )?end of {_WHICH}month|month[- ]end)\b", rule.end_of_month),
    (rf"(?:(?:the )?end of {_WHICH}quarter|quarter[- ]end)\b", rule.end_of_quarter),
    (r"(?:(?:the )?end of (?:the |this )?year|year[- ]end)\b", rule.last_of_year),
    (r"(?:today|tonight|this (?:morning|afternoon|evening)|eod|cob|close of business)\b", rule.fixed(0)),
    (r"(?:the )?end of (?:the |my )?(?:day|shift)\b", rule.fixed(0)),
    (r"the day after tomorrow\b", rule.fixed(2)),
    (r"(?:tomorrow week|a week (?:from )?tomorrow)\b", rule.fixed(8)),
    (r"(?:tomorrow|tmrw)\b", rule.fixed(1)),
    (rf"(?P<day>{DAY}) (?:of )?next week\b", rule.following),
    (rf"next week,? (?:on )?(?P<day>{DAY})", rule.following),
    (rf"next (?P<day>{DAY})", rule.following),
    (rf"(?P<day>{DAY}) week\b", rule.week_on),
    (rf"a week (?:on|from) (?P<day>{DAY})", rule.week_on),
    (rf"this (?:coming )?(?P<day>{DAY})", rule.this),
    (rf"(?:in|within)(?: the next)? {COUNT} (?P<unit>(?:working )?days?|weeks?|months?|fortnights?)\b", rule.ahead),
    (r"(?:a week (?:from )?today|this time next week|in a week's time)\b", rule.fixed(7)),
    (r"(?:a fortnight (?:from )?(?:today|now)|in two weeks'? time)\b", rule.fixed(14)),
    (rf"{COUNT} (?P<unit>days?|weeks?) (?P<side>later|after|before)\b(?: (?:that|then)\b)?{_EVENT}", rule.beside),
    (rf"the (?P<n>)(?P<unit>day|week) (?P<side>after|before)\b{_EVENT}", rule.beside),
    (rf"(?:coming )?(?P<day>{DAY})", rule.coming),
)  # fmt: skip
_LOOSE: tuple[tuple[str, Rule], ...] = (
    (r"tonite\b", rule.fixed(0)),
    (r"(?:tmr|tmw)\b", rule.fixed(1)),
    (rf"(?:in|within)(?: the next)? {COUNT} (?P<unit>hours?|hrs?|wks?|years?)\b", rule.ahead),
    (r"the (?P<d>\d{1,2})\b(?! (?!(?:of|at|in|for)\b)[a-z])", rule.nth),
    (r"(?P<which>this |next )week\b", rule.end_of_week),
    (rf"mid[- ](?P<m>{MONTH})(?: (?P<y>\d{{4}})\b)?", rule.middle),
    (rf"(?<!not )(?:before|b4|ahead of) (?P<m>{MONTH})", rule.before_month),
    (rf"(?:(?:late|end)[- ](?:of )?)?(?P<m>{MONTH}|q[1-4]\b)(?: (?P<y>\d{{4}})\b)?", rule.end_of_named),
    (r"end of (?P<m>q[1-4])\b", rule.end_of_named),
    (r"christmas\b", rule.christmas),
)  # fmt: skip
_VAGUE = re.compile(
    rf"(?:(?:this|next)\s(?:month|quarter|year|spring|summer|autumn|fall|winter)|end\sof\snext\syear|asap|easter|week\s\d{{1,2}}"
    rf"|(?:early|start)[\s-](?:of\s)?{MONTH}|(?:in|within)\s(?:the\snext\s)?(?:a\s)?few\s(?:hours|days|weeks|months)"
    rf"|(?:in|within)\s(?:the\snext\s)?a\squarter)\b",
    re.IGNORECASE,
)
_GRAMMAR = tuple((re.compile(pattern.replace(" ", r"\s"), re.IGNORECASE), read) for pattern, read in (*_EXACT, *_LOOSE))
_HINT = re.compile(
    rf"(?<![\w./-])(?:\d|{DAY}|{MONTH}|the |end |this |next |eow|eod|cob|close |today|toni|tomorrow|tmr|tmw|in |within |an? "
    rf"|coming |month|quarter|year|(?:{'|'.join(CARDINALS)}) |{SPELT}|asap|easter|christmas|week |q[1-4]\b|before |b4 |ahead "
    r"|(?:early|mid|late|start)[ -])".replace(" ", r"\s"),
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:\b(?:by|before|until|till|due|on|in|for|this|next|is)|[:,(-])\s*$", re.IGNORECASE)
