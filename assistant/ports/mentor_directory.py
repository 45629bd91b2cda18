"""The port to the mentors' profiles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from assistant.domain.mentor import Mentor


class MentorDirectory(Protocol):
    def get(self, mentor_id: str) -> Mentor | None: ...

    def some(self, ids: Collection[str]) -> Mapping[str, Mentor]:
        """The mentors with these ids, by id, in one read; unknown ids are left out."""

    def all(self) -> tuple[Mentor, ...]: ...
