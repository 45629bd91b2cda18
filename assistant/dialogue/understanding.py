"""What a language adapter understood in one turn: a proposal until `grounding.evidence` has checked its quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from assistant.domain.need import Need, SlotName
from assistant.domain.reply import Asks, Kind

TOPICS = ("crisis", "harassment", "discrimination", "burnout", "grievance", "confidential")
"""Sensitive matters, each with contacts of its own; the most urgent first."""


class Act(StrEnum):
    """Dialogue acts of a message."""

    WANTS_PERSON = "wants_person"
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    SKIP = "skip"
    NOT_SURE = "not_sure"
    CORRECTION = "correction"
    NEGATION = "negation"
    GREETING = "greeting"
    THANKS = "thanks"
    STOP = "stop"
    CONFIRM = "confirm"
    NO_REQUEST = "no_request"


@dataclass(frozen=True)
class Turn:
    """One turn of a mentee: the joined messages, the need so far, the question just asked, and all earlier messages.

    Without `may_ask` no clarifying question can follow, so nobody needs to judge what is worth asking.
    """

    text: str
    at: datetime
    time_zone: str
    need: Need = field(default_factory=Need)
    asked: Asks | None = None
    options: tuple[str, ...] = ()
    first: bool = True
    said: tuple[str, ...] = ()
    may_ask: bool = True


@dataclass(frozen=True)
class Extraction:
    """A claimed slot: `quote` must be in the turn's text; `replaces` marks a correction instead of an addition."""

    slot: SlotName
    value: str
    quote: str
    confidence: float = 1.0
    due: date | None = None
    replaces: bool = False


@dataclass(frozen=True)
class Understanding:
    """All claims about one turn. `kind` judges the whole request so far; `negated` quotes what it is *not* about.

    `topic` names a sensitive matter for the organisation's contacts (one of TOPICS) or is empty.
    `uneasy` is a suspicion of one: the contacts are then named beside the ordinary answer; `urgent` is one of danger to life.
    `scope_unsure` means weak evidence for "out of scope": the search then decides.
    `presence` is the probability that a slot is stated in the turn, even if no quote is certain enough to show.
    `worth` says how probable it is that a question for a slot or facet is worth the mentee's time, and "none" that no question
    is; `asks` are the questions of a first message, each of which could be the one.
    """

    kind: Kind
    acts: frozenset[Act] = frozenset()
    slots: tuple[Extraction, ...] = ()
    negated: tuple[str, ...] = ()
    facet: str = ""
    topic: str = ""
    uneasy: bool = False
    urgent: bool = False
    scope_unsure: bool = False
    presence: Mapping[SlotName, float] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
