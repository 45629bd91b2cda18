"""The words of a message with the network's state of each: what a question is written from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OPENING = "([{\"'\u201c\u2018`*"
CLOSING = ".,;:!?)]}\"'\u201d\u2019\u2026`*"
MOST = 400
"""Words of a message that are kept."""
_CHUNK = re.compile(r"\S+")

Place = tuple[int, int]
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class Words:
    """Places of words and marks in a text; for each the state after the last layer and its vector (n, width)."""

    places: tuple[Place, ...]
    states: Halves
    pieces: Halves


def places(text: str) -> list[Place]:
    """Where each word or mark begins and ends; marks at the edges of a word stand alone, marks inside it (a.b, don't) do not."""
    found: list[Place] = []
    for match in _CHUNK.finditer(text):
        start, end = match.span()
        while start < end and text[start] in OPENING:
            found.append((start, start + 1))
            start += 1
        last = end
        while last > start and text[last - 1] in CLOSING:
            last -= 1
        if last > start:
            found.append((start, last))
        found += [(n, n + 1) for n in range(last, end)]
    return found


def words_of(
    text: str, offsets: Sequence[tuple[int, int]], states: NDArray[np.float32], pieces: NDArray[np.float32]
) -> Words | None:
    """The words that have word pieces of their own; `offsets` are the pieces' places, the arrays have a row for each."""
    kept: list[Place] = []
    runs: list[tuple[int, int]] = []
    piece = 0
    for start, end in places(text[: offsets[-1][1]] if offsets else "")[: 2 * MOST]:
        while piece < len(offsets) and offsets[piece][0] < start:
            piece += 1
        first = piece
        while piece < len(offsets) and offsets[piece][1] <= end:
            piece += 1
        if piece > first:
            kept.append((start, end))
            runs.append((first, piece))
    if not kept:
        return None
    both = [np.stack([array[a:b].mean(axis=0) for a, b in runs[:MOST]]).astype(np.float16) for array in (states, pieces)]
    return Words(tuple(kept[:MOST]), *both)


def joined(parts: Sequence[Words | None]) -> Words | None:
    """The words of all parts of a text."""
    found = [part for part in parts if part]
    if len(found) < 2:
        return found[0] if found else None
    return Words(
        tuple(place for part in found for place in part.places)[:MOST],
        np.concatenate([part.states for part in found])[:MOST],
        np.concatenate([part.pieces for part in found])[:MOST],
    )
