"""The text of an item: its quote without fillers and date talk. Words are only removed, never added."""

from __future__ import annotations

import re

from assistant.adapters.offline.dates.due_date import DueDate
from assistant.adapters.offline.debrief.lexicon import skip_lead

_LONGEST = 180
_EDGE = " \t\r\n-*>\u2022,;:"


def tidied(quote: str) -> str:
    """One line without fillers at its start, with a capital letter."""
    text = re.sub(r"\s+", " ", quote).strip(_EDGE)
    text = skip_lead(text).strip(_EDGE) or text
    return _capital(_short(text.rstrip("."))) or quote.strip()


def deed(quote: str, begin: int, when: DueDate | None) -> str:
    """The action from its verb on; if the date was corrected, both date phrases are removed."""
    end = when.instead_of if when and when.instead_of is not None else len(quote)
    text = quote[begin:end] if begin < end else quote[begin:]
    return tidied(text) if len(text.split()) > 1 else tidied(quote)


def _short(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rsplit(" ", 1)[0] + " \u2026"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
