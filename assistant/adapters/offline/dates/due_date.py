"""Chooses, among the date phrases of one sentence, the one that something is due on; None when there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.phrases import Phrase, days

_STRONG = re.compile(
    r"\b(?:by|before|b4|until|till|no later than|not later than|latest|due(?: on)?|deadline(?: is)?|in time for|ahead of)"
    r"(?: (?:noon|lunch|midday|\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?|it \w+(?: \w+)? on))?(?: on)?[\s:]*$",
    re.IGNORECASE,
)
_MIDDLE = re.compile(r"\b(?:on|for|start|starts|starting|first thing|late|early|is|i\.e\.)[\s:,]*$", re.IGNORECASE)
_NOT_DUE_BEFORE = re.compile(
    r"\b(?:last|since|at|dated|every|each|of|as of|from|past|out on|off on|away on|training on|training|not before)\s*$",
    re.IGNORECASE,
)
_NOT_DUE_AFTER = re.compile(r"\s*(?:ago\b|already\b|'s\b|roster\b|report\b|figures\b|meeting\b)", re.IGNORECASE)
_CORRECTED = re.compile(
    r"(?:[-.,!\u2026;(]|\bhmm?)\s*(?:no|sorry|wait|rather|actually|correction)\b|\bi mean\b|\bmake (?:it|that)\b"
    r"|\bscratch that\b|\bthen (?:she |he )?said\b|\bor rather\b|\bit'?s\s*$",
    re.IGNORECASE,
)
_ONLY_CORRECTS = re.compile(
    r"\W*(?:(?:no|sorry|wait|actually|rather|make (?:it|that)|better|i mean|it'?s)\b[\s,]*)+", re.IGNORECASE
)
_AHEAD = re.compile(r"^(?:tomorrow|tmrw|next|in|within|tonight|the day after|a week)|next week|week$", re.IGNORECASE)
_EVENT = re.compile(
    r"\b(?:before|by|until|in time for|ahead of)\s+"
    r"(?P<name>(?:the|my|our|your|his|her|their) [\w'-]+(?: [\w'-]+)?)",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"[\s,]*\b(?:by|before|until|on|for|at|in)\s*$", re.IGNORECASE)
_ABSOLUTE = re.compile(r"\d|the |\w{3,9}day\b|\w{3,5}\b$", re.IGNORECASE)
_NEAR, _MOST_DATES = 60, 8
"""Characters read around a phrase; dates of one sentence among which one may correct another."""
_STRONGEST, _PLAIN, _BARE = 3, 2, 1


@dataclass(frozen=True)
class DueDate:
    """The date phrase text[start:end]; rank 3 after by or before, 2 after on or if relative, 1 otherwise.

    `instead_of` is where the date that it corrects begins, with its preposition.
    """

    start: int
    end: int
    on: date
    rank: int
    instead_of: int | None = None


def due_date(text: str, seen: Reference) -> DueDate | None:
    """The date that the sentence sets, by exact phrases only; without one, the day of the event it must precede."""
    return chosen(text, days(text, seen)) or _by_event(text, seen)


def chosen(text: str, found: Iterable[Phrase]) -> DueDate | None:
    """The date that corrects another, else the first with the strongest preposition; past and repeated days are left out."""
    ranked = [
        DueDate(phrase.start, phrase.end, phrase.on, _rank(text, phrase))
        for phrase in found
        if phrase.on and _may_be_due(text, phrase)
    ]
    return _correction(text, ranked) or max(ranked, key=lambda due: (due.rank, -due.start), default=None)


def corrects(text: str, seen: Reference) -> DueDate | None:
    """The date of a sentence that does nothing but correct one: "No, sorry, Friday"."""
    return due_date(text, seen) if _ONLY_CORRECTS.match(text) else None


def awaits_event(text: str) -> bool:
    """Whether the sentence must be done before an event, dated or not."""
    named = _EVENT.search(text)
    return named is not None and not named[0].lower().startswith("until")


def start_with_preposition(text: str, due: DueDate) -> int:
    """Offset at which the phrase begins, its preposition included."""
    low = max(0, due.start - _NEAR)
    preposition = _PREPOSITION.search(text[low : due.start])
    return low + preposition.start() if preposition else due.start


def lies_ahead(text: str, due: DueDate) -> bool:
    """Whether the phrase can only mean the future: by, before, tomorrow, next."""
    return due.rank == _STRONGEST or bool(_AHEAD.search(text[due.start : due.end]))


def _before(text: str, phrase: Phrase) -> str:
    return text[max(0, phrase.start - _NEAR) : phrase.start]


def _may_be_due(text: str, phrase: Phrase) -> bool:
    after = text[phrase.end : phrase.end + _NEAR]
    return not (_NOT_DUE_BEFORE.search(_before(text, phrase)) or _NOT_DUE_AFTER.match(after))


def _rank(text: str, phrase: Phrase) -> int:
    before = _before(text, phrase)
    if _STRONG.search(before):
        return _STRONGEST
    relative = not _ABSOLUTE.match(text[phrase.start : phrase.end])
    return _PLAIN if relative or _MIDDLE.search(before) else _BARE


def _correction(text: str, ranked: list[DueDate]) -> DueDate | None:
    few = ranked[:_MOST_DATES]
    for at, first in enumerate(few):
        for later in few[at + 1 :]:
            if later.on != first.on and _CORRECTED.search(text[first.end : later.start]):
                return replace(later, instead_of=start_with_preposition(text, first))
    return None


def _by_event(text: str, seen: Reference) -> DueDate | None:
    named = _EVENT.search(text)
    day = seen.event(named["name"]) if named and seen.event else None
    return DueDate(named.start(), named.end(), day, _STRONGEST) if named and day else None
