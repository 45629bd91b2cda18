"""Parses office hours: blocks such as "FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;BYMINUTE=0/PT60M", separated by bars or line ends.

"Tuesdays and Thursdays 14:00-15:00" is accepted too. A block is an RFC 5545 rule and an ISO 8601 duration. The rule must name
its day and hour, because there is no DTSTART to take them from. The import and the calendar both use these functions, so that
the calendar can expand whatever the import accepts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.domain.schedule import Block

SHORTEST, LONGEST = 15, 240
"""Minutes of a block."""
LONGEST_WRITTEN = 120
"""Longest block in words, in characters."""
MOST_BLOCKS, MOST_STARTS = 50, 48
"""Blocks of one mentor; starts of one block on one day."""

Reason = Literal["shape", "length", "part", "twice", "frequency", "day", "numbered", "hour", "count", "crowded", "many", "never"]

_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY",
    "INTERVAL": r"[1-9][0-9]?",
    "BYDAY": r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)",
    "BYMONTHDAY": r"-?([1-9]|[12][0-9]|3[01])",
    "BYHOUR": r"[01]?[0-9]|2[0-3]",
    "BYMINUTE": r"[0-5]?[0-9]",
    "UNTIL": r"[0-9]{8}(T[0-9]{6}Z?)?",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}
_SINGLE = frozenset({"FREQ", "INTERVAL", "UNTIL", "WKST"})
_LENGTH = re.compile(r"P(?:T(?:(?P<hours>[0-9]{1,2})H)?(?:(?P<minutes>[0-9]{1,4})M)?(?:0+S)?)")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WRITTEN = re.compile(
    r"(?:every\s+|on\s+)?(?P<days>[a-z]+(?:\s*(?:,|/|&|-|\s)\s*[a-z]+){0,8})[,:]?\s+(?:from\s+)?"
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})\s*(?:-|\N{EN DASH}|to|until)\s*(?P<last>[0-9]{1,2})[:.](?P<end>[0-9]{2})"
)
_BETWEEN = re.compile(r"[|\r\n]+")


@dataclass(frozen=True)
class HoursFault:
    """Why a block cannot be used; `value` is the part of the text at fault."""

    reason: Reason
    value: str


@dataclass(frozen=True)
class OfficeHours:
    """The usable blocks, and the faults of the others."""

    blocks: tuple[Block, ...] = ()
    faults: tuple[HoursFault, ...] = ()

    @property
    def text(self) -> str:
        """The blocks in canonical form."""
        return " | ".join(f"{block.rule}/PT{block.minutes}M" for block in self.blocks)


@lru_cache(maxsize=4096)
def read_hours(text: str) -> OfficeHours:
    """Parses all blocks; one with a fault does not affect the others."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) > MOST_BLOCKS:
        return OfficeHours(faults=(HoursFault("many", str(len(parts))),))
    read = [_block(part) for part in parts]
    blocks = dict.fromkeys(block for block in read if isinstance(block, Block))
    return OfficeHours(tuple(blocks), tuple(fault for fault in read if isinstance(fault, HoursFault)))


def _block(part: str) -> Block | HoursFault:
    rule, slash, length = part.rpartition("/")
    if not slash or "=" not in rule:
        return _written(part) or HoursFault("shape", part)
    minutes = _minutes(length)
    if minutes is None or not SHORTEST <= minutes <= LONGEST:
        return HoursFault("length", length.strip())
    spelled = re.sub(r"\s", "", rule).upper().removeprefix("RRULE:").strip(";")
    return rule_fault(spelled) or Block(spelled, minutes)


def _written(part: str) -> Block | HoursFault | None:
    """Parses weekdays with 24-hour times; None if the text has another form."""
    match = _WRITTEN.fullmatch(" ".join(part.lower().split())) if len(part) <= LONGEST_WRITTEN else None
    days = _weekdays(match["days"]) if match else ()
    if match is None or not days:
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    length = (int(match["last"]) - hour) * 60 + int(match["end"]) - minute
    if not SHORTEST <= length <= LONGEST or int(match["end"]) > 59:
        return HoursFault("length", part)
    rule = f"FREQ=WEEKLY;BYDAY={','.join(days)};BYHOUR={hour};BYMINUTE={minute}"
    return rule_fault(rule) or Block(rule, length)


def _weekdays(text: str) -> tuple[str, ...]:
    """The named days as MO, TU ... in their order; empty if a word is no weekday."""
    found: list[int] = []
    for span in re.split(r"[\s,/&]+", re.sub(r"\s*-\s*", "-", text.replace(" and ", " "))):
        ends = [day for word in span.split("-") if (day := _weekday(word)) is not None]
        if len(ends) != span.count("-") + 1 or len(ends) > 2 or ends[0] > ends[-1]:
            return ()
        found += range(ends[0], ends[-1] + 1)
    return tuple(_DAYS[day][:2].upper() for day in dict.fromkeys(found))


def _weekday(word: str) -> int | None:
    """The number of a weekday: 0 for Monday, Mondays, mon and mo."""
    return next((n for n, name in enumerate(_DAYS) if len(word) > 1 and f"{name}s".startswith(word)), None)


def _minutes(length: str) -> int | None:
    """The minutes of PT90M, PT1H30M or PT2H; None for anything else."""
    match = _LENGTH.fullmatch(length.strip().upper())
    return 60 * int(match["hours"] or 0) + int(match["minutes"] or 0) if match else None


def rule_fault(rule: str) -> HoursFault | None:
    """The first fault of a rule in canonical form (capitals, no blanks), or None."""
    parts: dict[str, list[str]] = {}
    for part in rule.split(";"):
        name, _, values = part.partition("=")
        if name == "COUNT":
            return HoursFault("count", part)
        if name in parts:
            return HoursFault("twice", name)
        parts[name] = values.split(",")
        if name not in _PARTS or not all(re.fullmatch(_PARTS[name], value) for value in parts[name]):
            return HoursFault("part", part)
        if name in _SINGLE and len(parts[name]) > 1:
            return HoursFault("part", part)
    return _missing(parts, rule)


def _missing(parts: dict[str, list[str]], rule: str) -> HoursFault | None:
    """A fault of the valid parts taken together: something missing or contradictory."""
    frequency, days = parts.get("FREQ", [""])[0], parts.get("BYDAY", [])
    if not frequency:
        return HoursFault("frequency", rule)
    if frequency != "MONTHLY" and any(day[0] in "+-12345" for day in days):
        return HoursFault("numbered", ",".join(days))
    if frequency == "WEEKLY" and "BYMONTHDAY" in parts:
        return HoursFault("part", "BYMONTHDAY=" + ",".join(parts["BYMONTHDAY"]))
    if (frequency == "WEEKLY" and not days) or (frequency == "MONTHLY" and not days and "BYMONTHDAY" not in parts):
        return HoursFault("day", rule)
    if "BYHOUR" not in parts:
        return HoursFault("hour", rule)
    starts = len(set(parts["BYHOUR"])) * len(set(parts.get("BYMINUTE", ["0"])))
    return HoursFault("crowded", str(starts)) if starts > MOST_STARTS else None
