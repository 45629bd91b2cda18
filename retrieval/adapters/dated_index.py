"""An index of contributions in memory, ordered by the time of becoming known: a matrix product for vectors, BM25 for words.

Every change builds a new snapshot and swaps it in, so readers neither wait nor see half of a change. The contributions known
before a moment are a prefix of every array. Exact, and fast up to about 200,000 texts.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexMismatch
from retrieval.passages.fuse import fuse, ranked
from retrieval.people.contributions import Contribution, Fading, Near
from retrieval.text import content_stems, identifiers

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

DENSE_WEIGHT = 0.7
POOL = 3
"""Each half gives POOL times k candidates to the fusion."""
K1, B = 1.2, 0.75
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All arrays are ordered by (seen_from, id); the postings of term t are `rows[starts[t] : starts[t + 1]]`."""

    held: tuple[Contribution, ...]
    known: NDArray[np.float64]
    seconds: NDArray[np.float64]
    matrix: Floats
    weights: Floats
    people: tuple[str, ...]
    of_person: Rows
    topics: Mapping[str, int]
    of_topic: Rows
    starts: NDArray[np.int64]
    rows: Rows
    gains: Floats


class DatedIndex:
    """A ContributionSearch that can be written to. May be used by many threads."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._kept: dict[str, tuple[Contribution, Floats, Rows]] = {}
        self._terms: dict[str, int] = {}
        self._changing = threading.Lock()
        self._now = self._snapshot()

    def __len__(self) -> int:
        return len(self._now.held)

    def put(self, contributions: Sequence[Contribution], vectors: Floats) -> None:
        """Adds or replaces; `vectors` has the shape (len(contributions), dimension). Raises IndexMismatch."""
        if vectors.shape != (len(contributions), self._dimension):
            raise IndexMismatch(f"{self._dimension} numbers a text", f"{vectors.shape[-1]}")
        with self._changing:
            for contribution, vector in zip(contributions, vectors, strict=True):
                terms = [self._terms.setdefault(token, len(self._terms)) for token in _tokens(contribution.matched)]
                self._kept[contribution.id] = (contribution, vector, np.array(terms, np.int32))
            self._now = self._snapshot()

    def remove(self, ids: Iterable[str]) -> None:
        """Removes; unknown ids are ignored."""
        with self._changing:
            for key in ids:
                self._kept.pop(key, None)
            self._now = self._snapshot()

    def near(self, question: str, vector: Floats, before: datetime, k: int) -> list[Near]:
        """The k nearest contributions known before `before`, by vectors and words, best first, ties by id."""
        now = self._now
        size = int(np.searchsorted(now.known, before.timestamp()))
        if not size or k < 1:
            return []
        cosines = now.matrix[:size] @ vector
        dense = _best(cosines, POOL * k)
        words = _best(self._bm25(now, question, size), POOL * k, above=0.0)
        rows = {now.held[row].id: row for row in dense.keys() | words.keys()}
        halves = [{now.held[row].id: score for row, score in half.items()} for half in (dense, words)]
        fused = fuse(halves[0], halves[1], DENSE_WEIGHT)
        best = ((now.held[rows[key]], float(cosines[rows[key]]), score) for key, score in ranked(fused)[:k])
        return [
            Near(contribution.id, contribution.person, contribution.at, contribution.topic, contribution.weight, score, cosine)
            for contribution, cosine, score in best
        ]

    def activity(self, topic: str | None, before: datetime, fading: Fading) -> dict[str, float]:
        """The decayed weights in a topic (None: all topics), summed by person."""
        now = self._now
        size = int(np.searchsorted(now.known, before.timestamp()))
        rows = np.arange(size) if topic is None else np.flatnonzero(now.of_topic[:size] == now.topics.get(topic, -1))
        if not len(rows):
            return {}
        age = np.maximum(0.0, before.timestamp() - now.seconds[rows]) / DAY
        left = sum((share * np.exp2(-age / half_life) for half_life, share in fading), np.zeros_like(age))
        sums = np.bincount(now.of_person[rows], now.weights[rows] * left, len(now.people))
        return {now.people[person]: float(sums[person]) for person in np.flatnonzero(sums)}

    def _bm25(self, now: _Snapshot, question: str, size: int) -> Floats:
        """BM25 (Robertson) of the first `size` texts, with document frequencies among these only."""
        scores = np.zeros(size, dtype=np.float32)
        for token in dict.fromkeys(_tokens(question)):
            term = self._terms.get(token, -1)
            if not 0 <= term < len(now.starts) - 1:
                continue
            low, high = now.starts[term], now.starts[term + 1]
            high = low + np.searchsorted(now.rows[low:high], size)
            found = high - low
            scores[now.rows[low:high]] += now.gains[low:high] * np.log1p((size - found + 0.5) / (found + 0.5))
        return scores

    def _snapshot(self) -> _Snapshot:
        kept = sorted(self._kept.values(), key=lambda entry: (entry[0].seen_from, entry[0].id))
        held = tuple(contribution for contribution, _, _ in kept)
        people = {person: n for n, person in enumerate(sorted({contribution.person for contribution in held}))}
        topics = {topic: n for n, topic in enumerate(sorted({contribution.topic for contribution in held if contribution.topic}))}
        matrix = np.stack([vector for _, vector, _ in kept]) if kept else np.zeros((0, self._dimension), np.float32)
        self._kept = {contribution.id: (contribution, matrix[row], terms) for row, (contribution, _, terms) in enumerate(kept)}
        return _Snapshot(
            held,
            np.array([contribution.seen_from.timestamp() for contribution in held], np.float64),
            np.array([contribution.at.timestamp() for contribution in held], np.float64),
            matrix,
            np.array([contribution.weight for contribution in held], np.float32),
            tuple(people),
            np.array([people[contribution.person] for contribution in held], np.int32),
            topics,
            np.array([topics.get(contribution.topic, -2) for contribution in held], np.int32),
            *_postings([terms for _, _, terms in kept], len(self._terms)),
        )


def _postings(texts: Sequence[Rows], terms: int) -> tuple[NDArray[np.int64], Rows, Floats]:
    """The start of each term's postings, their rows, and the BM25 score of each without the inverse document frequency."""
    size = max(1, len(texts))
    lengths = np.array([len(text) for text in texts], np.float32)
    tokens = np.concatenate(texts).astype(np.int64) if texts else np.zeros(0, np.int64)
    pairs, often = np.unique(tokens * size + np.repeat(np.arange(len(texts)), lengths.astype(np.int64)), return_counts=True)
    term, row = pairs // size, (pairs % size).astype(np.int32)
    norm = K1 * (1 - B + B * lengths / max(float(lengths.sum()) / size, 1e-9))
    gains = often * (K1 + 1) / (often + norm[row])
    return np.searchsorted(term, np.arange(terms + 1)), row, gains.astype(np.float32)


def _tokens(text: str) -> list[str]:
    """Stems, and identifiers also in their exact form."""
    return [*content_stems(text), *(f"={token}" for token in identifiers(text))]


def _best(scores: Floats, k: int, above: float = -np.inf) -> dict[int, float]:
    """The k best rows with their scores, and all rows that tie with the last of them."""
    edge = np.partition(scores, len(scores) - k)[len(scores) - k] if k < len(scores) else -np.inf
    rows = np.flatnonzero((scores >= edge) & (scores > above))
    return {int(row): float(scores[row]) for row in rows}
