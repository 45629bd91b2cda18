"""Days of the events that the notes date somewhere: "The call is on Tuesday" dates "before the call"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property

from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.phrases import days
from assistant.adapters.offline.debrief.units import Statement

_WHEN = re.compile(r"\bwhen(?:'s| is| are)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_STATED = re.compile(r"[^.?!]{0,20}?(?:\bis\b|\bon\b|=|:|'s\b)\s*(?:on )?", re.IGNORECASE)


class EventCalendar:
    """Looks up events in the sentences of one session held `on` a day; each word is looked up once."""

    def __init__(self, units: Sequence[Statement], on: date) -> None:
        self._units = units
        self._seen = Reference(on)
        self._known: dict[str, date | None] = {}

    def day(self, name: str) -> date | None:
        """The day of the event, by the last word of its name that some sentence dates; None when none does."""
        found = (self._word(word.lower()) for word in reversed(re.findall(r"[^\W\d_]{4,}", name)))
        return next((day for day in found if day), None)

    @cached_property
    def _places(self) -> dict[str, list[tuple[int, int]]]:
        """By word in lower case: the sentences that have it, by number, and where it ends in them."""
        places: dict[str, list[tuple[int, int]]] = {}
        for here, unit in enumerate(self._units):
            for word in _WORD.finditer(unit.text):
                places.setdefault(word[0].lower(), []).append((here, word.end()))
        return places

    def _word(self, word: str) -> date | None:
        if word not in self._known:
            found = (
                self._stated(end, self._units[here].text) or self._answered(here) for here, end in self._places.get(word, ())
            )
            self._known[word] = next((day for day in found if day), None)
        return self._known[word]

    def _stated(self, end: int, text: str) -> date | None:
        stated = _STATED.match(text, end)
        rest = text[stated.end() :] if stated else ""
        first = next(days(rest, self._seen), None)
        return first.on if first and first.start == 0 else None

    def _answered(self, here: int) -> date | None:
        """The day in the sentence after a question for it ("When is the call?")."""
        if not _WHEN.search(self._units[here].text):
            return None
        following = self._units[here + 1].text if here + 1 < len(self._units) else ""
        first = next(days(following, self._seen), None)
        return first.on if first else None
