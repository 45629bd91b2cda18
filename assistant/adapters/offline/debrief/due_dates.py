"""Which of the days a sentence names is the one it is due on. None when it names none: a due date is never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from assistant.adapters.offline.debrief.date_phrases import Phrase, Reference, phrases
from assistant.adapters.offline.debrief.units import Unit

_STRONG = re.compile(
    r"\b(?:by|before|until|till|no later than|not later than|latest|due(?: on)?|deadline|in time for|ahead of)"
    r"(?: (?:noon|lunch|midday|\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?|it \w+(?: \w+)? on))?(?: on)?[\s:]*$",
    re.IGNORECASE,
)
_MIDDLE = re.compile(r"\b(?:on|for|start|starts|starting|first thing|late|early|is|i\.e\.)[\s:,]*$", re.IGNORECASE)
_GONE = re.compile(
    r"\b(?:last|since|at|dated|every|each|of|as of|from|past|out on|off on|away on|training on|training)\s*$",
    re.IGNORECASE,
)
_GONE_AFTER = re.compile(r"\s*(?:ago\b|already\b|'s\b|roster\b|report\b|figures\b|meeting\b)", re.IGNORECASE)
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
_WHEN = re.compile(r"\bwhen(?:'s| is| are)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_STATED = re.compile(r"[^.?!]{0,20}?(?:\bis\b|\bon\b|=|:|'s\b)\s*(?:on )?", re.IGNORECASE)
_MOST_DATES = 8
"""Dates of one sentence among which one may correct another."""
_STRONGEST, _PLAIN, _BARE = 3, 2, 1


@dataclass(frozen=True)
class When:
    """A date phrase at text[start:end]; rank 3 after by or before, 2 after on or when relative, 1 when it stands alone.

    `instead_of` is the place of the date that it corrects, if it corrects one.
    """

    start: int
    end: int
    on: date
    rank: int
    instead_of: int | None = None


def due(text: str, seen: Reference) -> When | None:
    """The corrected date, else the one with the strongest preposition, else that of the event it must precede."""
    found = _ranked(text, seen)
    return _corrected(text, found) or max(found, key=lambda when: (when.rank, -when.start), default=_by_event(text, seen))


def corrects(text: str, seen: Reference) -> When | None:
    """The date of a sentence that does nothing but correct one: "No, sorry, Friday"."""
    return due(text, seen) if _ONLY_CORRECTS.match(text) else None


def awaits_event(text: str) -> bool:
    """Whether the sentence must be done before an event, dated or not."""
    named = _EVENT.search(text)
    return named is not None and not named[0].lower().startswith("until")


def spoken_at(text: str, when: When) -> int:
    """Where the phrase begins, its preposition included."""
    spoken = _PREPOSITION.search(text[: when.start])
    return spoken.start() if spoken else when.start


def lies_ahead(text: str, when: When) -> bool:
    """Whether the phrase can only mean the future: by, before, tomorrow, next."""
    return when.rank == _STRONGEST or bool(_AHEAD.search(text[when.start : when.end]))


class Calendar:
    """The days of the events that the notes date somewhere: "The call is on Tuesday" answers "before the call"."""

    def __init__(self, units: Sequence[Unit], on: date) -> None:
        self._units = units
        self._seen = Reference(on)
        self._known: dict[str, date | None] = {}

    @cached_property
    def _places(self) -> dict[str, list[tuple[int, int]]]:
        """Of each word, in small letters, the sentences that have it, and where it ends in them."""
        places: dict[str, list[tuple[int, int]]] = {}
        for here, unit in enumerate(self._units):
            for word in _WORD.finditer(unit.text):
                places.setdefault(word[0].lower(), []).append((here, word.end()))
        return places

    def day(self, name: str) -> date | None:
        """The day of the event, by the last word of its name that some sentence dates; None when none does."""
        found = (self._word(word.lower()) for word in reversed(re.findall(r"[^\W\d_]{4,}", name)))
        return next((day for day in found if day), None)

    def _word(self, word: str) -> date | None:
        if word not in self._known:
            days = (self._stated(end, self._units[here].text) or self._answered(here) for here, end in self._places.get(word, ()))
            self._known[word] = next((day for day in days if day), None)
        return self._known[word]

    def _stated(self, end: int, text: str) -> date | None:
        stated = _STATED.match(text, end)
        rest = text[stated.end() :] if stated else ""
        first = next(phrases(rest, self._seen), None)
        return first.on if first and first.start == 0 else None

    def _answered(self, here: int) -> date | None:
        if not _WHEN.search(self._units[here].text):
            return None
        following = self._units[here + 1].text if here + 1 < len(self._units) else ""
        first = next(phrases(following, self._seen), None)
        return first.on if first else None


def _ranked(text: str, seen: Reference) -> list[When]:
    return [
        When(phrase.start, phrase.end, phrase.on, _rank(text, phrase))
        for phrase in phrases(text, seen)
        if not (_GONE.search(text[: phrase.start]) or _GONE_AFTER.match(text[phrase.end :]))
    ]


def _rank(text: str, phrase: Phrase) -> int:
    before = text[: phrase.start]
    if _STRONG.search(before):
        return _STRONGEST
    relative = not re.match(r"\d|the |\w{3,9}day\b|\w{3,5}\b$", text[phrase.start : phrase.end], re.IGNORECASE)
    return _PLAIN if relative or _MIDDLE.search(before) else _BARE


def _corrected(text: str, found: list[When]) -> When | None:
    few = found[:_MOST_DATES]
    for at, first in enumerate(few):
        for later in few[at + 1 :]:
            if later.on != first.on and _CORRECTED.search(text[first.end : later.start]):
                return replace(later, instead_of=spoken_at(text, first))
    return None


def _by_event(text: str, seen: Reference) -> When | None:
    named = _EVENT.search(text)
    day = seen.event(named["name"]) if named and seen.event else None
    return When(named.start(), named.end(), day, _STRONGEST) if named and day else None
