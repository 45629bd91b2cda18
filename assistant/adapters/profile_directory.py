"""Mentors as the handoff sees them, read from the profiles of the expertise base; office hours are parsed here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Protocol

from assistant.domain.mentor import Mentor
from assistant.domain.schedule import Block, is_zone
from retrieval.passage import Profile

_BLOCK = re.compile(r"^(?P<rule>(?:[A-Z]+=[A-Z0-9,+-]+;?)+)/PT(?P<minutes>\d{1,3})M$")
SHORTEST, LONGEST = 15, 240


class Profiles(Protocol):
    def profiles(self, ids: Iterable[str] | None = None) -> dict[str, Profile]: ...


class ProfileDirectory:
    """A block that cannot be read is left out: its mentor simply offers less time."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def get(self, mentor_id: str) -> Mentor | None:
        return self.some([mentor_id]).get(mentor_id) if mentor_id else None

    def some(self, ids: Collection[str]) -> dict[str, Mentor]:
        found = self._profiles.profiles(ids) if ids else {}
        return {key: as_mentor(profile) for key, profile in found.items()}

    def all(self) -> tuple[Mentor, ...]:
        return tuple(as_mentor(profile) for _, profile in sorted(self._profiles.profiles().items()))


@lru_cache(maxsize=4_096)
def as_mentor(profile: Profile) -> Mentor:
    zone = profile.time_zone if is_zone(profile.time_zone) else "UTC"
    return Mentor(
        profile.id, profile.name, profile.title, profile.department, profile.level, zone,
        profile.languages, profile.skills, profile.formats, max(0, profile.weekly_capacity), blocks(profile.office_hours),
    )  # fmt: skip


def blocks(office_hours: str) -> tuple[Block, ...]:
    """Blocks of "RRULE/PT90M | RRULE/PT60M"."""
    matches = (_BLOCK.match(part.strip()) for part in office_hours.split("|"))
    found = [Block(match["rule"].rstrip(";"), int(match["minutes"])) for match in matches if match]
    return tuple(block for block in found if SHORTEST <= block.minutes <= LONGEST and "FREQ=" in block.rule)
