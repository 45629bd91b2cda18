"""Near-duplicates collapse: of two passages that say the same in almost the same words, only the better one is shown.

Two that differ in a word of the question, or in a code or a number, are not the same: that may be just what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.passage import Passage
from retrieval.text import words

ALIKE = 0.9
"""Jaccard similarity of the sets of words from which on two passages are one."""
SHORT = 8
"""A passage of fewer different words is never taken for another."""


def distinct(ranking: Sequence[tuple[Passage, float]], k: int, question: str = "") -> list[tuple[Passage, float]]:
    """The first k of a ranking without the near-duplicates of better ones."""
    kept: list[tuple[Passage, float]] = []
    seen: list[frozenset[str]] = []
    telling = frozenset(words(question))
    for passage, score in ranking:
        if len(kept) == k:
            break
        said = frozenset(words(passage.text))
        if not any(_alike(said, other, telling) for other in seen):
            kept.append((passage, score))
            seen.append(said)
    return kept


def _alike(one: frozenset[str], other: frozenset[str], telling: frozenset[str]) -> bool:
    small, large = sorted((len(one), len(other)))
    if small < SHORT or small < ALIKE * large:
        return False
    apart = one ^ other
    if len(one & other) < ALIKE * len(one | other) or apart & telling:
        return False
    return not any(word[0].isdigit() for word in apart)
