"""Near-duplicates collapse: of two passages that say the same in almost the same words, only the better one is shown."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.passage import Passage
from retrieval.text import words

ALIKE = 0.9
"""Jaccard similarity of the sets of words from which on two passages are one."""
SHORT = 8
"""A passage of fewer different words is never taken for another."""


def distinct(ranking: Sequence[tuple[Passage, float]], k: int) -> list[tuple[Passage, float]]:
    """The first k of a ranking without the near-duplicates of better ones."""
    kept: list[tuple[Passage, float]] = []
    seen: list[frozenset[str]] = []
    for passage, score in ranking:
        if len(kept) == k:
            break
        said = frozenset(words(passage.text))
        if not any(_alike(said, other) for other in seen):
            kept.append((passage, score))
            seen.append(said)
    return kept


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    small, large = sorted((len(one), len(other)))
    if small < SHORT or small < ALIKE * large:
        return False
    shared = len(one & other)
    return shared >= ALIKE * (small + large - shared)
