"""An exact vector index in memory: one matrix product a search, about 10 ms for 200,000 vectors.

It answers for a small Chroma index, while another process owns the Chroma folder, and while a lost one is rebuilt; the contract
tests compare Chroma with it. The product is computed in one thread: on busy cores several threads wait for each other, which
takes 8 ms instead of 0.3.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexMismatch
from retrieval.passages.fuse import ranked
from retrieval.ports import Scored


class ExactIndex:
    """A VectorIndex over a matrix that doubles when it is full."""

    def __init__(self, dimension: int) -> None:
        self._matrix = np.zeros((64, dimension), dtype=np.float32)
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        self._changing = threading.Lock()

    def __len__(self) -> int:
        return len(self._ids)

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds or replaces. Raises IndexMismatch if the vectors have another dimension."""
        if not ids:
            return
        if vectors.shape != (len(ids), self._matrix.shape[1]):
            raise IndexMismatch(f"{self._matrix.shape[1]} numbers a text", f"{vectors.shape[-1]}")
        with self._changing:
            for key, vector in zip(ids, vectors, strict=True):
                row = self._row(key)
                self._matrix[row] = vector

    def delete(self, ids: Sequence[str]) -> None:
        """Removes; unknown ids are ignored. The last row moves into the gap."""
        with self._changing:
            for key in ids:
                row = self._rows.pop(key, None)
                if row is not None:
                    self._close_gap(row)

    def search(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """The k nearest by cosine, best first, ties by id."""
        with self._changing:
            size = len(self._ids)
            if not size or k < 1:
                return []
            scores = np.vecdot(self._matrix[:size], vector)
            rows = np.arange(size)
            if k < size:
                edge = np.partition(scores, size - k)[size - k]
                rows = np.flatnonzero(scores >= edge)
            return ranked((self._ids[row], float(scores[row])) for row in rows)[:k]

    def _close_gap(self, row: int) -> None:
        last = self._ids.pop()
        if row < len(self._ids):
            self._ids[row] = last
            self._rows[last] = row
            self._matrix[row] = self._matrix[len(self._ids)]

    def _row(self, key: str) -> int:
        if key not in self._rows:
            if len(self._ids) == len(self._matrix):
                self._matrix = np.concatenate([self._matrix, np.zeros_like(self._matrix)])
            self._rows[key] = len(self._ids)
            self._ids.append(key)
        return self._rows[key]
