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


class IndexStorage(Protocol):
    """A folder of index generations with one owner process. Call `acquire` before anything else."""

    @property
    def path(self) -> Path:
        """The folder."""

    def acquire(self) -> bool:
        """Takes the lock; False if it is held already."""

    def release(self) -> None:
        """Gives the lock back."""

    def current(self) -> Path | None:
        """The current generation, or None."""

    def open_current(self, wanted: IndexOrigin, read_rows: ReadRows) -> tuple[Indexes, IndexOrigin] | None:
        """The indexes of the current generation; None if it is damaged or built from something else.

        `read_rows(kind, limit)` reads the stored vectors of a kind, or returns None if there are more than `limit`.
        """

    def fresh(self, origin: IndexOrigin) -> tuple[Path, Indexes]:
        """A new, empty generation that is not current yet."""

    def publish(self, place: Path, origin: IndexOrigin, keep: Path | None = None) -> None:
        """Seals a generation, makes it current and removes the others, except `keep`."""

    def unseal(self) -> None:
        """Marks the current generation as being written to."""

    def seal(self, origin: IndexOrigin) -> None:
        """Marks the current generation as complete."""

    def remove(self, place: Path) -> None:
        """Deletes a generation."""

    def in_memory(self, dimension: int) -> Indexes:
        """Empty indexes that write nothing to disk."""
