"""Mentor load and availability for ranking, and a sentence for each drawback.

Every sentence is derived from the stored bookings and names dates instead of distances, so that it stays true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.dialogue.mentor_utility import Drawback, MentorLoad, drawbacks, shared_hours
from assistant.dialogue.wishes import forms, languages
from assistant.domain.mentor import Mentor
from assistant.domain.need import Need
from assistant.domain.schedule import TimeSlot
from assistant.services.conversing.status_text import joined, say, when
from assistant.services.matching.availability import WEEKS_AHEAD, Availability

LEAST_COST = 0.02
"""Drawbacks that cost less than this share of the band are not mentioned."""

LOADS = (
    ("match.lowered_week_one", "match.lowered_week"),
    ("match.lowered_ahead_one", "match.lowered_ahead"),
    ("match.lowered_past_one", "match.lowered_past"),
    ("match.lowered_asked_one", "match.lowered_asked"),
)
"""The texts for one and for several."""


@dataclass(frozen=True)
class MenteePreferences:
    """The mentee's time zone (IANA), and the forms and languages they wish for (empty: unknown)."""

    zone: str
    forms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


def mentee_preferences(need: Need, zone: str, own: Sequence[Mentor] = ()) -> MenteePreferences:
    """The preferences stated in the need; without a stated language, those of the mentee's own mentor profiles."""
    words = need.value("format")
    spoken = languages(words) or frozenset(code for profile in own for code in profile.languages)
    return MenteePreferences(zone, forms(words), spoken)


def mentor_loads(
    free: Sequence[tuple[Mentor, TimeSlot | None]], times: Availability, asked: Mapping[str, int], mentee: MenteePreferences
) -> Mapping[str, MentorLoad]:  # fmt: skip
    """The load by mentor id, for mentors with their next free slot; `asked` counts unanswered offers."""
    return {
        mentor.id: MentorLoad(
            wait=slot.start - times.now if slot else None,
            sessions={week: count for week, count in times.sessions[mentor.id].items() if week <= WEEKS_AHEAD},
            asked=asked.get(mentor.id, 0),
            format_offered=bool(mentee.forms & {*mentor.formats}) if mentee.forms and mentor.formats else None,
            language_shared=bool(mentee.languages & {*mentor.languages}) if mentee.languages and mentor.languages else None,
            shared_hours=shared_hours(mentee.zone, mentor.time_zone, times.now),
        )
        for mentor, slot in free
    }


def lowered(load: MentorLoad, mentee: MenteePreferences, now: datetime) -> tuple[str, ...]:
    """A sentence or two for each drawback worth mentioning, the heaviest first."""
    return tuple(
        line for drawback in drawbacks(load) if drawback.cost >= LEAST_COST for line in _lines(drawback, load, mentee, now)
    )


def _lines(drawback: Drawback, load: MentorLoad, mentee: MenteePreferences, now: datetime) -> tuple[str, ...]:
    match drawback.name:
        case "load":
            return _load(load)
        case "wait":
            free = now + (load.wait or timedelta())
            return (say("match.lowered_wait", start=when(free, mentee.zone)),)
        case "arrangement":
            return (say("match.lowered_arrangement"),)
        case "format":
            return (say("match.lowered_format", forms=joined(say(f"match.form_{form}") for form in sorted(mentee.forms))),)
        case "language":
            return (say("match.lowered_language"),)
        case "zone":
            return (_zone(round(load.shared_hours or 0.0)),)


def _load(load: MentorLoad) -> tuple[str, ...]:
    """One sentence each for sessions of this week, later and earlier, and for unanswered offers, if there are any."""
    counts = (load.this_week, load.ahead, load.past, load.asked)
    return tuple(_counted(keys, count) for keys, count in zip(LOADS, counts, strict=True) if count)


def _zone(hours: int) -> str:
    return _counted(("match.lowered_zone_one", "match.lowered_zone"), hours) if hours else say("match.lowered_zone_none")


def _counted(keys: tuple[str, str], count: int) -> str:
    return say(keys[0]) if count == 1 else say(keys[1], count=count)
