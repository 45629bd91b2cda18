"""Words a reason why each suggested mentor may help, from their evidence only.

A reason makes claims about a person who did not write it, so each must be drawn from their evidence or entailed by it, and be
about their own work. Words of the question may only follow "your"; a clause about the question that goes further is cut.
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
from retrieval.text import plain_sentences

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
    """A reason for each person, from one call for all with evidence. Raises ModelFailed if no reason is valid."""
    letters = {chr(ord("A") + place): person for place, person in enumerate(people[:26]) if person.quote or person.skills}
    if not letters:
        return tuple(person.plain for person in people)
    profiles = [f"{letter}: {_profile(person)}" for letter, person in letters.items()]
    found = client.structured("explain", Reasons, 60 * len(letters) + 60, [question, *profiles])
    lines = filter(None, map(_LETTERED.match, reversed(found.reasons)))
    given = {line[1].upper(): line[2] for line in lines}
    good = {
        person: _with_record(reason, person)
        for letter, person in letters.items()
        if letter in given and (reason := _verified(given[letter], person, question, client.near))
    }
    if not good:
        raise ModelFailed("unsupported")
    return tuple(good.get(person, person.plain) for person in people)


def _profile(person: SuggestedPerson) -> str:
    skills = f"skills: {', '.join(person.skills)}" if person.skills else ""
    evidence = f"evidence: {person.quote}" if person.quote else ""
    return "; ".join(filter(None, (skills, evidence)))


def _verified(reason: str, person: SuggestedPerson, question: str, near: Near | None) -> str:
    """The reason if the person's evidence supports it, else its part without the clause about the question, else ""."""
    if not one_line(reason, LONGEST_REASON) or _STATES.match(reason) or _repeats(reason, person.quote):
        return ""
    cut = _without_yours(reason)
    good = (
        line for line in dict.fromkeys((reason, cut)) if line and _links_only(line) and _is_theirs(line, person, question, near)
    )
    return next(good, "")


def _repeats(reason: str, quote: str) -> bool:
    """Whether the quote, which is shown beside it, contains it word for word."""
    return " ".join(words(reason)) in " ".join(words(quote))


def _links_only(reason: str) -> bool:
    """Whether "your" only follows a word that links evidence and question, and nothing is claimed about "you"."""
    plain = _QUOTED.sub(" ", reason)
    return not _TOLD_OF_YOU.search(plain) and all(tie in TIES for tie in _BEFORE_YOUR.findall(plain.lower()))


def _is_theirs(reason: str, person: SuggestedPerson, question: str, near: Near | None) -> bool:
    skills = ", ".join(person.skills)
    own, allowed = (person.quote, skills), SAYING | ({"work", "works", "worked"} if person.skills else set())
    about, yours = _YOURS.sub(" ", reason), " ".join(_YOURS.findall(reason))
    whole = len(plain_sentences(reason)) <= 2 and uses(about, " ".join(own)) and drawn(yours, (*own, question), allowed)
    if not whole or not negations(yours) <= negations(question) or exchanged(about, person.quote):
        return False
    carrier = _carrier(about, person.quote)
    twice = negations(carrier).total() > 1 and negations(about) != negations(carrier)
    if twice or (wishes(carrier) and not wishes(about)) or _is_about_another(about, carrier):
        return False
    meant = doubts(about) == doubts(person.quote) if uses(about, person.quote) else not doubts(about)
    plain = meant and drawn(about, own, allowed) and not negated(about, plain_sentences(person.quote))
    evidence = Excerpt(skills, f"{person.quote}\n{text('match.reason_skills', skills=skills)}" if skills else person.quote)
    return plain or supported(Sentence(about, (1,)), [evidence], near)


def _is_about_another(about: str, carrier: str) -> bool:
    """Whether the sentence is about somebody else whom the reason omits, so that it would be attributed to this person."""
    others = roles(carrier) - roles(about)
    supposed = carrier.lower().startswith("if ") and not re.search(r"\b(?:if|when|how|what|who|why)\b", about, re.IGNORECASE)
    return supposed or bool(others and (not first_person(carrier) or _SUFFERED.search(about)))


def _carrier(about: str, quote: str) -> str:
    """The sentence of the quote that shares most words with the text; "" if none does."""
    best = max(plain_sentences(quote), key=lambda sentence: shared(sentence, about), default="")
    return best if best and uses(about, best) else ""


def _without_yours(reason: str) -> str:
    """The reason without its clause about the question."""
    said = re.split(r"[,;:](?=[^,;:]*\byou(?:r|rs)?\b)", reason, maxsplit=1)[0].rstrip(" .")
    return f"{said}." if said else ""


def _with_record(reason: str, person: SuggestedPerson) -> str:
    """Appends the sentence about past sessions that the offline reason has."""
    helped = text("match.reason_helped")
    return f"{reason} {helped}" if helped in person.plain else reason
