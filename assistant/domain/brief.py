"""The brief a mentor reads in a minute: fields with provenance, an agenda that sums to the time box, and a gate.

What was not said is kept as "not stated". The gate is the mentee's checklist; the approval is a hash over exactly this text
and exactly the people it may go to, in their order, so any edit and any other recipient needs a new approval.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Literal

from assistant.domain.mentor import Citation

NOT_STATED = "not stated"
IN_PERSON = "will be said in the session"
Origin = Literal["quote", "option", "edit", "composed", "in_person", "none"]
FieldName = Literal["question", "background", "tried", "success", "deadline", "materials", "format", "more"]


@dataclass(frozen=True)
class BriefField:
    """One line of the brief: where it comes from and, for origin `quote`, the mentee's words it points at."""

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
class Brief:
    """A complete brief; `minutes` is the time box and equals the sum of the agenda, `ready_to_note` is the mentee's tick."""

    fields: tuple[BriefField, ...]
    minutes: int
    agenda: tuple[AgendaItem, ...]
    reading: tuple[Citation, ...] = ()
    mentor_questions: tuple[str, ...] = ()
    ready_to_note: bool = False

    def field(self, name: FieldName) -> BriefField:
        found = next((f for f in self.fields if f.name == name), None)
        return found or BriefField(name, NOT_STATED, "none")

    def without_quotes(self) -> Brief:
        """The brief as a mentor gets it: a quote may be longer than the text that the mentee approved."""
        return replace(self, fields=tuple(replace(f, quote="") for f in self.fields))

    def edited(self, name: FieldName, text: str, origin: Origin = "edit") -> Brief:
        """A copy with one field in the mentee's own words; an empty text makes it "not stated" again."""
        new = BriefField(name, text, origin) if text else BriefField(name, NOT_STATED, "none")
        kept = [new if f.name == name else f for f in self.fields]
        if all(f.name != name for f in self.fields):
            kept.append(new)
        return replace(self, fields=tuple(kept))


@dataclass(frozen=True)
class Check:
    """One item of the mentee's checklist, with what to do about it when it fails."""

    name: str
    passed: bool
    hint: str


def checklist(brief: Brief) -> tuple[Check, ...]:
    """The mentee's checklist (one question, background, success, ready to note actions): all must pass before it leaves."""
    question = brief.field("question")
    one_question = question.stated and question.text.count("?") <= 1
    return (
        Check("one most pressing question", one_question, "Write the one question you want answered."),
        Check("necessary background", brief.field("background").stated, "Say in a sentence what the situation is."),
        Check("what success looks like", brief.field("success").stated, "Say what you want to have at the end."),
        Check("ready to note actions", brief.ready_to_note, "Confirm that you will note the agreed actions."),
    )


def approval_hash(brief: Brief, recipients: tuple[str, ...]) -> str:
    """SHA-256 over the canonical JSON of the brief and of the ordered mentors it may go to."""
    canonical = json.dumps([asdict(brief), list(recipients)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
