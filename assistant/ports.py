"""What the services need from the world, in our own words: small protocols, no vendor types."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from assistant.dialogue.pieces import Excerpt, Hear, Lesson, Outcome, Shown, Wanted, unheard
from assistant.dialogue.understanding import Turn, Understanding
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.events import Event
from assistant.domain.mentor import Mentor
from assistant.domain.need import Need
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Kind, Sentence
from assistant.domain.schedule import Block, TimeSlot
from assistant.domain.usage import Spent, Tally


class Clock(Protocol):
    def now(self) -> datetime:
        """The current moment, aware and in UTC."""


class Reads(Protocol):
    """Understanding. Results are proposals: `dialogue.evidence` drops what has no quote."""

    def understand(self, turn: Turn) -> Understanding: ...

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        """Structure notes or a transcript of the session held `on`; mentee and mentor are display names.

        `author` is who wrote the notes: the one who says "I" in them.
        """


class Speaks(Protocol):
    """Wording within the dialogue. What is asked, shown and suggested is decided before; no sentence says a status."""

    def ask(self, wanted: Wanted) -> str:
        """The chosen question in words, one sentence with one question mark."""

    def sharpen(self, need: Need, kind: Kind) -> str:
        """One question of at most 45 words, first person, made of the mentee's own words."""

    def answer(self, question: str, excerpts: Sequence[Excerpt], hear: Hear = unheard) -> tuple[Sentence, ...] | None:
        """What the excerpts say to the question, each sentence with its citations; `hear` is told while it grows.

        () is an abstention: the excerpts were read and nothing of what could be said is supported by them. None: nothing is
        put into words, the excerpts speak for themselves.
        """

    def explain(self, question: str, people: Sequence[Shown]) -> tuple[str, ...]:
        """For each of the people one or two sentences why they may help, from their evidence alone, in the same order."""


class Drafts(Protocol):
    """Wording of documents that a person reads, edits and answers for."""

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        """The draft with its fields worded out of what the mentee `said`; fields of the mentee's own hand stay as they are."""

    def thanks(self, outcome: Outcome) -> str:
        """A note of the mentee to the mentor with what came of it."""

    def article(self, outcome: Outcome) -> Lesson:
        """What others can learn of the session, without names."""


class Language(Reads, Speaks, Drafts, Protocol):
    """Understanding and wording within one turn; `provenance` tells the way of all that was done in it so far.

    It may be asked from several threads at once.
    """

    @property
    def provenance(self) -> Provenance: ...


class Languages(Protocol):
    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        """The language for one turn with this person: one budget of time, tries and tokens for all that is asked of it.

        `person` and `others` are account ids of everybody whose words may be read in it; if one of them does not allow a
        language model, none is used.
        """


class TokenCounter(Protocol):
    def count(self, text: str) -> int:
        """How many tokens a text has for the model that it is meant for; rather too many than too few."""


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

    def held_by(self, mentor: str) -> tuple[Summary, ...]:
        """Closed requests of which this mentor held the session, the last closed first."""

    def unanswered(self, mentors: Collection[str]) -> Mapping[str, int]:
        """How many offers wait for an answer of each of these mentors; without those that have none."""

    def due(self, now: datetime, idle_since: datetime) -> tuple[Summary, ...]:
        """What the clock must look at: passed deadlines, pending turns, and requests untouched since `idle_since`."""


class BookingStore(Protocol):
    def taken(self, mentor: str, start: datetime, end: datetime) -> frozenset[datetime]:
        """Occupied quarter-hour cells (UTC) of a mentor."""

    def load(self, mentor: str, week: str) -> int:
        """Seats of the week already taken."""

    def seats(self, mentors: Collection[str], weeks: Collection[str]) -> Mapping[tuple[str, str], int]:
        """Seats taken by mentor and week, of these mentors and weeks; without those that have none."""


class OutboxStore(Protocol):
    def lease(self, limit: int, now: datetime) -> tuple[tuple[int, Note], ...]:
        """Undelivered notes that are due, leased so that two workers do not deliver one note at once."""

    def settle(self, note_id: int, delivered: bool, now: datetime) -> None:
        """Mark delivered, or count the failure and back off; after the last try it is a visible dead letter."""


