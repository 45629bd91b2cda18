"""Searches that always use the present indexes of one embedder, also after a rebuild, and replace indexes that are damaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from retrieval.errors import IndexDamaged
from retrieval.ports import Indexes, Scored, StoredIndexes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Recover = Callable[["IndexGeneration", Indexes], None]

Result = TypeVar("Result")


class IndexGeneration:
    """The current indexes of one embedder, how many texts have no vector of it, and where they are stored if not in memory."""

    def __init__(self, embedder: str, dimension: int) -> None:
        self.embedder, self.dimension = embedder, dimension
        self.missing = 0
        self.indexes: Indexes
        self.stored: StoredIndexes | None = None


class LiveVectors:
    """A VectorSearch over the current indexes of a generation."""

    def __init__(self, generation: IndexGeneration, name: str, recover: Recover) -> None:
        self._generation, self._name, self._recover = generation, name, recover

    def search(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """The k nearest; nothing for a zero vector, which is what a failed endpoint gives."""
        if not vector.any():
            return []
        return _try_twice(self._generation, self._recover, lambda now: getattr(now, self._name).search(vector, k))


class LiveWords:
    """A WordSearch over the current indexes of a generation."""

    def __init__(self, generation: IndexGeneration, name: str, recover: Recover) -> None:
        self._generation, self._name, self._recover = generation, name, recover

    def search(self, text: str, k: int) -> list[Scored]:
        return _try_twice(self._generation, self._recover, lambda now: getattr(now, self._name).search(text, k))


def _try_twice(generation: IndexGeneration, recover: Recover, search: Callable[[Indexes], Result]) -> Result:
    """Searches the current indexes; if they are damaged, replaces them and searches again."""
    current = generation.indexes
    try:
        return search(current)
    except IndexDamaged:
        recover(generation, current)
        return search(generation.indexes)
