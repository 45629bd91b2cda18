"""Ports for the search indexes, and for the folder that stores them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.ports.corpus import UnitKind
    from retrieval.ports.embeddings import VectorRows

    ReadRows = Callable[[UnitKind, int], VectorRows | None]
    OpenInMemory = Callable[[int], "Indexes"]
    """Opens empty indexes of a dimension that write nothing to disk."""

Scored = tuple[str, float]
"""An id and its score."""


class VectorSearch(Protocol):
    """The reading half of a VectorIndex, all that a search needs."""

    def search(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """The k nearest by cosine (-1 to 1), best first; fewer if the index holds fewer."""


class VectorIndex(VectorSearch, Protocol):
    """Stores ids and vectors, never text."""

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds or replaces; `vectors` has the shape (len(ids), dimension). Raises IndexMismatch on another dimension."""

    def delete(self, ids: Sequence[str]) -> None:
        """Removes; unknown ids are ignored."""


class WordSearch(Protocol):
    """The reading half of a LexicalIndex."""

    def search(self, text: str, k: int) -> list[Scored]:
        """The k best by BM25 (above 0), best first; nothing if no word of the text is indexed."""


class LexicalIndex(WordSearch, Protocol):
    """Indexes words; words of the title weigh more."""

    def upsert(self, texts: Sequence[tuple[str, str, str]]) -> None:
        """Adds or replaces (id, title, text)."""

    def delete(self, ids: Sequence[str]) -> None:
        """Removes; unknown ids are ignored."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """The vector and lexical indexes of passages and of people, opened and closed together."""

    passage_vectors: VectorIndex
    passage_words: LexicalIndex
    people_vectors: VectorIndex
    people_words: LexicalIndex
    close: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True, slots=True)
class IndexOrigin:
    """What indexes were built from: corpus fingerprint and embedder. `missing` counts the texts without a vector."""

    corpus: str
    embedder: str
    dimension: int
    missing: int = 0


class FolderLock(Protocol):
    """The right of one process to write to a folder of indexes."""

    @property
    def path(self) -> Path:
        """The folder."""

    def acquire(self) -> bool:
        """Takes the lock; False if it is held already."""

    def release(self) -> None:
        """Gives the lock back."""


class StoredIndexes(Protocol):
    """One generation of indexes on disk."""

    @property
    def name(self) -> str:
        """Its name in the storage."""

    @property
    def indexes(self) -> Indexes:
        """The indexes, open."""

    def unseal(self) -> None:
        """Marks the generation as being written to: without a seal it is not opened again."""

    def seal(self, origin: IndexOrigin) -> None:
        """Marks the generation as complete."""

    def remove(self) -> None:
        """Closes the indexes and deletes their files."""


class IndexStorage(Protocol):
    """The generations of indexes in one folder, for the owner of its lock. `keep` is a generation that is still read."""

    def open_current(self, wanted: IndexOrigin, read_rows: ReadRows) -> tuple[StoredIndexes, IndexOrigin] | None:
        """The current generation and what it was built from; None if it is damaged or built from something else.

        `read_rows(kind, limit)` reads the stored vectors of a kind, or returns None if there are more than `limit`.
        """

    def fresh(self, origin: IndexOrigin) -> StoredIndexes:
        """A new, empty generation that is not current yet."""

    def publish(self, stored: StoredIndexes, origin: IndexOrigin, keep: StoredIndexes | None = None) -> None:
        """Seals a generation, makes it current and removes the others, except `keep`."""
