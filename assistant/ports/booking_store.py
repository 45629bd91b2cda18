"""The port to booked times and weekly capacity. Bookings are written by `RequestStore.append` through a `Hold`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.domain.schedule import TimeSlot


@dataclass(frozen=True)
class Hold:
    """A booking to write: the quarter-hour cells of `slot` (none for a written exchange) and one seat of the mentor's week.

    Database constraints refuse it if a cell or the week's last seat is taken.
    """

    request: str
    mentor: str
    mentee: str
    week: str
    capacity: int
    slot: TimeSlot | None = None


class BookingStore(Protocol):
    def taken(self, mentors: Collection[str], start: datetime, end: datetime) -> Mapping[str, frozenset[datetime]]:
        """Occupied quarter-hour cells (UTC) by mentor; mentors without any are left out."""

    def load(self, mentor: str, week: str) -> int:
        """The number of seats taken in one week."""

    def seats(self, mentors: Collection[str], weeks: Collection[str]) -> Mapping[tuple[str, str], int]:
        """The number of seats taken by (mentor, week); pairs without any are left out."""
