"""What the services need from the world, in our own words: small protocols, no vendor types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from assistant.dialogue.understanding import Turn, Understanding
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.events import Event
from assistant.domain.mentor import Mentor
from assistant.domain.need import Need
from assistant.domain.reply import Kind
from assistant.domain.schedule import Block, TimeSlot


class Clock(Protocol):
    def now(self) -> datetime:
        """The current moment, aware and in UTC."""


class Language(Protocol):
    """Understanding and wording. Results are proposals: `dialogue.evidence` drops what has no quote."""

    def understand(self, turn: Turn) -> Understanding: ...

    def sharpen(self, need: Need, kind: Kind) -> str:
        """One question of at most 45 words, first person, made of the mentee's own words."""

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        """Structure notes or a transcript of the session held `on`; mentee and mentor are display names.

        `author` is who wrote the notes: the one who says "I" in them.
        """


class Calendar(Protocol):
    def occurrences(self, block: Block, time_zone: str, start: datetime, end: datetime) -> Iterable[datetime]:
        """Starts (UTC) of a block that begin in [start, end), local wall time kept over daylight saving."""

    def invitation(self, uid: str, slot: TimeSlot, summary: str, attendees: Sequence[str]) -> bytes:
        """An .ics file for one booking."""


@dataclass(frozen=True)
class Note:
    """One message to one person about one request. `key` makes its effect happen once; `body` never quotes a conversation."""

    key: str
    to: str
    request: str
    topic: str
    body: str


class Notifier(Protocol):
    def deliver(self, note: Note) -> None:
        """Bring the note to the person, or raise NotDelivered."""


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

    notes: tuple[Note, ...] = ()
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

    def append(self, request_id: str, expected: int, new: Sequence[Event], effects: Effects = ...) -> int:
        """Append atomically at version `expected`; the new version."""


class RequestIndex(Protocol):
    """Questions about many requests, answered by the read model."""

    def of_mentee(self, mentee: str) -> tuple[Summary, ...]: ...

    def of_mentor(self, mentor: str) -> tuple[Summary, ...]:
        """Requests that this mentor holds now (offered, asked, exchanging, booked, debriefing), by deadline."""

    def due(self, now: datetime, idle_since: datetime) -> tuple[Summary, ...]:
        """What the clock must look at: passed deadlines, pending turns, and requests untouched since `idle_since`."""


class BookingStore(Protocol):
    def taken(self, mentor: str, start: datetime, end: datetime) -> frozenset[datetime]:
        """Occupied quarter-hour cells (UTC) of a mentor."""

    def load(self, mentor: str, week: str) -> int:
        """Seats of the week already taken."""


class OutboxStore(Protocol):
    def lease(self, limit: int, now: datetime) -> tuple[tuple[int, Note], ...]:
        """Undelivered notes that are due, leased so that two workers do not deliver one note at once."""

    def settle(self, note_id: int, delivered: bool, now: datetime) -> None:
        """Mark delivered, or count the failure and back off; after the last try it is a visible dead letter."""


class MentorDirectory(Protocol):
    def get(self, mentor_id: str) -> Mentor | None: ...

    def all(self) -> tuple[Mentor, ...]: ...


@dataclass(frozen=True)
class Account:
    login: str
    name: str
    roles: frozenset[str]
    time_zone: str = "UTC"
    mentor: str | None = None
    department: str = ""


class AccountStore(Protocol):
    def get(self, login: str) -> Account | None: ...

    def all(self) -> tuple[Account, ...]: ...

    def put(self, account: Account, audit: Audit) -> None: ...


class NotDelivered(Exception):
    """A note could not be delivered now; it stays in the outbox."""


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