@dataclass(frozen=True)
class NewsItem:
    """A note as its recipient finds it: `id` grows with every note, `at` is when it was written, aware and in UTC."""

    id: int
    at: datetime
    request: str
    topic: str
    body: str
    seen: bool


@dataclass(frozen=True)
class News:
    """The newest notes first; `unseen` counts all that were not seen, also those that are not among `items`."""

    unseen: int
    items: tuple[NewsItem, ...]


class NewsStore(Protocol):
    """The notes of the outbox for those who look instead of waiting for mail; `addresses` are all of one person's."""

    def news(self, login: str, addresses: Collection[str], limit: int) -> News:
        """The newest `limit` notes to these addresses, delivered or not."""

    def mark_seen(self, login: str, addresses: Collection[str], upto: int) -> None:
        """Remember that the notes to these addresses up to and including this id are seen; never goes backwards.

        Not beyond the newest of them, so that no later note is taken as seen. An unknown login is remembered nowhere.
        """


@dataclass(frozen=True)
class Mark:
    """How far a watcher has looked; only the adapter that made it reads it."""

    at: datetime
    requests: frozenset[tuple[str, int]]
    letters: frozenset[int]
    holders: Mapping[str, str]


class Changes(Protocol):
    """Whom a change concerns, named as notes name people: a login, or "mentor:<id>". Raises StoreUnavailable."""

    def start(self, now: datetime) -> Mark:
        """A mark behind everything written so far."""

    def since(self, mark: Mark, now: datetime) -> tuple[Mark, frozenset[str]]:
        """The next mark, and everybody concerned by what was written since `mark`: each change is told once."""


class MentorDirectory(Protocol):
    def get(self, mentor_id: str) -> Mentor | None: ...
    def all(self) -> tuple[Mentor, ...]: ...


@dataclass(frozen=True)
class Account:
    """`model`: what this person writes, and their profile, may be sent to a language model."""

    login: str
    name: str
    roles: frozenset[str]
    time_zone: str = "UTC"
    mentor: str | None = None
    department: str = ""
    model: bool = True


class AccountStore(Protocol):
    def get(self, login: str) -> Account | None: ...
    def all(self) -> tuple[Account, ...]: ...

    def for_mentor(self, mentor: str) -> tuple[Account, ...]:
        """Those that stand for this mentor profile."""

    def without_model(self) -> tuple[Account, ...]:
        """Those of which nothing may be sent to a language model."""

    def put(self, account: Account, audit: Audit) -> None:
        """Adds the account, or replaces the one with this login but for its `model`."""

    def set_model(self, login: str, on: bool, audit: Audit) -> bool:
        """Changes `model` alone; False, and nothing written, when it is so already or there is no such account."""


class Passwords(Protocol):
    """How passwords are kept: as hashes that only the password itself can match."""

    def hash(self, password: str) -> str: ...

    def matches(self, password: str, known: str | None) -> bool:
        """Whether `known` is a hash of this password. None is never matched and takes as long as a real one."""

    def outdated(self, known: str) -> bool:
        """Whether the hash was made with other parameters than those of today."""


class PasswordStore(Protocol):
    def password(self, login: str) -> str | None:
        """The hash of this person's password, or None when there is none."""

    def set_password(self, login: str, password: str, audit: Audit) -> bool:
        """Keep this hash and close every sign-in of the login, whole; False when there is no such account."""


@dataclass(frozen=True)
class SignIn:
    """Somebody is signed in, in [since, until); known by the SHA-256 of a token that only they have."""

    token_hash: str
    login: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class SignedIn:
    """Whose sign-in it is, with the account as it is now."""

    account: Account
    until: datetime
    has_password: bool


class GateStore(Protocol):
    def open(self, sign_in: SignIn, verified: str | None, renewed: str | None = None) -> bool:
        """Keep a sign-in if the login's stored hash is still `verified` (None: it has none), else False.

        `renewed` replaces the hash in the same transaction. Sign-ins that ended before `since` are forgotten.
        """

    def who(self, token_hash: str) -> SignedIn | None:
        """Also of a sign-in whose time is over."""

    def close(self, token_hash: str) -> None: ...
    def close_all(self, login: str) -> None: ...


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
