"""Removes near-duplicates from a ranking: of passages with almost the same words, only the best is kept.

Passages that differ in a word of the question, or in a word that begins with a digit, are kept, since the difference may be
what was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.passage import Passage
from retrieval.text import words

ALIKE = 0.9
"""Jaccard similarity of the sets of words from which two passages are near-duplicates."""
SHORT = 8
"""A passage with fewer distinct words is never a near-duplicate."""


def distinct(ranking: Sequence[tuple[Passage, float]], k: int, question: str = "") -> list[tuple[Passage, float]]:
    """The first k of a ranking, without near-duplicates of better ones."""
    kept: list[tuple[Passage, float]] = []
    seen: list[frozenset[str]] = []
    asked = frozenset(words(question))
    for passage, score in ranking:
        if len(kept) == k:
            break
        content = frozenset(words(passage.text))
        if not any(_alike(content, other, asked) for other in seen):
            kept.append((passage, score))
            seen.append(content)
    return kept


def _alike(first: frozenset[str], second: frozenset[str], asked: frozenset[str]) -> bool:
    small, large = sorted((len(first), len(second)))
    if small < SHORT or small < ALIKE * large:
        return False
    different = first ^ second
    if len(first & second) < ALIKE * len(first | second) or different & asked:
        return False
    return not any(word[0].isdigit() for word in different)
