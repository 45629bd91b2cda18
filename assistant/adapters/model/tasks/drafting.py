"""The brief, out of the mentee's words: a field of their own hand is never touched, and only a quote of theirs fills another."""

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
"""So few words that no field holds are not worth a call."""
AGREEING = frozenset("yes yeah yep ok okay exactly right correct good great fine perfect thanks question".split())
_HESITATION = re.compile(r"\b(?:[Uu]m+|[Uu]h+|[Ee]rm?|[Hh]mm+)\b[,.]*\s*")


def brief(client: ModelClient, draft: Brief, said: Sequence[str]) -> Brief:
    """The draft with fields filled from the mentee's words, and questions for the mentor; or the draft, if it holds all that.

    Raises ModelFailed, also if all that the model gave was its own.
    """
    whole = "\n".join(said)
    if not _holds_more(draft, whole):
        return draft
    found = client.structured("brief", Drafted, 700, list(_telling(said)) or said)
    worded = {field.name: field for field in _fields(draft, found, whole)}
    fields = tuple(worded.get(field.name, field) for field in draft.fields)
    asked = tuple(_questions(found.questions, [field.text for field in fields if field.stated], whole))
    agrees = any(located(getattr(found, name), whole) for name in FIELDS)
    if not (worded or asked or agrees):
        raise ModelFailed("unsupported")
    answered = {text(f"brief.ask_{name}") for name in worded if name in ("background", "tried", "success", "deadline")}
    plain = (one for one in draft.mentor_questions if one not in answered)
    return replace(draft, fields=fields, mentor_questions=tuple(dict.fromkeys((*asked, *plain)))[:MOST_QUESTIONS])


def _fields(draft: Brief, found: Drafted, said: str) -> Iterator[BriefField]:
    """The fields that the mentee did not write, where the model has words of the mentee for them; nothing said gets lost."""
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


def _holds_more(draft: Brief, said: str) -> bool:
    """Whether a field is open, or the mentee's words hold more than the fields do."""
    stated = [f"{field.text} {field.quote}" for field in draft.fields if field.stated]
    open_ = any(not draft.field(name).stated for name in FIELDS if name != "materials")
    return open_ or len(foreign_words(said, stated, AGREEING)) > FEW_WORDS


def _telling(said: Sequence[str]) -> Iterator[str]:
    """What tells something that was not told before, such as no "yes, that is it"."""
    for place, one in enumerate(said):
        if foreign_words(one, said[:place], AGREEING):
            yield one


def _questions(asked: Iterable[str], sources: Sequence[str], said: str) -> Iterator[str]:
    """Those about what stands in the brief, with neutral words beside it: the mentor learns of nothing else through them."""
    whole = "\n".join(sources)
    hidden = foreign_words(said, sources, FREE)
    for one in asked:
        sound = one_question(one, 30) and not claims_status(one) and not states_more(one, sources)
        about = any(uses(one, source) for source in sources) and drawn(one, sources, FREE) and not exchanged(one, whole)
        if sound and about and negations(one) <= negations(whole) and not frozenset(content(one)) & hidden:
            yield one
