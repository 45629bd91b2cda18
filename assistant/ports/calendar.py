"""The port to calendar rules: occurrences of office hours, and invitations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from assistant.domain.schedule import Block, TimeSlot


class Calendar(Protocol):
    def occurrences(self, block: Block, time_zone: str, start: datetime, end: datetime) -> Iterable[datetime]:
        """The starts (UTC) of a block within [start, end); local wall time is kept across daylight saving."""

    def invitation(self, uid: str, slot: TimeSlot, summary: str, attendees: Sequence[str]) -> bytes:
        """An .ics file for one booking."""
