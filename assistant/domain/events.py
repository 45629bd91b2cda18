"""The events of a request: facts in the past tense, appended and never changed. Everything else is derived from them.

Each has `at` (aware, UTC) and `actor` (an account id, "askwell" or "clock"); its sequence number is its place in the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.mentor import Match
from assistant.domain.need import Need
from assistant.domain.provenance import OFFLINE, Provenance
from assistant.domain.reply import Kind, Reply
from assistant.domain.schedule import TimeSlot

ASKWELL = "askwell"
CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class Event:
    at: datetime
    actor: str


@dataclass(frozen=True, kw_only=True)
class Opened(Event):
    mentee: str
    time_zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Said(Event):
    """A message of the mentee, stored before it is answered. `message_id` comes from the client; one id is one turn."""

    message_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Replied(Event):
    reply: Reply


@dataclass(frozen=True, kw_only=True)
class NeedChanged(Event):
    """The whole need after a change; earlier events hold the former ones."""

    need: Need
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class QuestionProposed(Event):
    question: str


@dataclass(frozen=True, kw_only=True)
class QuestionConfirmed(Event):
    question: str


@dataclass(frozen=True, kw_only=True)
class QuestionReopened(Event):
    """The mentee goes back to sharpening, also after a referral closed the request."""


@dataclass(frozen=True, kw_only=True)
class MentorsMatched(Event):
    matches: tuple[Match, ...]


@dataclass(frozen=True, kw_only=True)
class Solved(Event):
    """The mentee says that the passages solved it."""


@dataclass(frozen=True, kw_only=True)
class Referred(Event):
    """A sensitive matter was referred to the named contacts instead of a mentor; the stage stays unless it `closes`."""

    topic: str
    contacts: tuple[str, ...]
    closes: bool = True


@dataclass(frozen=True, kw_only=True)
class BriefDrafted(Event):
    brief: Brief
    recipients: tuple[str, ...]
    provenance: Provenance = OFFLINE


@dataclass(frozen=True, kw_only=True)
class BriefEdited(Event):
    """An edit of text or recipients; it voids an approval."""

    brief: Brief
    recipients: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BriefApproved(Event):
    brief_hash: str


@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    mentor: str
    brief_hash: str
    due: datetime


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
    """With a slot a session is booked; without one a written exchange begins."""

    mentor: str
    slot: TimeSlot | None = None


@dataclass(frozen=True, kw_only=True)
class OfferPassed(Event):
    """`mentor` passed the request on to `to`, who gets the identical brief; None if no approved mentor is left."""

    mentor: str
    to: str | None = None
    due: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OfferExpired(Event):
    """The deadline of `mentor` (or of the mentee's answer) passed; `to` is the next mentor, None if there is none."""

    mentor: str
    to: str | None = None
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OneMoreAsked(Event):
    mentor: str
    ask: str
    due: datetime


@dataclass(frozen=True, kw_only=True)
class OneMoreAnswered(Event):
    """The mentee's answer, which becomes part of the brief; the mentee approves the brief again."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ExchangePosted(Event):
    message_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class HandedBack(Event):
    mentor: str


@dataclass(frozen=True, kw_only=True)
class Rescheduled(Event):
    slot: TimeSlot


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(Event):
    mentor: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SessionHeld(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class DebriefNoted(Event):
    """`notes` is the text that the items quote. A new debrief replaces the former one and voids its confirmations."""

    notes: str
    debrief: Debrief


@dataclass(frozen=True, kw_only=True)
class DebriefConfirmed(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class CompetencyAttested(Event):
    """The mentor of this request attests an item of the debrief, or something in their own words."""

    text: str
    quote: str = ""


@dataclass(frozen=True, kw_only=True)
class CompetencyReported(Event):
    """The mentee reports a competency of their own."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ObjectiveMet(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class Lapsed(Event):
    """The request was closed after a long time without activity."""


EVENTS: tuple[type[Event], ...] = (
    Opened, Said, Replied, NeedChanged, QuestionProposed, QuestionConfirmed, QuestionReopened, MentorsMatched, Solved,
    Referred, BriefDrafted, BriefEdited, BriefApproved, OfferMade, OfferAccepted, OfferPassed, OfferExpired, OneMoreAsked,
    OneMoreAnswered, ExchangePosted, HandedBack, Rescheduled, BookingCancelled, SessionHeld, DebriefNoted,
    DebriefConfirmed, CompetencyAttested, CompetencyReported, ObjectiveMet, Withdrawn, Lapsed,
)  # fmt: skip
