"""The debrief of a session: items quoted from its notes. A hedged statement is a proposal, never an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.domain.provenance import OFFLINE, Provenance

Owner = Literal["mentee", "mentor", "both"]
ItemKind = Literal["takeaway", "action", "proposal", "decision", "resource", "open_question", "other_expert", "competency"]


@dataclass(frozen=True)
class Item:
    """One item of a debrief; `quote` is a substring of the notes. Owner and due date are None unless the notes state them."""

    kind: ItemKind
    text: str
    quote: str
    owner: Owner | None = None
    due: date | None = None


@dataclass(frozen=True)
class Debrief:
    """The structured notes of one session; `not_covered` lists the agenda points that were left out."""

    items: tuple[Item, ...] = ()
    not_covered: tuple[str, ...] = ()
    provenance: Provenance = OFFLINE

    def of(self, kind: ItemKind) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind == kind)


@dataclass(frozen=True)
class Competency:
    """Something the mentee can now do: attested by the mentor, or self-reported."""

    text: str
    quote: str
    attested_by: str | None = None

    @property
    def attestation(self) -> str:
        return "attested by the mentor" if self.attested_by else "self-reported"
