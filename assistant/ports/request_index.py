"""The port to the read model: questions about many requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Summary:
    """A row of the read model: enough for lists and inboxes, without anything of the conversation."""

    id: str
    mentee: str
    mentor: str | None
    stage: str
    kind: str
    question: str
    version: int
    opened_at: datetime
    changed_at: datetime
    due: datetime | None = None
    pending: bool = False
    starts_at: datetime | None = None


class RequestIndex(Protocol):
    def of_mentee(self, mentee: str) -> tuple[Summary, ...]: ...

    def of_mentor(self, mentor: str) -> tuple[Summary, ...]:
        """Requests that this mentor holds now (offered, asked, exchanging, booked, debriefing), by deadline."""

    def held_by(self, mentor: str) -> tuple[Summary, ...]:
        """Closed requests whose session this mentor held, the last closed first."""

    def unanswered(self, mentors: Collection[str]) -> Mapping[str, int]:
        """The number of unanswered offers by mentor; mentors without any are left out."""

    def due(self, now: datetime, idle_since: datetime) -> tuple[Summary, ...]:
        """Requests with a passed deadline, a pending turn, or no change since `idle_since`."""
