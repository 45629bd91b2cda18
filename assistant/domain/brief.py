"""The brief for a mentor: who asks and why this mentor, fields with their origin, an agenda, and the mentee's checklist.

A field that the mentee did not state reads "not stated". The approval is a hash over the text and the ordered recipients, so
that any edit and any other recipient needs a new approval.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Literal

from assistant.domain.mentor import Citation

NOT_STATED = "not stated"
IN_PERSON = "will be said in the session"
Origin = Literal["quote", "option", "edit", "composed", "suggested", "in_person", "none"]
"""The mentee's words, an option they chose, their own text for the brief, composed from their words, or Askwell's own wording."""
FieldName = Literal["question", "also", "background", "tried", "success", "deadline", "materials", "format", "more"]


@dataclass(frozen=True)
class BriefField:
    """One field of the brief; `quote` holds the mentee's words it rests on, if its origin is "quote"."""

    name: FieldName
    text: str
    origin: Origin
    quote: str = ""

    @property
    def stated(self) -> bool:
        return self.origin != "none" and bool(self.text.strip())


@dataclass(frozen=True)
class AgendaItem:
    title: str
    minutes: int


@dataclass(frozen=True)
class MenteeProfile:
    """The mentee as the directory knows them; what it does not know is empty. `languages` are ISO 639 codes."""

    department: str = ""
    level: str = ""
    time_zone: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why this mentor: what was found in their profile and when, in one sentence."""

    mentor: str
    text: str


@dataclass(frozen=True)
class Brief:
    """A complete brief. `minutes` is the session length and the sum of the agenda; `ready_to_note` is a tick of the mentee.

    `reasons` has one for each recipient; a mentor sees only their own.
    """

    fields: tuple[BriefField, ...]
    minutes: int
    agenda: tuple[AgendaItem, ...]
    reading: tuple[Citation, ...] = ()
    mentor_questions: tuple[str, ...] = ()
    ready_to_note: bool = False
    mentee: MenteeProfile = MenteeProfile()
    reasons: tuple[Reason, ...] = ()

    def field(self, name: FieldName) -> BriefField:
        found = next((f for f in self.fields if f.name == name), None)
        return found or BriefField(name, NOT_STATED, "none")

    def reason_for(self, mentor: str) -> str:
        """Why this mentor; empty if nothing was recorded."""
        return next((reason.text for reason in self.reasons if reason.mentor == mentor), "")

    def for_mentor(self, mentor: str) -> Brief:
        """The brief as this mentor gets it: without quotes, which may say more than the approved text, and other reasons."""
        own = tuple(reason for reason in self.reasons if reason.mentor == mentor)
        return replace(self, fields=tuple(replace(f, quote="") for f in self.fields), reasons=own)

    def edited(self, name: FieldName, text: str, origin: Origin = "edit") -> Brief:
        """A copy with one field replaced; an empty text makes it "not stated"."""
        new = BriefField(name, text, origin) if text else BriefField(name, NOT_STATED, "none")
        kept = [new if f.name == name else f for f in self.fields]
        if all(f.name != name for f in self.fields):
            kept.append(new)
        return replace(self, fields=tuple(kept))


@dataclass(frozen=True)
class Check:
    """One item of the mentee's checklist; `hint` says what to do if it fails."""

    name: str
    passed: bool
    hint: str


def checklist(brief: Brief) -> tuple[Check, ...]:
    """The mentee's checklist; every item must pass before the brief is sent."""
    question = brief.field("question")
    one_question = question.stated and question.text.count("?") <= 1
    return (
        Check("one most pressing question", one_question, "Write the one question you want answered."),
        Check("necessary background", brief.field("background").stated, "Say in a sentence what the situation is."),
        Check("what success looks like", brief.field("success").stated, "Say what you want to have at the end."),
        Check("ready to note actions", brief.ready_to_note, "Confirm that you will note the agreed actions."),
    )


def approval_hash(brief: Brief, recipients: tuple[str, ...]) -> str:
    """SHA-256 over the canonical JSON of the brief and its ordered recipients."""
    canonical = json.dumps([asdict(brief), list(recipients)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
