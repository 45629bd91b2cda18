"""Messages written as a form: reads slots from lines such as "Goal: 75 points"."""

from __future__ import annotations

import re

from assistant.adapters.offline.reading.spans import Span, trimmed
from assistant.domain.need import SlotName

LEAST_LINES = 2
_KEYS: dict[SlotName, str] = {
    "task": r"task|job|what|need|question|topic|ask|deliverable|i need|help with|subject",
    "context": r"situation|context|background|who|where|about me|me|role|setting|case",
    "tried": r"tried|done|done so far|so far|already tried|already done|attempts?|what i(?: have|'ve)? tried|did",
    "outcome": r"goal|success|outcome|target|good enough|aim|result|want|wanted|done when|success looks like|wish",
    "deadline": r"when|deadline|due|by when|by|clock|date|until|needed by",
    "format": r"how|format|help|medium|form|length|who can help|help wanted|time",
}
_LINE = re.compile(
    r"^[ \t]*+(?:[-*\u2022~>#]++|\d+[.)])?+[ \t]*+(?P<key>[A-Za-z][A-Za-z' ]{1,20}?)[ \t]*+(?::|=|\u2013|->)[ \t]*+"
    r"(?P<value>\S[^\n]*)$",
    re.MULTILINE,
)
_SHOUTED = re.compile(r"^(?P<key>[A-Z]{3,10})[ \t]++(?P<value>\S[^\n]*)$", re.MULTILINE)


def slots(text: str) -> dict[SlotName, Span]:
    """Values of lines with a key, by slot; empty with fewer than two different keys."""
    found: dict[SlotName, Span] = {}
    for match in (*_LINE.finditer(text), *_SHOUTED.finditer(text)):
        slot = _slot(match["key"])
        if slot and slot not in found:
            found[slot] = trimmed(text, Span(match.start("value"), match.end("value")))
    return {slot: span for slot, span in found.items() if span.length} if len(found) >= LEAST_LINES else {}


def _slot(key: str) -> SlotName | None:
    folded = " ".join(key.lower().split())
    return next((slot for slot, keys in _KEYS.items() if re.fullmatch(keys, folded)), None)
