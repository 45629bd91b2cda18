"""A mentor, a match (a suggested mentor with evidence) and a citation (a quoted passage)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.domain.schedule import Block, TimeSlot


@dataclass(frozen=True)
class Mentor:
    """A mentor; `capacity` is sessions a week (Monday to Sunday in the mentor's zone), `blocks` are office hours."""

    id: str
    name: str
    title: str
    department: str
    level: str
    time_zone: str
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    capacity: int = 1
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Match:
    """A suggested mentor. `score` is in 0..1; `quote` is an exact part of the mentor's profile.

    `lowered` has one sentence for each drawback that lowered the rank, the heaviest first. Without quote and skills there is no
    evidence, and `reason` says so. `spare` is the number of sessions left this week. `found_on` is the day of the search,
    `helped_on` that of the latest help with something like this, and `describes` is false if the quote is only similar.
    """

    mentor: str
    name: str
    title: str
    department: str
    level: str
    score: float
    reason: str
    quote: str
    skills: tuple[str, ...] = ()
    next_slot: TimeSlot | None = None
    spare: int = 0
    second_perspective: bool = False
    lowered: tuple[str, ...] = ()
    found_on: date | None = None
    helped_on: date | None = None
    describes: bool = True


@dataclass(frozen=True)
class Citation:
    """A passage shown to the mentee; `quote` is the article's text from `start` to `end`."""

    article: str
    passage: str
    title: str
    quote: str
    start: int
    end: int
    score: float = 0.0
    stale: bool = False
