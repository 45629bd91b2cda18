"""Where requests and bookings are kept, and everything that is written in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.domain.events import Event
from assistant.domain.request import Request
from assistant.domain.schedule import TimeSlot


@dataclass(frozen=True)
class Notification:
    """One message to one person about one request. `key` makes its effect happen once; `body` never quotes a conversation."""

    key: str
    to: str
    request: str
    topic: str
    body: str


@dataclass(frozen=True)
class Audit:
    """Who did what to what; no free text."""

    actor: str
    operation: str
    subject: str
    at: datetime


@dataclass(frozen=True)
class Hold:
    """Time to take from a mentor, by constraint: the cells of `slot` (or none for a written exchange) and a seat of the week."""

    request: str
    mentor: str
    mentee: str
    week: str
    capacity: int
    slot: TimeSlot | None = None


@dataclass(frozen=True)
class Effects:
    """All that is written in the same transaction as the events. `release` frees the request's booking first."""

    notes: tuple[Notification, ...] = ()
    audits: tuple[Audit, ...] = ()
    hold: Hold | None = None
    release: bool = False


@dataclass(frozen=True)
class Summary:
    """A row of the read model: enough for lists and inboxes, nothing of the conversation."""

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


class RequestStore(Protocol):
    """The events. `append` refuses with StaleVersion, SlotTaken or DuplicateMessage, each leaving nothing behind."""

    def create(self, request_id: str, opened: Event) -> None: ...

    def events(self, request_id: str) -> tuple[Event, ...]:
        """All events in order; empty when there is no such request."""

    def append(
        self, request_id: str, expected: int, new: Sequence[Event], effects: Effects = ..., before: Request | None = None
    ) -> int:
        """Append atomically at version `expected`; the new version.

        `before` is the request at that version, if the caller has it; without it the store reads and folds its events.
        """


class RequestIndex(Protocol):
    """Questions about many requests, answered by the read model."""

    def of_mentee(self, mentee: str) -> tuple[Summary, ...]: ...

    def of_mentor(self, mentor: str) -> tuple[Summary, ...]:
        """Requests that this mentor holds now (offered, asked, exchanging, booked, debriefing), by deadline."""

    def held_by(self, mentor: str) -> tuple[Summary, ...]:
        """Closed requests of which this mentor held the session, the last closed first."""

    def unanswered(self, mentors: Collection[str]) -> Mapping[str, int]:
        """How many offers wait for an answer of each of these mentors; without those that have none."""

    def due(self, now: datetime, idle_since: datetime) -> tuple[Summary, ...]:
        """What the clock must look at: passed deadlines, pending turns, and requests untouched since `idle_since`."""


class BookingStore(Protocol):
    def taken(self, mentors: Collection[str], start: datetime, end: datetime) -> Mapping[str, frozenset[datetime]]:
        """Occupied quarter-hour cells (UTC) by mentor; without those that have none."""

    def load(self, mentor: str, week: str) -> int:
        """Seats of the week already taken."""

    def seats(self, mentors: Collection[str], weeks: Collection[str]) -> Mapping[tuple[str, str], int]:
        """Seats taken by mentor and week, of these mentors and weeks; without those that have none."""


class StaleVersion(Exception):
    """Somebody else appended first; load again and decide again."""


class SlotTaken(Exception):
    """The time, the week's last seat or the request's one booking is already taken; `what` says which."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class DuplicateMessage(Exception):
    """This client message id is already stored for this request."""


class StoreUnavailable(Exception):
    """The database cannot be written now (disk full, read-only, locked); nothing was acknowledged."""


class StoreDamaged(StoreUnavailable):
    """The file of the database is not whole any more."""


class ValueNotStorable(StoreUnavailable):
    """The database cannot hold a value that it was given, so trying again does not help. Nothing was changed."""
