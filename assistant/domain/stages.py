"""The stages of a request. Data that is valid in one stage only is a field of that stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.brief import Brief
from assistant.domain.schedule import TimeSlot


class Party(StrEnum):
    """The party whose turn it is. While that is the mentor, the assistant does not reply."""

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
    """The question is being clarified; `proposed` is a question that the mentee has not confirmed yet."""

    proposed: str = ""


@dataclass(frozen=True)
class Ready:
    """The question is confirmed; the mentee chooses a mentor, or closes the request."""

    question: str


@dataclass(frozen=True)
class Briefing:
    """A draft of the brief for `recipients`, first choice first. `approved` is the approved hash, empty after any edit."""

    question: str
    draft: Brief
    recipients: tuple[str, ...]
    approved: str = ""


@dataclass(frozen=True)
class Offered:
    """`mentor` has had the approved brief since `since` and answers by `due`; `rest` are the next recipients."""

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
    """The mentor and the mentee write to each other until the mentor hands the thread back."""

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
    """The party whose turn it is; a proposed question waits for the mentee."""
    if isinstance(stage, Sharpening) and stage.proposed:
        return Party.MENTEE
    return _OWNER[type(stage)]


def stage_name(stage: Stage) -> str:
    """`MoreAsked` as `more_asked`: the name in the store, in JSON and in the diagram."""
    return name_of(type(stage))


def name_of(kind: type) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("_")


def mentor_of(stage: Stage) -> str | None:
    """The id of the mentor who holds the request now, if any."""
    return getattr(stage, "mentor", None)
