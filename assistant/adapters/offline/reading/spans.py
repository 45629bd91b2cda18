"""Character spans of a text, so that every quote is an exact substring."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EDGE = " \t\r\n.,;:!?-\u2013\u2014\u2022*·\"'\u201c\u201d\u2018\u2019"
_CLOSING = {")": "(", "]": "[", '"': '"', "\u201d": "\u201c"}
_FILLER = re.compile(
    r"(?:(?:ok(?:ay)?|well|so|hmm*|um+|uh+|ah+|oh|erm?|yes|yeah|yep|sure|hi|hello|hey|basically|honestly|actually|sorry|"
    r"i think|i guess|i suppose|i'd say|i would say|let's say|let me think|good question|tbh|to be honest|please|"
    r"thanks(?: for asking)?|that would be|it would be)\b[\s,.:;!\-\u2013\u2014\u2026]*)+",
    re.IGNORECASE,
)
_LONGEST_TAIL = 60
_TAIL = re.compile(
    r"[\s,.;]{0,9}\b(?:please|pls|thanks|thank you|thx|i think|i guess|lol|haha|tbh|or so|sorry)[\s.!]*$", re.IGNORECASE
)


@dataclass(frozen=True, order=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text, with a confidence from 0 to 1."""

    start: int
    end: int
    score: float = 1.0

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def shared(self, other: Span) -> int:
        """Characters that both cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    @property
    def length(self) -> int:
        return self.end - self.start


def trimmed(text: str, span: Span) -> Span:
    """Strips white space, marks and unbalanced brackets from the edges; an emptied span keeps its start."""
    start, end = span.start, span.end
    partners: dict[str, int] = {}
    while start < end and text[start] in _EDGE and not _opens(text, start, end, partners):
        start += 1
    openings: dict[str, int] = {}
    while end > start and text[end - 1] in _EDGE + ")]":
        if text[end - 1] in _CLOSING and _opened(text, start, end, openings):
            break
        end -= 1
    return Span(start, end, span.score)


def unfilled(text: str, span: Span) -> Span:
    """Trims and strips fillers at both ends ("well, I think ... please"), unless nothing else is left."""
    inner = trimmed(text, span)
    lead = _FILLER.match(text, inner.start, inner.end)
    start = lead.end() if lead else inner.start
    tail = _TAIL.search(text, max(start, inner.end - _LONGEST_TAIL), inner.end)
    end = tail.start() if tail else inner.end
    found = trimmed(text, Span(start, end, span.score))
    return found if re.search(r"\w", found.of(text)) else inner


def _opens(text: str, start: int, end: int, last: dict[str, int]) -> bool:
    """Whether an opening quote mark closes inside the span before its end; `last` caches positions by mark."""
    mark = text[start]
    if mark not in "\"\u201c\u2018'":
        return False
    if mark not in last:
        partner = {"\u201c": "\u201d", "\u2018": "\u2019"}.get(mark, mark)
        inner = end
        while inner > start and text[inner - 1] in _EDGE and text[inner - 1] != mark:
            inner -= 1
        last[mark] = text.rfind(partner, start + 1, max(start + 1, inner - 1))
    return last[mark] > start


def _opened(text: str, start: int, end: int, first: dict[str, int]) -> bool:
    """Whether the closing mark at the end has an opening one before it; `first` caches positions by mark."""
    mark = text[end - 1]
    if mark not in first:
        first[mark] = text.find(_CLOSING[mark], start, end)
    return 0 <= first[mark] < end - 1
