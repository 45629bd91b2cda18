"""Who is suggested: people found by their evidence, put in order by what else counts for a person who needs help soon.

Evidence comes first; time, load, format, language and time zone only order people of similar evidence (`dialogue.utility`).
Mentors without a free slot in the next weeks are not shown, so nobody is asked beyond capacity. One of the shown people may
be a second perspective: of another department or level, with evidence of at least `SECOND_FLOOR` of the strongest.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.dialogue.mentor_utility import BAND, claim, drawbacks, utility
from assistant.domain.mentor import Match, Mentor
from assistant.domain.need import Need
from assistant.domain.schedule import TimeSlot
from assistant.ports import MentorDirectory, RequestIndex
from assistant.services.conversing.status_text import joined, say
from assistant.services.handing_over.brief_draft import time_box
from assistant.services.matching.availability import Availability, FreeSlots, by_daylight
from assistant.services.matching.mentor_load import MenteePreferences, lowered, mentee_preferences, mentor_loads
from retrieval.people.experts import ExpertHit

SHOWN = 3
SECOND_FLOOR = 0.5


@dataclass(frozen=True)
class _Able:
    """Somebody who has time: `value` decides who is among the shown, `place` (load left out) in which order."""

    match: Match
    value: float
    place: float
    evidence: float


class Matcher:
    """`band` is how much of the evidence all else may cost; with 0 the order is pure relevance."""

    def __init__(self, directory: MentorDirectory, slots: FreeSlots, index: RequestIndex, band: float = BAND) -> None:
        self._directory, self._slots, self._index, self._band = directory, slots, index, band

    def match(
        self, need: Need, people: Sequence[ExpertHit], now: datetime, zone: str, own: Collection[str] = ()
    ) -> tuple[Match, ...]:  # fmt: skip
        """At most three mentors, best first, each with a free slot by day in the mentee's `zone` where there is one.

        `own` are the mentee's own mentor profiles, which tell their languages. One may be marked as a second perspective.
        """
        known = self._directory.some({*own, *(hit.profile.id for hit in people)})
        who = mentee_preferences(need, zone, [known[key] for key in sorted(own) if key in known])
        found = [(hit, known[hit.profile.id]) for hit in people if hit.profile.id in known]
        able = self._able(found, time_box(need.value("format")), who, now)
        shown, others = _parted(able)
        return tuple(one.match for one in _with_second(shown, others))

    def soonest(self, now: datetime, zone: str, exclude: Collection[str] = ()) -> tuple[Match, ...]:
        """For a wish to talk to a person about nothing in particular: who is free first, one a department."""
        mentors = [mentor for mentor in self._directory.all() if mentor.id not in exclude]
        times = self._slots.available(mentors, now)
        free = [(mentor, *_time(times, mentor, 30, zone)) for mentor in mentors]
        able = [(not by_daylight(slot, zone), slot.start, mentor.id, mentor, slot, spare) for mentor, slot, spare in free if slot]
        chosen: dict[str, Match] = {}
        for *_, mentor, slot, spare in sorted(able, key=lambda row: row[:3]):
            chosen.setdefault(mentor.department, _suggestion(mentor, slot, spare))
        return tuple(chosen.values())[:SHOWN]

    def _able(
        self, people: Sequence[tuple[ExpertHit, Mentor]], minutes: int, who: MenteePreferences, now: datetime
    ) -> list[_Able]:
        """Those who have time, with all that counts for and against them."""
        times = self._slots.available([mentor for _, mentor in people], now)
        timed = [(hit, mentor, *_time(times, mentor, minutes, who.zone)) for hit, mentor in people]
        free = [(hit, mentor, slot, spare) for hit, mentor, slot, spare in timed if slot or (spare and not mentor.blocks)]
        asked = self._index.unanswered([mentor.id for _, mentor, *_ in free])
        record = mentor_loads([(mentor, slot) for _, mentor, slot, _ in free], times, asked, who)
        found, strongest = [], max((hit.score for hit, *_ in free), default=0.0)
        for hit, mentor, slot, spare in free:
            standing = record[mentor.id]
            against = drawbacks(standing)
            value = claim(hit.score, against, self._band, strongest)
            place = utility(hit.score, tuple(one for one in against if one.name != "load"), self._band)
            told = lowered(standing, who, now) if self._band else ()
            found.append(_Able(_suggestion(mentor, slot, spare, hit, told), value, place, hit.score))
        return found


def _time(times: Availability, mentor: Mentor, minutes: int, zone: str) -> tuple[TimeSlot | None, int]:
    """The next free slot, and the sessions left this week."""
    return next(iter(times.first(mentor, minutes, zone=zone)), None), times.spare(mentor)


def _parted(able: Sequence[_Able]) -> tuple[list[_Able], list[_Able]]:
    """The three of most value in their order, and the others by value."""
    ranked = sorted(able, key=lambda one: (-one.value, -one.evidence, one.match.mentor))
    shown = sorted(ranked[:SHOWN], key=lambda one: (-one.place, -one.evidence, one.match.mentor))
    return shown, ranked[SHOWN:]


def _with_second(shown: list[_Able], others: Sequence[_Able]) -> list[_Able]:
    """One of the shown marked who sees it from elsewhere than the first; for that the last may give way to one of the others."""
    if not shown:
        return []
    floor = SECOND_FLOOR * max(one.evidence for one in (*shown, *others))
    able = (one for one in (*shown[1:], *others) if one.evidence >= floor and _elsewhere(one.match, shown[0].match))
    second = next(able, None)
    kept = [*shown[:-1], second] if second and second not in shown else shown
    return [replace(one, match=replace(one.match, second_perspective=one is second)) for one in kept]


def _elsewhere(match: Match, first: Match) -> bool:
    return match.department != first.department or match.level != first.level


def _suggestion(
    mentor: Mentor, slot: TimeSlot | None, spare: int, hit: ExpertHit | None = None, told: tuple[str, ...] = ()
) -> Match:  # fmt: skip
    score, reason = (round(hit.score, 4), _reason(hit)) if hit else (0.0, say("match.reason_none"))
    quote, skills = (hit.quote, hit.skills) if hit else ("", ())
    return Match(
        mentor.id, mentor.name, mentor.title, mentor.department, mentor.level, score, reason, quote, skills, slot, spare,
        lowered=told,
    )  # fmt: skip


def _reason(hit: ExpertHit) -> str:
    """What the profile shows, and whether the record shows more: that somebody helped, never with what."""
    if hit.skills:
        shown = say("match.reason_skills", skills=joined(hit.skills))
    elif hit.quote:
        shown = say("match.reason_evidence" if hit.describes else "match.reason_near")
    else:
        shown = "" if hit.recent else say("match.reason_none")
    return " ".join(filter(None, (shown, say("match.reason_helped") if hit.recent else "")))
