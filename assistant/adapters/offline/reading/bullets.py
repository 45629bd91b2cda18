"""Messages written as a form: reads slots from lines such as "Goal: 75 points".

Lines of a pasted mail, of code and of other words that are not the author's own are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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


_FENCE = re.compile(r"^[ \t]*+```", re.MULTILINE)
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*+")
_HEADER = re.compile(
    r"^[ \t>|]*+(?:\*{2})?(?:from|to|cc|sent|subject|von|betreff)(?:\*{2})?[ \t]*+:", re.IGNORECASE | re.MULTILINE
)
_QUOTED = re.compile(r"[ \t]*+>")
_HEADERS = 2
"""Header lines by which a paragraph is known as a mail; what follows in it is its sender's."""


def slots(text: str, foreign: Sequence[Span] = ()) -> dict[SlotName, Span]:
    """Values of the author's own lines with a key, by slot; empty with fewer than two different keys.

    `foreign` are the parts of the text that are probably not the author's own. They are kept if the text is a form and
    nothing else.
    """
    matches = [*_LINE.finditer(text), *_SHOUTED.finditer(text)]
    keyed = {_line_start(text, match.start()) for match in matches if _slot(match["key"])}
    only_a_form = all(start in keyed for start in _line_starts(text))
    others = [*_pasted(text), *(() if only_a_form else foreign)]
    found: dict[SlotName, Span] = {}
    for match in matches:
        slot, start = _slot(match["key"]), match.start("value")
        if slot and slot not in found and not any(other.start <= start < other.end for other in others):
            found[slot] = trimmed(text, Span(start, match.end("value")))
    return {slot: span for slot, span in found.items() if span.length} if len(found) >= LEAST_LINES else {}


def _pasted(text: str) -> Iterator[Span]:
    """Blocks of code, mails from their header to the end of the paragraph, and quoted lines."""
    fences = [match.start() for match in _FENCE.finditer(text)]
    yield from (Span(start, end) for start, end in zip(fences[::2], [*fences[1::2], len(text)], strict=False))
    for match in _PARAGRAPH.finditer(text):
        if len(_HEADER.findall(match[0])) >= _HEADERS:
            yield Span(match.start(), match.end())
    for start in _line_starts(text):
        if _QUOTED.match(text, start):
            end = text.find("\n", start)
            yield Span(start, end if end >= 0 else len(text))


def _line_starts(text: str) -> list[int]:
    """Where the lines that are not empty begin."""
    return [match.start() for match in re.finditer(r"^(?=[^\n]*\S)", text, re.MULTILINE)]


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _slot(key: str) -> SlotName | None:
    folded = " ".join(key.lower().split())
    return next((slot for slot, keys in _KEYS.items() if re.fullmatch(keys, folded)), None)
