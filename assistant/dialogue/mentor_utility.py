"""What counts beside evidence when people are put in order: time, load, format, language and time zone.

Evidence comes first. Whatever speaks against somebody takes at most `BAND` of their evidence, so nobody ever passes a person
whose evidence is more than 1 / (1 - BAND) times as strong. What is not known counts for nothing.

Load decides who is among the shown, not their order, which costs least relevance for the same spread: whoever held sessions
lately waits a little, and less with every week (fairness of exposure amortised over requests: Biega, Gummadi and Weikum,
Equity of attention, 2018). What is lost by a turn is how likely somebody is right, and that falls much faster than evidence:
with four fifths of the strongest evidence a quarter of it is left. So the strongest seldom gives way, and the places where
little is lost go round among many (`claim`). In which order the shown stand is read from evidence itself (`utility`).
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
"""How likely somebody is right, beside the strongest, is taken as the ratio of their evidence to this power (measured on the
golden questions: grades fall from 2.3 to 1.0, 0.5, 0.3 and 0.1 while evidence falls to 0.82, 0.75, 0.69 and 0.65)."""
HALF_LIFE = 26
"""Weeks after which a session counts half."""
ONE_TURN = 3.0
"""So many recent sessions are half of the whole load."""
WEIGHTS: Mapping[Against, float] = {
    "load": 1.0, "language": 0.5, "format": 0.2, "zone": 0.1, "wait": 0.1, "arrangement": 0.05,
}  # fmt: skip
"""What each costs at its worst: of the order as a share of the band, of a claim as a share of what the strongest is worth."""
SOON, LATE = timedelta(days=4), timedelta(days=14)
OFFICE_DAY = (9, 17)
ENOUGH_HOURS = 4.0


@dataclass(frozen=True)
class MentorLoad:
    """What the record says of one mentor for one mentee now; None is unknown.

    `sessions` has the seats taken by week, 0 for this week and -1 for the last; `asked` counts offers without an answer yet.
    `wait` is None without office hours; `shared_hours` are those of an office day that both have.
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
    """One thing that lowers a person's place; `cost` in (0, 1] is its share of the band."""

    name: Against
    cost: float


def drawbacks(standing: MentorLoad) -> tuple[Drawback, ...]:
    """All that speaks against somebody now, the heaviest first."""
    degrees: dict[Against, float] = {
        "load": _load(standing),
        "wait": _ramp(standing.wait - SOON, LATE - SOON) if standing.wait is not None else 0.0,
        "arrangement": float(standing.wait is None),
        "format": float(standing.format_offered is False),
        "language": float(standing.language_shared is False),
        "zone": 0.0 if standing.shared_hours is None else max(0.0, 1.0 - standing.shared_hours / ENOUGH_HOURS),
    }
    found = [Drawback(name, WEIGHTS[name] * degree) for name, degree in degrees.items() if degree > 0.0]
    return tuple(sorted(found, key=lambda drawback: (-drawback.cost, drawback.name)))


def utility(evidence: float, against: tuple[Drawback, ...], band: float = BAND) -> float:
    """The evidence less what speaks against the person: never under (1 - band) of it, never over it."""
    return evidence * (1.0 - band * _cost(against))


def claim(evidence: float, against: tuple[Drawback, ...], band: float = BAND, strongest: float = 1.0) -> float:
    """To be among the shown: the evidence at which somebody with nothing against them is worth as much.

    `strongest` is the evidence of the best who have time. Bounded like `utility`: worth below nothing only puts an order on
    those at the end of the band. Without a band it is the evidence.
    """
    cost = _cost(against)
    if evidence <= 0.0 or not cost:
        return evidence
    ratio, floor = min(1.0, evidence / strongest), 1.0 - band
    worth, least = ratio**STEEP - cost, min(ratio, floor)
    equal = max(least, worth ** (1 / STEEP)) if worth > 0.0 else least * (1.0 + worth / STEEP)
    return evidence * min(1.0, max(floor, equal / ratio))


def shared_hours(one: str, other: str, now: datetime) -> float:
    """Hours of an office day (9 to 17 h) that two IANA time zones have in common on the day of `now`."""
    apart = abs(_offset(one, now) - _offset(other, now)) / timedelta(hours=1)
    length = OFFICE_DAY[1] - OFFICE_DAY[0]
    return max(0.0, length - min(apart, 24 - apart))


def _cost(against: tuple[Drawback, ...]) -> float:
    """Of all together, 0..1."""
    return 1.0 - prod(1.0 - drawback.cost for drawback in against)


def _load(standing: MentorLoad) -> float:
    """0 without a session, half after `ONE_TURN` of them, towards 1 with many; those of distant weeks count less."""
    sessions = standing.sessions or {}
    recent = standing.asked + sum(count * exp2(-abs(week) / HALF_LIFE) for week, count in sorted(sessions.items()))
    return 1.0 - exp2(-recent / ONE_TURN)


def _ramp(over: timedelta, length: timedelta) -> float:
    return min(1.0, max(0.0, over / length))


def _offset(zone: str, now: datetime) -> timedelta:
    return now.astimezone(zone_of(zone)).utcoffset() or timedelta()
