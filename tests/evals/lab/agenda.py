"""A ledger of simulated sessions and office hours that are expanded once: the ports of the matcher for long simulations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from assistant.domain.schedule import Block, TimeSlot
from assistant.ports import Calendar

SPAN = timedelta(weeks=26)
_EPOCH = datetime.fromtimestamp(0, UTC)


class Agenda:
    """A BookingStore that answers from tables; `book` trusts its caller, who took a free slot."""

    def __init__(self) -> None:
        self._seats = Counter[tuple[str, str]]()
        self._cells = defaultdict[str, set[datetime]](set)

    def book(self, mentor: str, week: str, cells: Iterable[datetime]) -> None:
        """One session of the mentor in this week, over these quarter hours."""
        self._seats[mentor, week] += 1
        self._cells[mentor].update(cells)

    def taken(self, mentors: Collection[str], start: datetime, end: datetime) -> Mapping[str, frozenset[datetime]]:
        cells = {mentor: frozenset(c for c in self._cells[mentor] if start <= c < end) for mentor in mentors}
        return {mentor: found for mentor, found in cells.items() if found}

    def load(self, mentor: str, week: str) -> int:
        return self._seats[mentor, week]

    def seats(self, mentors: Collection[str], weeks: Collection[str]) -> Mapping[tuple[str, str], int]:
        keys = ((mentor, week) for mentor in mentors for week in weeks)
        return {key: count for key in keys if (count := self._seats[key])}


class OfficeHours:
    """A Calendar that asks the real one for half a year at a time and remembers."""

    def __init__(self, real: Calendar) -> None:
        self._real = real
        self._known: dict[tuple[Block, str, int], list[datetime]] = {}

    def occurrences(self, block: Block, time_zone: str, start: datetime, end: datetime) -> Iterable[datetime]:
        first, last = (int(moment.timestamp() // SPAN.total_seconds()) for moment in (start, end))
        spans = (moment for number in range(first, last + 1) for moment in self._span(block, time_zone, number))
        return [moment for moment in spans if start <= moment < end]

    def invitation(self, uid: str, slot: TimeSlot, summary: str, attendees: Sequence[str]) -> bytes:
        return self._real.invitation(uid, slot, summary, attendees)

    def _span(self, block: Block, time_zone: str, number: int) -> list[datetime]:
        key = (block, time_zone, number)
        if key not in self._known:
            start = _EPOCH + number * SPAN
            self._known[key] = list(self._real.occurrences(block, time_zone, start, start + SPAN))
        return self._known[key]
