"""Everything that can happen to a request. Events are the truth: facts in the past tense, never changed, only added.

Each carries `at` (aware, UTC) and `actor` (an account id, or "askwell" or "clock"); its `seq` is its place in the list.
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
    """A message of the mentee, stored before anything is answered. `message_id` is the client's: one id, one turn."""

    message_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Replied(Event):
    reply: Reply


@dataclass(frozen=True, kw_only=True)
class NeedChanged(Event):
    """The need as it is now known; what was known before stays in the earlier events."""

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
    """The mentee goes back to sharpening, also from a request that a referral closed."""


@dataclass(frozen=True, kw_only=True)
class MentorsMatched(Event):
    matches: tuple[Match, ...]


@dataclass(frozen=True, kw_only=True)
class Solved(Event):
    """The mentee says that the passages were enough."""


@dataclass(frozen=True, kw_only=True)
class Referred(Event):
    """A sensitive matter: the named people take it, no mentor is searched. Unless it `closes`, the request stays where it is."""

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
    """Any edit of text or recipients; it voids an approval."""

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
    """With a slot it is booked; without one it becomes a written exchange."""

    mentor: str
    slot: TimeSlot | None = None


@dataclass(frozen=True, kw_only=True)
class OfferPassed(Event):
    """`mentor` says somebody else is better; `to` gets the identical brief, or nobody is left."""

    mentor: str
    to: str | None = None
    due: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OfferExpired(Event):
    """The clock ran out for `mentor` (or for the mentee's answer); `to` is next, or nobody is left."""

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
    """The mentee's answer; it joins the brief, which the mentee approves again."""

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
    """`notes` is the text the items quote; the newest debrief replaces the former one and voids confirmations."""

    notes: str
    debrief: Debrief


@dataclass(frozen=True, kw_only=True)
class DebriefConfirmed(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class CompetencyAttested(Event):
    """By the mentor of this request only, about one item of the debrief or in the mentor's own words."""

    text: str
    quote: str = ""


@dataclass(frozen=True, kw_only=True)
class CompetencyReported(Event):
    """By the mentee about themselves."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ObjectiveMet(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class Lapsed(Event):
    """The clock closes what nobody has touched for long."""


EVENTS: tuple[type[Event], ...] = (
    Opened, Said, Replied, NeedChanged, QuestionProposed, QuestionConfirmed, QuestionReopened, MentorsMatched, Solved,
    Referred, BriefDrafted, BriefEdited, BriefApproved, OfferMade, OfferAccepted, OfferPassed, OfferExpired, OneMoreAsked,
    OneMoreAnswered, ExchangePosted, HandedBack, Rescheduled, BookingCancelled, SessionHeld, DebriefNoted,
    DebriefConfirmed, CompetencyAttested, CompetencyReported, ObjectiveMet, Withdrawn, Lapsed,
)  # fmt: skip
