"""What is outside: the time, the calendar, and what a language model costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from assistant.domain.schedule import Block, TimeSlot
from assistant.domain.usage import Spent, Tally


class Clock(Protocol):
    def now(self) -> datetime:
        """The current moment, aware and in UTC."""


class Calendar(Protocol):
    def occurrences(self, block: Block, time_zone: str, start: datetime, end: datetime) -> Iterable[datetime]:
        """Starts (UTC) of a block that begin in [start, end), local wall time kept over daylight saving."""

    def invitation(self, uid: str, slot: TimeSlot, summary: str, attendees: Sequence[str]) -> bytes:
        """An .ics file for one booking."""


class UsageStore(Protocol):
    """What the language model cost, without a word of what was said; numbers are tokens, or people, since a moment."""

    def record(self, *spent: Spent) -> None: ...
    def spent(self, person: str, since: datetime) -> int: ...
    def total(self, since: datetime) -> int: ...
    def people(self, since: datetime) -> int: ...

    def by_task(self, since: datetime) -> tuple[Tally, ...]:
        """By task, model and outcome, in their order."""

    def forget(self, now: datetime) -> None:
        """Of what is older than 40 days only totals stay, and nobody's name; done with every record too, once a day."""
