"""Fits texts into a model's context window by priority, truncating at the end of a line or sentence.

Pieces are taken by priority. The first that does not fit is truncated, and everything less important is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retrieval.text import sentence_ends

Count = Callable[[str], int]
_LINE_END = re.compile(r"\n+")


@dataclass(frozen=True)
class WindowPiece:
    """A text with its priority (0 is the highest; earlier pieces win ties); a `whole` piece is never truncated."""

    text: str
    priority: int = 0
    whole: bool = False


def fitted(pieces: Sequence[WindowPiece], budget: int, count: Count, each: int = 0) -> tuple[str, ...]:
    """The kept part of each piece in the given order, "" for nothing; together at most `budget` tokens.

    `each` is the overhead of a kept piece in tokens.
    """
    kept = [""] * len(pieces)
    left = budget
    for place in sorted(range(len(pieces)), key=lambda n: (pieces[n].priority, n)):
        piece = pieces[place]
        cost = count(piece.text) + each if piece.text else 0
        if cost > left:
            kept[place] = "" if piece.whole else cut(piece.text, left - each, count)
            break
        kept[place] = piece.text
        left -= cost
    return tuple(kept)


def cut(text: str, most: int, count: Count) -> str:
    """The text truncated at the last end of a line or sentence within `most` tokens; "" if none fits."""
    if count(text) <= most:
        return text
    lines = (found.start() for found in _LINE_END.finditer(text))
    borders = sorted({0, *lines, *(end for end, _ in sentence_ends(text) if end < len(text))})
    low, high = 0, len(borders) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[: borders[middle]]) <= most else (low, middle - 1)
    return text[: borders[low]]


def chunks(lines: Sequence[str], most: int, count: Count) -> tuple[tuple[str, ...], ...]:
    """Groups the lines in order into chunks of at most `most` tokens; a longer line is truncated."""
    found: list[tuple[str, ...]] = []
    now: list[str] = []
    used = 0
    for line in (cut(line, most, count) for line in lines):
        cost = count(line) + 1
        if now and used + cost > most:
            found.append(tuple(now))
            now, used = [], 0
        now.append(line)
        used += cost
    return (*found, tuple(now)) if now else tuple(found)
