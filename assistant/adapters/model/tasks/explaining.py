"""Why each suggested person may help, in a model's words: their evidence said otherwise, and nothing beyond it.

A reason is a line on somebody's card that they did not write. So what it says of them must be drawn from their evidence or
supported by it, and be their own deed; the question may only follow "your", and is left out where it goes further.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_client import ModelClient
from assistant.adapters.model.tasks.allowed_words import SAYING
from assistant.adapters.model.tasks.checks import (
    doubts,
    drawn,
    first_person,
    negations,
    one_line,
    sentences,
    shared,
    uses,
    wishes,
)
from assistant.adapters.model.tasks.shapes import Reasons
from assistant.dialogue.grounding.entailment import Near, roles, supported
from assistant.dialogue.grounding.folded_words import words
from assistant.dialogue.grounding.polarity import negated
from assistant.dialogue.grounding.word_order import exchanged
from assistant.dialogue.language_io import Excerpt, SuggestedPerson
from assistant.domain.reply import Sentence
from prompts.catalog import text

LONGEST_REASON = 40
_LETTERED = re.compile(r"\W{0,3}([A-Za-z])\W{0,2}[:.)]\s*(.+)", re.DOTALL)
TIES = frozenset("near to for with behind like around between close similar as".split())
_BEFORE_YOUR = re.compile(r"(\w*)\W*\byours?\b")
_TOLD_OF_YOU = re.compile(
    r"(?<![-\w])you\b(?! (?:need|want|describe|described|face|ask|asked|have|plan|mention|mentioned)\b)", re.IGNORECASE
)
_STATES = re.compile(r"\W*(?:is|was|are|were|has been|will|shall|can be)\b", re.IGNORECASE)
_SUFFERED = re.compile(r"\b(?:is|was|are|were|been|being|got)\s+(?:\w+ly\s+)?\w+(?:ed|en)\b", re.IGNORECASE)
_QUOTED = re.compile('["\u201c\u201e][^"\u201c\u201d\u201e]*["\u201d\u201c]')
_YOURS = re.compile(r"\byou(?:r|rs)?\b[^.,;:!?]*", re.IGNORECASE)


def explain(client: ModelClient, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
    """Why each may help, in one call for all of whom something is known. Raises ModelFailed if no reason is any good."""
    letters = {chr(ord("A") + place): person for place, person in enumerate(people[:26]) if person.quote or person.skills}
    if not letters:
        return tuple(person.plain for person in people)
    profiles = [f"{letter}: {_profile(person)}" for letter, person in letters.items()]
    found = client.asked("explain", Reasons, 60 * len(letters) + 60, [question, *profiles])
    lines = filter(None, map(_LETTERED.match, reversed(found.reasons)))
    given = {line[1].upper(): line[2] for line in lines}
    good = {
        person: _with_record(reason, person)
        for letter, person in letters.items()
        if letter in given and (reason := _reasoned(given[letter], person, question, client.near))
    }
    if not good:
        raise ModelFailed("unsupported")
    return tuple(good.get(person, person.plain) for person in people)


def _profile(person: SuggestedPerson) -> str:
    skills = f"skills: {', '.join(person.skills)}" if person.skills else ""
    evidence = f"evidence: {person.quote}" if person.quote else ""
    return "; ".join(filter(None, (skills, evidence)))


def _reasoned(reason: str, person: SuggestedPerson, question: str, near: Near | None) -> str:
    """The reason where it says of the person what their evidence says; the question's words may follow "your".

    Without what it says of the question where that goes further; "" where it is no reason of this person's at all.
    """
    if not one_line(reason, LONGEST_REASON) or _STATES.match(reason) or _repeats(reason, person.quote):
        return ""
    cut = _without_yours(reason)
    good = (one for one in dict.fromkeys((reason, cut)) if one and _ties(one) and _is_theirs(one, person, question, near))
    return next(good, "")


def _repeats(reason: str, quote: str) -> bool:
    """Whether it is word for word in the quote, which stands beside it anyway."""
    return " ".join(words(reason)) in " ".join(words(quote))


def _ties(reason: str) -> bool:
    """Whether "your" only follows what ties the person's deed to the question; nothing is done to "you" or said of it."""
    plain = _QUOTED.sub(" ", reason)
    return not _TOLD_OF_YOU.search(plain) and all(tie in TIES for tie in _BEFORE_YOUR.findall(plain.lower()))


def _is_theirs(reason: str, person: SuggestedPerson, question: str, near: Near | None) -> bool:
    skills = ", ".join(person.skills)
    own, allowed = (person.quote, skills), SAYING | ({"work", "works", "worked"} if person.skills else set())
    about, yours = _YOURS.sub(" ", reason), " ".join(_YOURS.findall(reason))
    whole = len(sentences(reason)) <= 2 and uses(about, " ".join(own)) and drawn(yours, (*own, question), allowed)
    if not whole or not negations(yours) <= negations(question) or exchanged(about, person.quote):
        return False
    carrier = _carrier(about, person.quote)
    twice = negations(carrier).total() > 1 and negations(about) != negations(carrier)
    if twice or (wishes(carrier) and not wishes(about)) or _of_another(about, carrier):
        return False
    meant = doubts(about) == doubts(person.quote) if uses(about, person.quote) else not doubts(about)
    plain = meant and drawn(about, own, allowed) and not negated(about, sentences(person.quote))
    evidence = Excerpt(skills, f"{person.quote}\n{text('match.reason_skills', skills=skills)}" if skills else person.quote)
    return plain or supported(Sentence(about, (1,)), [evidence], near)


def _of_another(about: str, carrier: str) -> bool:
    """Whether the sentence tells of somebody whom the reason leaves out, so that it would be this person's deed or fate."""
    others = roles(carrier) - roles(about)
    supposed = carrier.lower().startswith("if ") and not re.search(r"\b(?:if|when|how|what|who|why)\b", about, re.IGNORECASE)
    return supposed or bool(others and (not first_person(carrier) or _SUFFERED.search(about)))


def _carrier(about: str, quote: str) -> str:
    """The sentence of the quote that has most of the words; "" if none has any."""
    best = max(sentences(quote), key=lambda sentence: shared(sentence, about), default="")
    return best if best and uses(about, best) else ""


def _without_yours(reason: str) -> str:
    """Up to the clause that speaks of the question."""
    said = re.split(r"[,;:](?=[^,;:]*\byou(?:r|rs)?\b)", reason, maxsplit=1)[0].rstrip(" .")
    return f"{said}." if said else ""


def _with_record(reason: str, person: SuggestedPerson) -> str:
    """What the record shows stays beside what the model made of the profile."""
    helped = text("match.reason_helped")
    return f"{reason} {helped}" if helped in person.plain else reason
