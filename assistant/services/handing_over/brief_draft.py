"""Drafts a brief from a need: every field rests on the mentee's words, and missing ones read "not stated".

Fields are whole sentences in those words; an ask that was not chosen as the question stands as "also asked".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.clarify import tells_something
from assistant.dialogue.same_ask import other_asks, said_as, word_for_word
from assistant.dialogue.session_shape import Shape, session_shape
from assistant.dialogue.whole_sentences import raised, whole_sentences
from assistant.domain.brief import NOT_STATED, AgendaItem, Brief, BriefField, FieldName
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
_SENTENCES: frozenset[SlotName] = frozenset({"context", "tried", "outcome"})
_ASK_IF_MISSING: dict[FieldName, str] = {
    "background": "brief.ask_background",
    "tried": "brief.ask_tried",
    "success": "brief.ask_success",
    "deadline": "brief.ask_deadline",
}
_CONSTRAINT = re.compile(
    r"\b(?:must(?:n't| not)|may not|can ?not change|can't change|has to stay|have to stay|must stay|without|not about|"
    r"no way to change|fixed (?:price|date|budget|scope))\b",
    re.IGNORECASE,
)
"""Words that say what must not change."""
DEFAULT_MINUTES = 30
MOST_QUESTIONS = 3
SHORTEST_PRACTICE = 30
"""Minutes from which a session for a skill has Watch One and Do One."""


def draft(request: Request, question: str, reading: Sequence[Citation]) -> Brief:
    """A brief from the mentee's words; its length is the one stated, else 30 minutes."""
    need, words = request.need, request.words()
    fields = (_question(request, question), *_also(need, question, words), *_stated(need), _materials(words))
    form = need.value("format")
    minutes, shape = time_box(form), session_shape(question, form)
    return Brief(fields, minutes, agenda(minutes, shape), _articles(reading), _to_ask(fields, need, words, shape))


def _question(request: Request, question: str) -> BriefField:
    """The question with its origin: said word for word, composed from what was said, suggested, or written by the mentee."""
    if question == say("propose.question_unknown"):
        return BriefField("question", question, "suggested")
    said = word_for_word(question, request.words())
    if said:
        return BriefField("question", question, "quote", said)
    proposed = not request.replies or any(reply.sharp_question == question for reply in request.replies)
    return BriefField("question", question, "composed" if proposed else "edit")


def _also(need: Need, question: str, words: Sequence[str]) -> tuple[BriefField, ...]:
    """The asks of a message with several of them that are not the question."""
    others = other_asks(need.asks, question) if len(need.asks) > 1 else ()
    quotes = {ask: said_as(ask, words) for ask in others if tells_something(ask)}
    asks = [ask for ask, quote in quotes.items() if quote]
    if not asks:
        return ()
    whole = all(word_for_word(ask, words) for ask in asks)
    return (BriefField("also", " ".join(asks), "quote" if whole else "composed", quotes[asks[0]]),)


def _to_ask(fields: Sequence[BriefField], need: Need, words: Sequence[str], shape: Shape) -> tuple[str, ...]:
    """Up to three questions for the mentor, without those that were answered, or that do not fit the request."""
    answered = {name for name in _ASK_IF_MISSING if _has(fields, name)}
    answered |= {name for name, slot in _FROM_SLOT.items() if slot in need.hinted}
    if shape == "written":
        answered.add("tried")
    missing = tuple(say(key) for name, key in _ASK_IF_MISSING.items() if name not in answered)
    constraint = () if any(_CONSTRAINT.search(text) for text in words) else (say("brief.ask_constraint"),)
    return (*missing, *constraint)[:MOST_QUESTIONS]


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
    return replace(fresh, ready_to_note=old.ready_to_note, mentee=old.mentee, reasons=old.reasons)


def updated(request: Request, need: Need, old: Brief) -> Brief:
    """The brief with what the need says anew since `request`; the mentee's edits and all that did not change stay."""
    changed = [name for name, slot in _FROM_SLOT.items() if need.get(slot) != request.need.get(slot)]
    new = [_field(name, need, _FROM_SLOT[name]) for name in changed]
    named, known = _materials(request.words()[-1:]), old.field("materials")
    if named.stated and named.text not in known.text:
        new.append(replace(named, text=f"{known.text}, {named.text}") if known.stated else named)
    after = old
    for field in new:
        if old.field(field.name).origin not in ("edit", "in_person"):
            after = _with(after, field)
    return after


def _with(brief: Brief, field: BriefField) -> Brief:
    """The brief with this field in its place, with the length, agenda and questions that follow from it."""
    fields = tuple(field if old.name == field.name else old for old in brief.fields)
    return replace(with_field(brief, field.name, field.text if field.stated else ""), fields=fields)


def with_field(brief: Brief, name: FieldName, text: str) -> Brief:
    """The brief with one field in the mentee's own text; length, agenda and questions follow, an empty text clears it."""
    after = brief.edited(name, text)
    if name in ("format", "question"):
        form = after.field("format")
        words = form.text if form.stated else ""
        minutes = time_box(words) if name == "format" else after.minutes
        shape = session_shape(after.field("question").text, words)
        after = replace(after, minutes=minutes, agenda=agenda(minutes, shape))
    answered = say(_ASK_IF_MISSING[name]) if text and name in _ASK_IF_MISSING else ""
    return replace(after, mentor_questions=tuple(asked for asked in after.mentor_questions if asked != answered))


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


def agenda(minutes: int, shape: Shape = "talk") -> tuple[AgendaItem, ...]:
    """The agenda, which sums to `minutes`: container, background, the work in this shape, and debrief.

    The work is Watch One and Do One for a skill, reading and comments in writing, and else options and next steps.
    """
    if minutes < 15:
        return (AgendaItem(say("brief.agenda_work"), minutes),)
    container, background, debrief = (2, 4, 5) if minutes <= 30 else (3, 7, 5)
    work = minutes - container - background - debrief
    if shape == "written":
        parts = [("read", container + background), ("comment", work), ("debrief", debrief)]
        return tuple(AgendaItem(say(f"brief.agenda_{name}"), length) for name, length in parts)
    first, second = ("watch", "do") if shape == "skill" else ("options", "choose")
    divided = minutes >= (SHORTEST_PRACTICE if shape == "skill" else 45)
    middle = [(first, work // 2), (second, work - work // 2)] if divided else [("work", work)]
    parts = [("container", container), ("background", background), *middle, ("debrief", debrief)]
    return tuple(AgendaItem(say(f"brief.agenda_{name}"), length) for name, length in parts)


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
    if slot_name in _SENTENCES:
        shown = whole_sentences(slot.value) or slot.value
    else:
        shown = raised(f"{slot.value} ({slot.due:%a %-d %b %Y})" if slot.due else slot.value)
    return BriefField(name, shown, "quote", slot.quote)


def _materials(words: Sequence[str]) -> BriefField:
    found = list(dict.fromkeys(match[0].strip() for text in words for match in _MATERIAL.finditer(text)))
    if not found:
        return BriefField("materials", NOT_STATED, "none")
    return BriefField("materials", ", ".join(found), "quote", found[0])


def _has(fields: Sequence[BriefField], name: FieldName) -> bool:
    return any(f.name == name and f.stated for f in fields)
