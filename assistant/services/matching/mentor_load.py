"""What the record says of mentors for one mentee now, and the sentence for each thing that counts against one of them.

Every sentence is true by the record at the moment of the match, and names dates instead of distances, so that it stays true.
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

TOLD = 0.02
"""What costs less than this share of the band is not worth a sentence."""

LOADS = (
    ("match.lowered_week_one", "match.lowered_week"),
    ("match.lowered_ahead_one", "match.lowered_ahead"),
    ("match.lowered_past_one", "match.lowered_past"),
    ("match.lowered_asked_one", "match.lowered_asked"),
)
"""What is said of one and of many."""


@dataclass(frozen=True)
class MenteePreferences:
    """The mentee as far as it matters to a match: zone (IANA), the forms and languages wished for (empty: unknown)."""

    zone: str
    forms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


def mentee_preferences(need: Need, zone: str, own: Sequence[Mentor] = ()) -> MenteePreferences:
    """What the need says of format and language; the languages of the mentee's own mentor profiles where it names none."""
    words = need.value("format")
    spoken = languages(words) or frozenset(code for profile in own for code in profile.languages)
    return MenteePreferences(zone, forms(words), spoken)


def standings(
    free: Sequence[tuple[Mentor, TimeSlot | None]], times: Availability, asked: Mapping[str, int], who: MenteePreferences
) -> Mapping[str, MentorLoad]:  # fmt: skip
    """By mentor id, for mentors with their next free slot; `asked` are the offers that wait for their answer."""
    return {
        mentor.id: MentorLoad(
            wait=slot.start - times.now if slot else None,
            sessions={week: count for week, count in times.sessions[mentor.id].items() if week <= WEEKS_AHEAD},
            asked=asked.get(mentor.id, 0),
            format_offered=bool(who.forms & {*mentor.formats}) if who.forms and mentor.formats else None,
            language_shared=bool(who.languages & {*mentor.languages}) if who.languages and mentor.languages else None,
            shared_hours=shared_hours(who.zone, mentor.time_zone, times.now),
        )
        for mentor, slot in free
    }


def lowered(standing: MentorLoad, who: MenteePreferences, now: datetime) -> tuple[str, ...]:
    """A sentence or two for each drawback that matters, the heaviest first."""
    return tuple(line for one in drawbacks(standing) if one.cost >= TOLD for line in _lines(one, standing, who, now))


def _lines(drawback: Drawback, standing: MentorLoad, who: MenteePreferences, now: datetime) -> tuple[str, ...]:
    match drawback.name:
        case "load":
            return _load(standing)
        case "wait":
            free = now + (standing.wait or timedelta())
            return (say("match.lowered_wait", start=when(free, who.zone)),)
        case "arrangement":
            return (say("match.lowered_arrangement"),)
        case "format":
            return (say("match.lowered_format", forms=joined(say(f"match.form_{form}") for form in sorted(who.forms))),)
        case "language":
            return (say("match.lowered_language"),)
        case "zone":
            return (_zone(round(standing.shared_hours or 0.0)),)


def _load(standing: MentorLoad) -> tuple[str, ...]:
    """Sessions of this week, ahead and behind, and offers that wait: each only where there are any."""
    counts = (standing.this_week, standing.ahead, standing.past, standing.asked)
    return tuple(_counted(keys, count) for keys, count in zip(LOADS, counts, strict=True) if count)


def _zone(hours: int) -> str:
    return _counted(("match.lowered_zone_one", "match.lowered_zone"), hours) if hours else say("match.lowered_zone_none")


def _counted(keys: tuple[str, str], count: int) -> str:
    return say(keys[0]) if count == 1 else say(keys[1], count=count)
