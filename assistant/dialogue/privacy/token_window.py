"""What fits into a model's window: pieces of text by priority, whole or cut at the end of a line or sentence, in their order.

The most important piece is served first. Where one does not fit whole it is cut, and everything less important is left out,
so that nothing is ever dropped for the sake of something less important.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Count = Callable[[str], int]
_BORDER = re.compile(r"\n+|(?<=[.!?])\s+")


@dataclass(frozen=True)
class WindowPiece:
    """A text with its priority (0 is the most important, and of equals the earlier one); `whole` is never cut."""

    text: str
    priority: int = 0
    whole: bool = False


def fitted(pieces: Sequence[WindowPiece], budget: int, count: Count, each: int = 0) -> tuple[str, ...]:
    """What is kept of each piece, in the given order, "" where nothing is; together never more than `budget` tokens.

    `each` is what a kept piece costs beside its text.
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
    """The beginning of the text up to the last end of a line or sentence within `most` tokens; "" if not one fits."""
    if count(text) <= most:
        return text
    borders = [0, *(border.start() for border in _BORDER.finditer(text))]
    low, high = 0, len(borders) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[: borders[middle]]) <= most else (low, middle - 1)
    return text[: borders[low]]


def chunks(lines: Sequence[str], most: int, count: Count) -> tuple[tuple[str, ...], ...]:
    """The lines in order, as many in each chunk as fit; a line that is too long alone is cut."""
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
