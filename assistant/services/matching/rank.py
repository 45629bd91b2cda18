"""Ranks the mentors found by evidence, load and availability.

Evidence comes first; time, load, format, language and time zone order mentors of similar evidence (`dialogue.mentor_utility`).
Mentors without a free slot in the next weeks are not shown, so nobody is asked beyond capacity. One of those shown may be a
second perspective: of another department or level, with at least the share `SECOND_FLOOR` of the strongest evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assistant.dialogue.mentor_utility import BAND, drawbacks, selection_score, utility
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
class _Available:
    """An available mentor: `value` decides who is shown, `place` (which ignores load) in which order."""

    match: Match
    value: float
    place: float
    evidence: float


class Matcher:
    """`band` is the share of evidence that drawbacks may cost; 0 ranks by evidence only."""

    def __init__(self, directory: MentorDirectory, slots: FreeSlots, index: RequestIndex, band: float = BAND) -> None:
        self._directory, self._slots, self._index, self._band = directory, slots, index, band

    def match(
        self, need: Need, people: Sequence[ExpertHit], now: datetime, zone: str, own: Collection[str] = ()
    ) -> tuple[Match, ...]:  # fmt: skip
        """At most three mentors, best first, each with a free slot, preferably by day in the mentee's `zone`.

        `own` are the mentee's own mentor profiles, which state their languages. One match may be a second perspective.
        """
        known = self._directory.some({*own, *(hit.profile.id for hit in people)})
        mentee = mentee_preferences(need, zone, [known[key] for key in sorted(own) if key in known])
        found = [(hit, known[hit.profile.id]) for hit in people if hit.profile.id in known]
        available = self._available(found, time_box(need.value("format")), mentee, now)
        shown, others = _parted(available)
        return tuple(mentor.match for mentor in _with_second(shown, others))

    def soonest(self, now: datetime, zone: str, exclude: Collection[str] = ()) -> tuple[Match, ...]:
        """The mentors who are free first, one from each department, for a request without a topic."""
        mentors = [mentor for mentor in self._directory.all() if mentor.id not in exclude]
        times = self._slots.available(mentors, now)
        free = [(mentor, *_time(times, mentor, 30, zone)) for mentor in mentors]
        available = [
            (not by_daylight(slot, zone), slot.start, mentor.id, mentor, slot, spare) for mentor, slot, spare in free if slot
        ]
        chosen: dict[str, Match] = {}
        for *_, mentor, slot, spare in sorted(available, key=lambda row: row[:3]):
            chosen.setdefault(mentor.department, _suggestion(mentor, slot, spare, now.date()))
        return tuple(chosen.values())[:SHOWN]

    def _available(
        self, people: Sequence[tuple[ExpertHit, Mentor]], minutes: int, mentee: MenteePreferences, now: datetime
    ) -> list[_Available]:
        """The mentors who have time, with their scores."""
        times = self._slots.available([mentor for _, mentor in people], now)
        timed = [(hit, mentor, *_time(times, mentor, minutes, mentee.zone)) for hit, mentor in people]
        free = [(hit, mentor, slot, spare) for hit, mentor, slot, spare in timed if slot or (spare and not mentor.blocks)]
        asked = self._index.unanswered([mentor.id for _, mentor, *_ in free])
        loads = mentor_loads([(mentor, slot) for _, mentor, slot, _ in free], times, asked, mentee)
        found, strongest = [], max((hit.score for hit, *_ in free), default=0.0)
        for hit, mentor, slot, spare in free:
            load = loads[mentor.id]
            against = drawbacks(load)
            value = selection_score(hit.score, against, self._band, strongest)
            place = utility(hit.score, tuple(drawback for drawback in against if drawback.name != "load"), self._band)
            sentences = lowered(load, mentee, now) if self._band else ()
            found.append(_Available(_suggestion(mentor, slot, spare, now.date(), hit, sentences), value, place, hit.score))
        return found


def _time(times: Availability, mentor: Mentor, minutes: int, zone: str) -> tuple[TimeSlot | None, int]:
    """The next free slot, and the sessions left this week."""
    return next(iter(times.first(mentor, minutes, zone=zone)), None), times.spare(mentor)


def _parted(available: Sequence[_Available]) -> tuple[list[_Available], list[_Available]]:
    """The three of highest value in the order they are shown, and the others by value."""
    ranked = sorted(available, key=lambda mentor: (-mentor.value, -mentor.evidence, mentor.match.mentor))
    shown = sorted(ranked[:SHOWN], key=lambda mentor: (-mentor.place, -mentor.evidence, mentor.match.mentor))
    return shown, ranked[SHOWN:]


def _with_second(shown: list[_Available], others: Sequence[_Available]) -> list[_Available]:
    """Marks a second perspective among the shown; one of the others may replace the last for it."""
    if not shown:
        return []
    floor = SECOND_FLOOR * max(mentor.evidence for mentor in (*shown, *others))
    rest = (mentor for mentor in (*shown[1:], *others) if mentor.evidence >= floor)
    second = next((mentor for mentor in rest if _elsewhere(mentor.match, shown[0].match)), None)
    kept = [*shown[:-1], second] if second and second not in shown else shown
    return [replace(mentor, match=replace(mentor.match, second_perspective=mentor is second)) for mentor in kept]


def _elsewhere(match: Match, first: Match) -> bool:
    return match.department != first.department or match.level != first.level


def _suggestion(
    mentor: Mentor, slot: TimeSlot | None, spare: int, today: date, hit: ExpertHit | None = None,
    sentences: tuple[str, ...] = (),
) -> Match:  # fmt: skip
    score, reason = (round(hit.score, 4), _reason(hit)) if hit else (0.0, say("match.reason_none"))
    quote, skills = (hit.quote, hit.skills) if hit else ("", ())
    return Match(
        mentor.id, mentor.name, mentor.title, mentor.department, mentor.level, score, reason, quote, skills, slot, spare,
        lowered=sentences, found_on=today, helped_on=hit.recent if hit else None, describes=hit is None or hit.describes,
    )  # fmt: skip


def _reason(hit: ExpertHit) -> str:
    """The evidence of the profile, and whether they helped recently, but not with what."""
    if hit.skills:
        shown = say("match.reason_skills", skills=joined(hit.skills))
    elif hit.quote:
        shown = say("match.reason_evidence" if hit.describes else "match.reason_near")
    else:
        shown = "" if hit.recent else say("match.reason_none")
    return " ".join(filter(None, (shown, say("match.reason_helped") if hit.recent else "")))
