"""Who is suggested: people found by their evidence, put in order by what else counts for a person who needs help soon.

Evidence of expertise comes first; a near free slot and spare capacity only order people of similar evidence. Mentors without
a free slot in the next weeks are not shown, so nobody is asked beyond capacity.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.domain.mentor import Match, Mentor
from assistant.domain.need import Need
from assistant.ports import MentorDirectory
from assistant.services.drafting import time_box
from assistant.services.slots import FreeSlots, by_daylight
from assistant.services.wording import joined, say
from retrieval.experts import ExpertHit

SHOWN = 3
SOON_WEIGHT = 0.10
SPARE_WEIGHT = 0.05


class Matcher:
    def __init__(self, directory: MentorDirectory, slots: FreeSlots) -> None:
        self._directory, self._slots = directory, slots

    def match(self, need: Need, people: Sequence[ExpertHit], now: datetime, zone: str) -> tuple[Match, ...]:
        """At most three mentors and one second perspective, best first, each with a free slot by day in the mentee's `zone`."""
        minutes = time_box(need.value("format"))
        ranked = [self._match(hit, minutes, now, zone) for hit in people]
        able = sorted((m for m in ranked if m), key=lambda m: (-_utility(m, now), m.mentor))
        best = able[:SHOWN]
        second = next((m for m in able[1:] if _differs(m, able[0])), None) if able else None
        marked = [replace(m, second_perspective=m is second) for m in best]
        return (*marked, *([replace(second, second_perspective=True)] if second and second not in best else []))

    def soonest(self, now: datetime, zone: str, exclude: Collection[str] = ()) -> tuple[Match, ...]:
        """For a wish to talk to a person about nothing in particular: who is free first, one a department."""
        matches = [self._as_match(m, 0.0, "", (), 30, now, zone) for m in self._directory.all() if m.id not in exclude]
        able = [(not by_daylight(m.next_slot, zone), m.next_slot.start, m.mentor, m) for m in matches if m and m.next_slot]
        chosen: dict[str, Match] = {}
        for *_, match in sorted(able, key=lambda row: row[:3]):
            chosen.setdefault(match.department, match)
        return tuple(chosen.values())[:SHOWN]

    def _match(self, hit: ExpertHit, minutes: int, now: datetime, zone: str) -> Match | None:
        mentor = self._directory.get(hit.profile.id)
        return self._as_match(mentor, hit.score, hit.quote, hit.skills, minutes, now, zone) if mentor else None

    def _as_match(
        self, mentor: Mentor, score: float, quote: str, skills: tuple[str, ...], minutes: int, now: datetime, zone: str
    ) -> Match | None:
        free = self._slots.first(mentor, minutes, now, zone=zone)
        spare = self._slots.spare(mentor, now)
        if not free and (mentor.blocks or not spare):
            return None
        return Match(
            mentor.id, mentor.name, mentor.title, mentor.department, mentor.level, round(score, 4),
            _reason(skills, quote), quote, skills, free[0] if free else None, spare,
        )  # fmt: skip


def _reason(skills: tuple[str, ...], quote: str) -> str:
    if skills:
        return say("match.reason_skills", skills=joined(skills))
    return say("match.reason_evidence" if quote else "match.reason_none")


def _utility(match: Match, now: datetime) -> float:
    """Evidence, plus a little for a slot within a week (falling with its distance) and for spare sessions."""
    wait = (match.next_slot.start - now) / timedelta(days=7) if match.next_slot else 1.0
    return match.score + SOON_WEIGHT * max(0.0, 1.0 - wait) + SPARE_WEIGHT * min(match.spare, 2) / 2


def _differs(match: Match, first: Match) -> bool:
    return match.department != first.department or match.level != first.level
