"""Drafts the brief: fills fields with quotes of the mentee, and never changes a field that the mentee wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_client import ModelClient
from assistant.adapters.model.tasks.allowed_words import FREE
from assistant.adapters.model.tasks.checks import drawn, negations, one_question, shared, uses
from assistant.adapters.model.tasks.shapes import Drafted
from assistant.adapters.offline.reading import deadlines
from assistant.dialogue.grounding.alignment import located
from assistant.dialogue.grounding.entailment import claims_status, foreign_words, states_more
from assistant.dialogue.grounding.folded_words import content
from assistant.dialogue.grounding.word_order import exchanged
from assistant.domain.brief import Brief, BriefField, FieldName
from prompts.catalog import text

FIELDS: tuple[FieldName, ...] = ("background", "tried", "success", "deadline", "materials")
MOST_QUESTIONS = 3
FEW_WORDS = 3
"""With at most so many words that no field contains, the model is not called."""
AGREEING = frozenset("yes yeah yep ok okay exactly right correct good great fine perfect thanks question".split())
_HESITATION = re.compile(r"\b(?:[Uu]m+|[Uu]h+|[Ee]rm?|[Hh]mm+)\b[,.]*\s*")


def brief(client: ModelClient, draft: Brief, said: Sequence[str]) -> Brief:
    """The draft with fields filled by quotes of the mentee, and questions for the mentor; unchanged if it is complete.

    Raises ModelFailed, also if nothing the model returned is in the mentee's words.
    """
    whole = "\n".join(said)
    if not _has_more(draft, whole):
        return draft
    found = client.structured("brief", Drafted, 700, list(_informative(said)) or said)
    worded = {field.name: field for field in _fields(draft, found, whole)}
    fields = tuple(worded.get(field.name, field) for field in draft.fields)
    asked = tuple(_questions(found.questions, [field.text for field in fields if field.stated], whole))
    agrees = any(located(getattr(found, name), whole) for name in FIELDS)
    if not (worded or asked or agrees):
        raise ModelFailed("unsupported")
    answered = {text(f"brief.ask_{name}") for name in worded if name in ("background", "tried", "success", "deadline")}
    plain = (question for question in draft.mentor_questions if question not in answered)
    return replace(draft, fields=fields, mentor_questions=tuple(dict.fromkeys((*asked, *plain)))[:MOST_QUESTIONS])


def _fields(draft: Brief, found: Drafted, said: str) -> Iterator[BriefField]:
    """Fields for which the model found a quote, except those the mentee wrote; a new quote keeps all words of the old one."""
    for name in FIELDS:
        old, quote = draft.field(name), located(getattr(found, name), said)
        if old.origin not in ("none", "quote") or not quote or not _fits(name, quote):
            continue
        worded = _tidied(quote)
        if old.origin == "none" or (name != "deadline" and shared(worded, old.text) == 1.0 and worded != old.text):
            yield BriefField(name, worded, "quote", quote)


def _fits(name: FieldName, quote: str) -> bool:
    return name != "deadline" or bool(deadlines.phrases(quote))


def _tidied(quote: str) -> str:
    """The quote on one line, without its hesitations."""
    return " ".join(_HESITATION.sub("", quote).split()) or quote


def _has_more(draft: Brief, said: str) -> bool:
    """Whether a field is empty, or the mentee said more than the fields contain."""
    stated = [f"{field.text} {field.quote}" for field in draft.fields if field.stated]
    open_ = any(not draft.field(name).stated for name in FIELDS if name != "materials")
    return open_ or len(foreign_words(said, stated, AGREEING)) > FEW_WORDS


def _informative(said: Sequence[str]) -> Iterator[str]:
    """Messages that add something new, unlike "yes, that is it"."""
    for place, message in enumerate(said):
        if foreign_words(message, said[:place], AGREEING):
            yield message


def _questions(asked: Iterable[str], sources: Sequence[str], said: str) -> Iterator[str]:
    """Questions that use only words of the brief and neutral ones, so that they reveal nothing else to the mentor."""
    whole = "\n".join(sources)
    hidden = foreign_words(said, sources, FREE)
    for question in asked:
        sound = one_question(question, 30) and not claims_status(question) and not states_more(question, sources)
        about = (
            any(uses(question, source) for source in sources)
            and drawn(question, sources, FREE)
            and not exchanged(question, whole)
        )
        if sound and about and negations(question) <= negations(whole) and not frozenset(content(question)) & hidden:
            yield question
