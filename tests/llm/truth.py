"""What may never be shown, whatever a model says: counted here from the outside, without the code that prevents it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from unicodedata import normalize

from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.deadline import deadline_date
from assistant.adapters.offline.dates.phrases import days as exact_days
from assistant.domain.mentor import Citation
from assistant.domain.reply import Reply
from assistant.evaluation.debrief import Structured
from retrieval.text import content_stems
from tests.evals.lab.dialogue import unquoted
from tests.evals.lab.play import Played, Step

_WORD = re.compile(r"\w+")
_SMALL = frozenset("a an the my our your his her its their me us i we you he she it they to of for in on at by and or".split())
_NOT = re.compile(r"n['\u2019]t\b|\b(?:not|never|cannot|without|nor)\b", re.IGNORECASE)
_MARK = re.compile(r"\[\s*(\d{1,3})\s*\]")
_NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z]\w+")
_NUMBER = re.compile(r"\w*\d\w*")
_OWN = ("to", "citations", "matches")
"""Fields of a reply that are ids or come from the record with proof of their own."""


def invented_slots(play: Played) -> list[str]:
    """Slots without a quote in his words, values and days that their quotes do not say, and parts nobody named."""
    return list(dict.fromkeys([*unquoted(play), *_unsaid(play), *_parts(play)]))


def foreign_facts(play: Played) -> list[str]:
    """Numbers and names in the sharp questions that the mentee had not written."""
    return [word for question, said in _questions(play) for word in facts_beyond(question, said)]


def facts_beyond(question: str, said: str) -> list[str]:
    """Numbers and names in a question that were not said."""
    return [word for word in _facts(question) if word.casefold() not in _words(said)]


def foreign_stems(play: Played) -> tuple[int, int]:
    """Of the content words of the last sharp question: how many the mentee had not used, and how many there are."""
    question, said = next(iter([*_questions(play)][::-1]), ("", ""))
    stems = set(content_stems(question))
    return len(stems - set(content_stems(said))), len(stems)


def unresolved(steps: Sequence[Step], articles: Mapping[str, str]) -> list[str]:
    """Citations whose words do not stand at their place in the article, and markers without a citation."""
    replies = [step.reply for step in steps if step.reply]
    wrong = [one.quote for reply in replies for one in reply.citations if not _stands(one, articles)]
    loose = [mark for reply in replies for text in _texts(reply) for mark in _loose(text, len(reply.citations))]
    return wrong + loose


def invented_actions(one: Structured) -> list[str]:
    """Shown actions without a quote in the notes, that say what it does not, or on a day that the notes do not name."""
    named = {phrase.on for phrase in exact_days(one.notes.text, Reference(one.notes.on, one.notes.on))}
    days = named | {right.due for right in one.notes.right.get("action", ())}
    return [
        item.text
        for item in one.shown.of("action")
        if item.quote not in one.notes.text
        or not item.quote.strip()
        or _says_more(item.text, item.quote)
        or (item.due and item.due not in days)
    ]


def _unsaid(play: Played) -> Iterator[str]:
    for step in play.steps:
        at, zone = step.after.messages[-1].at, step.after.time_zone
        for name, slot in step.after.need.slots.items():
            quotes = (slot.quote, *slot.also)
            if _says_more(slot.value, " ".join(quotes)):
                yield f"{name}: {slot.value}"
            if slot.due and slot.due not in {deadline_date(quote, at, zone) for quote in quotes}:
                yield f"{name}: {slot.due.isoformat()} for {slot.quote!r}"


def _parts(play: Played) -> Iterator[str]:
    """Parts that he neither wrote nor was offered."""
    known = [normalize("NFC", step.said.text).casefold() for step in play.steps]
    known += [option.casefold() for step in play.steps if step.reply for option in step.reply.options]
    for step in play.steps:
        yield from (f.value for f in step.after.need.facets if not any(f.value.casefold() in text for text in known))


def _says_more(value: str, quote: str) -> bool:
    """A word that the quote does not have, or a "not" that it has and the value lost."""
    more = set(_WORD.findall(value.casefold())) - set(_WORD.findall(quote.casefold())) - _SMALL
    return bool(more) or len(_NOT.findall(value)) < len(_NOT.findall(quote))


def _questions(play: Played) -> Iterator[tuple[str, str]]:
    """Each sharp question with all that he had written by then."""
    said = ""
    for step in play.steps:
        said = f"{said}\n{step.said.text}"
        if step.reply and step.reply.sharp_question:
            yield step.reply.sharp_question, said


def _facts(question: str) -> Iterable[str]:
    return dict.fromkeys([*_NUMBER.findall(question), *_NAME.findall(question)])


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _stands(citation: Citation, articles: Mapping[str, str]) -> bool:
    text = articles.get(citation.article, "")
    return bool(citation.quote.strip()) and text[citation.start : citation.end] == citation.quote


def _texts(reply: Reply) -> Iterator[str]:
    """Every text of a reply that somebody worded, in whatever field."""
    for field in fields(reply):
        value = getattr(reply, field.name)
        if field.name not in _OWN:
            yield from (part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, str))


def _loose(text: str, citations: int) -> Iterator[str]:
    return (mark[0] for mark in _MARK.finditer(text) if not 1 <= int(mark[1]) <= citations)
