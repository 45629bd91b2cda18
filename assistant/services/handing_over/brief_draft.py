"""Drafts a brief from a need: every field quotes the mentee, and missing ones read "not stated"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.brief import NOT_STATED, AgendaItem, Brief, BriefField, FieldName, Origin
from assistant.domain.mentor import Citation
from assistant.domain.need import Need, SlotName
from assistant.domain.reply import Asks, Reply
from assistant.domain.request import Request
from assistant.services.conversing.status_text import say

_MINUTES = re.compile(r"(\d{2,3})\s*+-?\s*+(?:min|mins|minute|minutes)\b", re.IGNORECASE)
_HOUR = re.compile(r"\b(?:an|one|two|[12])\s*+-?\s*+(?:hours?|hrs?|h)\b", re.IGNORECASE)
_PART = re.compile(r"\b(half|quarter)\W+(?:of\W+)?(?:an?\W+)?(?:hour|hr)\b", re.IGNORECASE)
_MATERIAL = re.compile(
    r"https?://\S+|(?<![\w.-])[\w.-]+\.(?:pdf|docx?|xlsx?|pptx?|csv|txt|ipynb|py|sql|zip|png|drawio)\b|\battached\b[^.;\n]{0,60}",
    re.IGNORECASE,
)
_FROM_SLOT: dict[FieldName, SlotName] = {
    "background": "context",
    "tried": "tried",
    "success": "outcome",
    "deadline": "deadline",
    "format": "format",
}
_ASK_IF_MISSING: dict[FieldName, str] = {
    "background": "brief.ask_background",
    "tried": "brief.ask_tried",
    "success": "brief.ask_success",
    "deadline": "brief.ask_deadline",
}
DEFAULT_MINUTES = 30


def draft(request: Request, question: str, reading: Sequence[Citation]) -> Brief:
    """A brief from the mentee's words; its length is the one stated, else 30 minutes."""
    fields = (BriefField("question", question, "composed"), *_stated(request.need), _materials(request.words()))
    minutes = time_box(request.need.value("format"))
    missing = tuple(say(key) for name, key in _ASK_IF_MISSING.items() if not _has(fields, name))
    questions = (*missing, say("brief.ask_constraint"))[:3]
    return Brief(fields, minutes, agenda(minutes), _articles(reading), questions)


def _articles(reading: Sequence[Citation]) -> tuple[Citation, ...]:
    """The first citation of each article, since an answer may cite several places of one."""
    first: dict[str, Citation] = {}
    for citation in reading:
        first.setdefault(citation.article, citation)
    return tuple(first.values())


def next_draft(request: Request, question: str) -> Brief:
    """A new draft, or one based on the kept brief of a handoff that came back."""
    if request.kept:
        return redraft(request, request.kept, question, request.citations)
    return draft(request, question, request.citations)


def redraft(request: Request, old: Brief, question: str, reading: Sequence[Citation]) -> Brief:
    """A new draft that keeps the mentee's edits and tick from the old one, except an edit of another question."""
    fresh = draft(request, question, reading)
    for kept in old.fields:
        if kept.origin in ("edit", "in_person") and (kept.name != "question" or kept.text == question):
            fresh = fresh.edited(kept.name, kept.text, kept.origin)
    return replace(fresh, ready_to_note=old.ready_to_note)


def success_missing(request: Request, brief: Brief) -> bool:
    """Whether to ask what success looks like: it is missing, blocks the brief, and was neither asked for nor declined."""
    asked = any(ask.name == "outcome" for ask in request.asked) or "outcome" in request.need.closed
    return not asked and not brief.field("success").stated


def success_question(name: str) -> Reply:
    """A reply that asks for success, for the brief to the mentor of this name."""
    question = say("ask.outcome_brief", name=name)
    return Reply(
        (), question, question=question, asks=Asks("slot", "outcome"), options=(say("ask.skip"),), why=say("why.outcome")
    )


def agenda(minutes: int) -> tuple[AgendaItem, ...]:
    """The agenda: container, background, work (Watch One and Do One from 45 minutes on) and debrief; sums to `minutes`."""
    container, background, debrief = (2, 5, 5) if minutes <= 30 else (3, 7, 5)
    if minutes < 15:
        return (AgendaItem(say("brief.agenda_work"), minutes),)
    work = minutes - container - background - debrief
    if minutes >= 45:
        watch = work // 2
        middle = [("brief.agenda_watch", watch), ("brief.agenda_do", work - watch)]
    else:
        middle = [("brief.agenda_work", work)]
    head = [("brief.agenda_container", container), ("brief.agenda_background", background)]
    return tuple(AgendaItem(say(key), length) for key, length in [*head, *middle, ("brief.agenda_debrief", debrief)])


def time_box(format_words: str) -> int:
    """The session length in minutes from the mentee's words about the format: 15 to 60, 30 if none is stated."""
    match = _MINUTES.search(format_words)
    if match:
        return max(15, min(60, int(match[1])))
    part = _PART.search(format_words)
    if part:
        return 30 if part[1].lower() == "half" else 15
    return 60 if _HOUR.search(format_words) else DEFAULT_MINUTES


def _stated(need: Need) -> tuple[BriefField, ...]:
    return tuple(_field(name, need, slot) for name, slot in _FROM_SLOT.items())


def _field(name: FieldName, need: Need, slot_name: SlotName) -> BriefField:
    slot = need.get(slot_name)
    if slot is None:
        return BriefField(name, NOT_STATED, "none")
    shown = f"{slot.value} ({slot.due:%a %-d %b %Y})" if slot.due else slot.value
    origin: Origin = "quote"
    return BriefField(name, shown, origin, slot.quote)


def _materials(words: Sequence[str]) -> BriefField:
    found = list(dict.fromkeys(match[0].strip() for text in words for match in _MATERIAL.finditer(text)))
    if not found:
        return BriefField("materials", NOT_STATED, "none")
    return BriefField("materials", ", ".join(found), "quote", found[0])


def _has(fields: Sequence[BriefField], name: FieldName) -> bool:
    return any(f.name == name and f.stated for f in fields)
