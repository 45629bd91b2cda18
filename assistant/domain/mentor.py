"""A mentor as the handoff sees one: who, when, how much; and a match, which is a mentor with a quoted reason."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.schedule import Block, TimeSlot


@dataclass(frozen=True)
class Mentor:
    """A person who gives time: `capacity` is sessions a week (Monday to Sunday, mentor's zone); blocks are office hours."""

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
    """A suggested mentor: `score` in 0..1, `quote` is an exact part of the mentor's evidence.

    `lowered` holds a sentence for each thing that counted against this person when the order was made, the heaviest first.
    Without a quote and a skill there is no evidence, and `reason` says so.
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


@dataclass(frozen=True)
class Citation:
    """A passage shown to the mentee: `quote` is an exact substring of the article from `start` to `end`."""

    article: str
    passage: str
    title: str
    quote: str
    start: int
    end: int
    score: float = 0.0
    stale: bool = False
