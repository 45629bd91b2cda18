"""The stages of a request. What is legal only in one stage travels with it, so an impossible request cannot be written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.brief import Brief
from assistant.domain.schedule import TimeSlot


class Party(StrEnum):
    """Who speaks next. The assistant is silent unless it is the owner."""

    ASSISTANT = "assistant"
    MENTEE = "mentee"
    MENTOR = "mentor"
    NOBODY = "nobody"


class Outcome(StrEnum):
    SELF_SERVED = "self_served"
    OBJECTIVE_MET = "objective_met"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Sharpening:
    """The assistant and the mentee look for the one question; `proposed` waits for the mentee's yes."""

    proposed: str = ""


@dataclass(frozen=True)
class Ready:
    """The question is confirmed; the mentee chooses a passage, a person, or stops."""

    question: str


@dataclass(frozen=True)
class Briefing:
    """A draft for `recipients`, first choice first. `approved` is the hash the mentee approved, empty after any edit."""

    question: str
    draft: Brief
    recipients: tuple[str, ...]
    approved: str = ""


@dataclass(frozen=True)
class Offered:
    """`mentor` holds the approved brief since `since` and answers by `due`; `rest` get the identical brief after that."""

    question: str
    mentor: str
    brief: Brief
    brief_hash: str
    since: datetime
    due: datetime
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class MoreAsked:
    """`mentor` asked one more thing; the mentee answers by `due`."""

    question: str
    mentor: str
    ask: str
    brief: Brief
    due: datetime
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exchanging:
    """A human has the thread, until handed back."""

    question: str
    mentor: str
    brief: Brief


@dataclass(frozen=True)
class Booked:
    question: str
    mentor: str
    brief: Brief
    slot: TimeSlot


@dataclass(frozen=True)
class Debriefing:
    question: str
    mentor: str
    brief: Brief


@dataclass(frozen=True)
class Closed:
    outcome: Outcome


Stage = Sharpening | Ready | Briefing | Offered | MoreAsked | Exchanging | Booked | Debriefing | Closed
STAGES: tuple[type[Stage], ...] = (
    Sharpening, Ready, Briefing, Offered, MoreAsked, Exchanging, Booked, Debriefing, Closed,
)  # fmt: skip
_OWNER: dict[type[Stage], Party] = {
    Sharpening: Party.ASSISTANT,
    Ready: Party.MENTEE,
    Briefing: Party.MENTEE,
    Offered: Party.MENTOR,
    MoreAsked: Party.MENTEE,
    Exchanging: Party.MENTOR,
    Booked: Party.MENTOR,
    Debriefing: Party.MENTEE,
    Closed: Party.NOBODY,
}


def owner(stage: Stage) -> Party:
    """Who has the next word. A proposed question is the mentee's to confirm."""
    if isinstance(stage, Sharpening) and stage.proposed:
        return Party.MENTEE
    return _OWNER[type(stage)]


def stage_name(stage: Stage) -> str:
    """`MoreAsked` as `more_asked`: the name in the store, in JSON and in the diagram."""
    return name_of(type(stage))


def name_of(kind: type) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("_")


def mentor_of(stage: Stage) -> str | None:
    """The mentor who holds the request now, if any."""
    return getattr(stage, "mentor", None)
