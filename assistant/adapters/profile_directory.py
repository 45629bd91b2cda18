"""Reads mentors for the handoff from the profiles of the expertise base."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from typing import Protocol

from assistant.adapters.time_zones import zone_named
from assistant.domain.mentor import Mentor
from assistant.domain.office_hours import read_hours
from assistant.domain.schedule import Block
from retrieval.passage import Profile

log = logging.getLogger(__name__)


class Profiles(Protocol):
    def profiles(self, ids: Iterable[str] | None = None) -> dict[str, Profile]: ...


class ProfileDirectory:
    """Implements `ports.MentorDirectory`. Office hours that cannot be read are left out."""

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
    """Converts a stored profile and leaves out invalid parts; without a valid time zone there are no office hours."""
    zone, hours = zone_named(profile.time_zone), read_hours(profile.office_hours)
    if zone is None or hours.faults:
        _warn_once()
    return Mentor(
        profile.id, profile.name, profile.title, profile.department, profile.level, zone or "UTC", profile.languages,
        profile.skills, profile.formats, max(0, profile.weekly_capacity), hours.blocks if zone else (),
    )  # fmt: skip


@cache
def _warn_once() -> None:
    log.warning("Stored mentors have office hours or a time zone that cannot be used; askwell doctor names them.")


def blocks(office_hours: str) -> tuple[Block, ...]:
    """The valid blocks of an office hours text."""
    return read_hours(office_hours).blocks
