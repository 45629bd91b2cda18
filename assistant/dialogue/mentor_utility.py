"""Adjusts the evidence score of mentors by load, waiting time, format, language and time zone.

All drawbacks together take at most the share `BAND` of the evidence, so nobody overtakes a mentor whose evidence is more than
1 / (1 - BAND) times as strong. Unknown values cost nothing.

Load decides who is shown, but not their order: mentors who held many recent sessions yield their place to others of nearly
equal evidence (amortised fairness of exposure: Biega, Gummadi and Weikum, Equity of attention, 2018). Relevance falls much
faster than evidence: at four fifths of the strongest evidence only a quarter of it is left. `selection_score`, which chooses
the shown, therefore compares drawbacks with relevance; `utility`, which orders them, works on the evidence itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp2, prod
from typing import Literal

from assistant.domain.schedule import zone_of

Against = Literal["load", "wait", "arrangement", "format", "language", "zone"]

BAND = 0.6
STEEP = 6
"""Relevance relative to the strongest is the ratio of evidence to this power (measured on the golden questions: grades fall
from 2.3 to 1.0, 0.5, 0.3 and 0.1 while evidence falls to 0.82, 0.75, 0.69 and 0.65)."""
HALF_LIFE = 26
"""Weeks after which a session counts half."""
HALF_LOAD_SESSIONS = 3.0
"""This many recent sessions are half of the maximum load."""
WEIGHTS: Mapping[Against, float] = {
    "load": 1.0, "language": 0.5, "format": 0.2, "zone": 0.1, "wait": 0.1, "arrangement": 0.05,
}  # fmt: skip
"""The cost of each drawback at its worst: a share of the band for `utility`, of the top relevance for `selection_score`."""
SOON, LATE = timedelta(days=4), timedelta(days=14)
OFFICE_DAY = (9, 17)
ENOUGH_HOURS = 4.0


@dataclass(frozen=True)
class MentorLoad:
    """Load, availability and fit of one mentor for one mentee now; None is unknown.

    `sessions` counts seats taken by week (0 is this week, -1 the last); `asked` counts unanswered offers. `wait` is the time to
    the next free slot, None without office hours. `shared_hours` is the overlap of both office days in hours.
    """

    wait: timedelta | None = None
    sessions: Mapping[int, int] | None = None
    asked: int = 0
    format_offered: bool | None = None
    language_shared: bool | None = None
    shared_hours: float | None = None

    @property
    def this_week(self) -> int:
        return (self.sessions or {}).get(0, 0)

    @property
    def ahead(self) -> int:
        return sum(count for week, count in (self.sessions or {}).items() if week > 0)

    @property
    def past(self) -> int:
        return sum(count for week, count in (self.sessions or {}).items() if week < 0)


@dataclass(frozen=True)
class Drawback:
    """Something that lowers a mentor's rank; `cost` in (0, 1] is its share of the band."""

    name: Against
    cost: float


def drawbacks(load: MentorLoad) -> tuple[Drawback, ...]:
    """The drawbacks of one mentor, the heaviest first."""
    degrees: dict[Against, float] = {
        "load": _session_load(load),
        "wait": _ramp(load.wait - SOON, LATE - SOON) if load.wait is not None else 0.0,
        "arrangement": float(load.wait is None),
        "format": float(load.format_offered is False),
        "language": float(load.language_shared is False),
        "zone": 0.0 if load.shared_hours is None else max(0.0, 1.0 - load.shared_hours / ENOUGH_HOURS),
    }
    found = [Drawback(name, WEIGHTS[name] * degree) for name, degree in degrees.items() if degree > 0.0]
    return tuple(sorted(found, key=lambda drawback: (-drawback.cost, drawback.name)))


def utility(evidence: float, against: tuple[Drawback, ...], band: float = BAND) -> float:
    """The evidence lowered by the drawbacks, between (1 - band) of it and all of it."""
    return evidence * (1.0 - band * _cost(against))


def selection_score(evidence: float, against: tuple[Drawback, ...], band: float = BAND, strongest: float = 1.0) -> float:
    """The score that decides who is shown: the evidence of an equally valuable mentor without drawbacks.

    `strongest` is the evidence of the best available mentor. The score is bounded like `utility`; a negative value only orders
    mentors at the lower end of the band. If `band` is 0 it is the evidence.
    """
    cost = _cost(against)
    if evidence <= 0.0 or not cost:
        return evidence
    ratio, floor = min(1.0, evidence / strongest), 1.0 - band
    worth, least = ratio**STEEP - cost, min(ratio, floor)
    equal = max(least, worth ** (1 / STEEP)) if worth > 0.0 else least * (1.0 + worth / STEEP)
    return evidence * min(1.0, max(floor, equal / ratio))


def shared_hours(zone: str, other: str, now: datetime) -> float:
    """The overlap in hours of the office days (9 to 17 h) of two IANA time zones on the day of `now`."""
    apart = abs(_offset(zone, now) - _offset(other, now)) / timedelta(hours=1)
    length = OFFICE_DAY[1] - OFFICE_DAY[0]
    return max(0.0, length - min(apart, 24 - apart))


def _cost(against: tuple[Drawback, ...]) -> float:
    """The combined cost, 0 to 1."""
    return 1.0 - prod(1.0 - drawback.cost for drawback in against)


def _session_load(load: MentorLoad) -> float:
    """0 without sessions, 0.5 at HALF_LOAD_SESSIONS, towards 1 with many; sessions of distant weeks count less."""
    sessions = load.sessions or {}
    recent = load.asked + sum(count * exp2(-abs(week) / HALF_LIFE) for week, count in sorted(sessions.items()))
    return 1.0 - exp2(-recent / HALF_LOAD_SESSIONS)


def _ramp(over: timedelta, length: timedelta) -> float:
    return min(1.0, max(0.0, over / length))


def _offset(zone: str, now: datetime) -> timedelta:
    return now.astimezone(zone_of(zone)).utcoffset() or timedelta()
