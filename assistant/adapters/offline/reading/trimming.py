"""Adjusts slot spans: strips connectives at the ends, corrected words, and words that belong to another slot.

A span stays a substring of the text; an emptied one has length 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from assistant.adapters.offline.reading.spans import Span, trimmed, unfilled
from assistant.domain.need import SLOTS, SlotName

DENIED = re.compile(
    r"(?:there(?:'s| is) )?(?:no|none|nothing|not any|no particular|no fixed)(?: (?:deadline|date|rush|hurry|preference|idea|"
    r"such thing|fixed date|particular (?:date|goal)))?(?: (?:yet|really|at all|so far))?|not urgent|no hurry at all|whenever|"
    r"any ?time|(?:i )?don'?t have (?:one|any)(?: yet)?",
    re.IGNORECASE,
)
"""Replies that say that there is no deadline, format or goal."""

ANYBODY = re.compile(
    r"\W*+(?:\b(?:just|please|get|give|find|connect|put|talk|speak|to|with|me|us|i|want|need|a|an|some|the|real|human|person|"
    r"someone|somebody|anyone|anybody|people|colleague|directly|through|can|could)\b\W*+)++",
    re.IGNORECASE,
)
"""A wish for "anybody", which names no format."""

_COVERED = 0.6
_TOUCHED = 0.3
_CLAUSE = re.compile(
    r"(?<=[.!?;])\s+|\n+|[,;]\s+(?:(?:and|but)\s+)?(?=(?:it|we|i|they|that|must|deadline|due)\b)|"
    r"\s{1,20}(?:and|but)\s++(?=(?:it|we|i|they)\b)",
    re.IGNORECASE,
)
_MARK = r"[.,;:!?()\n\u2013\u2014\"]"
_PLAIN = r"[\w'/&%+-]+"
_REACH: dict[SlotName, tuple[int, int]] = {
    "task": (3, 2), "context": (3, 3), "tried": (3, 3), "outcome": (3, 2), "deadline": (0, 0), "format": (0, 3),
}  # fmt: skip
"""Words by which a span is extended to a punctuation mark, left and right; chosen by cross-validation."""

_NEAR = 200
"""Characters searched for that mark on each side of a span."""

_LEADING = re.compile(r"(?:with|at|on|about|for|of|into)\s+(?=\w)", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?<!\s)\s++(?:for|of|the|an?|and|or|but|to|with|in|on|at|by|from|my|our|their|that|which)$", re.IGNORECASE
)
_BEGUN = re.compile(r"(?<=[.!?])\s+[\w'-]+(?:\s+[\w'-]+)?$")
_SHORT_REST = re.compile(r"\s+[\w'-]+(?:\s+[\w'-]+){0,2}(?=\s*(?:[.,;!?\n]|$))")


@cache
def _up_to(words: int) -> re.Pattern[str]:
    """Matches a mark or the start of the text, then at most `count` words."""
    return re.compile(rf"(?:^|{_MARK})[\s*-]*((?:{_PLAIN}\s+){{1,{words}}})$")


@cache
def _down_to(words: int) -> re.Pattern[str]:
    """Matches at most `count` words, then a mark or the end of the text."""
    return re.compile(rf"((?:\s+{_PLAIN}){{1,{words}}})\s*(?={_MARK}|$)")


def rest_of(text: str, whole: Span, taken: Iterable[Span]) -> Span:
    """The part of `whole` from its first to its last clause without another slot; `whole` if no clause is left."""
    spans = list(taken)
    cuts = [whole.start, *(edge for m in _CLAUSE.finditer(text, whole.start, whole.end) for edge in m.span()), whole.end]
    parts = [trimmed(text, Span(a, b)) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    left = [p for p in parts if p.length and sum(p.shared(other) for other in spans) < _TOUCHED * p.length]
    if not left or not spans:
        return whole
    return unfilled(text, Span(max(whole.start, left[0].start), min(whole.end, left[-1].end)))


def stretched(text: str, slot: SlotName, span: Span) -> Span:
    """Limits the span to one line and extends it to the nearest mark if that is only a few words away."""
    lines = [Span(m.start(), m.end(), span.score) for m in re.compile(r"[^\n]+").finditer(text, span.start, span.end)]
    span = max(lines, key=lambda line: line.length, default=span)
    left, right = _REACH[slot]
    before = _up_to(left).search(text, max(0, span.start - _NEAR), span.start) if left else None
    after = _down_to(right).match(text, span.end, span.end + _NEAR) if right else None
    return Span(span.start - (len(before[1]) if before else 0), span.end + (len(after[1]) if after else 0), span.score)


def tidied(text: str, slot: SlotName, span: Span) -> Span:
    """Strips a final connective ("slides for") or start of the next sentence, a task's leading connective, and a number
    after a deadline.
    """
    if slot == "task":
        lead = _LEADING.match(text, span.start, span.end)
        span = Span(lead.end(), span.end, span.score) if lead else span
    if slot == "deadline":
        stray = re.search(r",\s*\d+$", span.of(text))
        length = re.match(r"\d+ ?min\w*\s+(?=\w)", span.of(text))
        span = Span(span.start + (length.end() if length else 0), span.start + stray.start() if stray else span.end, span.score)
    begun = _BEGUN.search(span.of(text))
    if begun and re.match(r"\s+\w", text[span.end :]):
        span = Span(span.start, span.start + begun.start(), span.score)
    joint = _TRAILING.search(span.of(text))
    if not joint:
        return span
    rest = _SHORT_REST.match(text, span.end)
    return Span(span.start, rest.end() if rest else span.start + joint.start(), span.score)


def without(text: str, span: Span, gone: Iterable[Span]) -> Span:
    """The span without corrected words; empty if they are most of it."""
    for other in gone:
        if span.shared(other) > _COVERED * span.length:
            return Span(span.start, span.start)
        if other.start <= span.start < other.end:
            span = Span(other.end, span.end, span.score)
        elif span.start < other.start and other.end >= span.end:
            span = Span(span.start, min(span.end, other.start), span.score)
    return trimmed(text, span)


def apart(found: Mapping[SlotName, Span]) -> dict[SlotName, Span]:
    """Removes slots whose span nearly equals that of a slot with a higher score."""
    kept: dict[SlotName, Span] = {}
    for slot, span in sorted(found.items(), key=lambda item: -item[1].score):
        same = any(2 * span.shared(other) > 1.4 * max(span.length, other.length) for other in kept.values())
        if not same:
            kept[slot] = span
    return {slot: kept[slot] for slot in SLOTS if slot in kept}
