"""The mentor directory for the time of one event of a page: each mentor is read once, however often the page names them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assistant.domain.mentor import Mentor
from assistant.ports import MentorDirectory


class KnownMentors:
    """Implements `ports.MentorDirectory` over another one."""

    def __init__(self, directory: MentorDirectory) -> None:
        self._directory = directory
        self._known: dict[str, Mentor | None] = {}

    def get(self, mentor_id: str) -> Mentor | None:
        return self.some([mentor_id]).get(mentor_id) if mentor_id else None

    def some(self, ids: Collection[str]) -> Mapping[str, Mentor]:
        missing = [key for key in ids if key not in self._known]
        if missing:
            found = self._directory.some(missing)
            self._known |= {key: found.get(key) for key in missing}
        return {key: mentor for key in ids if (mentor := self._known[key])}

    def all(self) -> tuple[Mentor, ...]:
        return self._directory.all()
