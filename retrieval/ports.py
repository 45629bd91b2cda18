"""The ports: what retrieval needs from the outside, in our words.

Arrays are numpy float32 and C-contiguous. A vector has length 1, so that the dot product of two is their cosine.
Scores are "higher is nearer"; ties are broken by id, so that the same data gives the same ranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.passage import Article, Passage, Profile


Scored = tuple[str, float]
"""An id and its score."""


class Embeddings(Protocol):
    """Turns texts into directions."""

    @property
    def id(self) -> str:
        """Names model and weights: vectors of different ids must never meet."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), each row of length 1. An empty text has a vector as well."""


class VectorSearch(Protocol):
    """The reading half of a VectorIndex, all that a search needs."""

    def search(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """The k nearest by cosine (-1 to 1), best first; fewer if there are fewer."""


class VectorIndex(VectorSearch, Protocol):
    """Holds ids and vectors, never text."""

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds or replaces; `vectors` has the shape (len(ids), dimension). Raises IndexMismatch on another length."""

    def delete(self, ids: Sequence[str]) -> None:
        """Removes; an unknown id is no error."""


class WordSearch(Protocol):
    """The reading half of a LexicalIndex."""

    def search(self, text: str, k: int) -> list[Scored]:
        """The k best by BM25 (above 0), best first; a text without a known word finds nothing."""


class LexicalIndex(WordSearch, Protocol):
    """Holds words, with the title counting more."""

    def upsert(self, texts: Sequence[tuple[str, str, str]]) -> None:
        """Adds or replaces (id, title, text)."""

    def delete(self, ids: Sequence[str]) -> None:
        """Removes; an unknown id is no error."""


class Corpus(Protocol):
    """The truth about what there is; the indexes are projections of it."""

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]:
        """By id; all if no ids are given. Unknown ids are left out."""

    def passages(self, ids: Iterable[str] | None = None) -> dict[str, Passage]:
        """By id; all if no ids are given. Unknown ids are left out."""

    def profiles(self, ids: Iterable[str] | None = None) -> dict[str, Profile]:
        """By id; all if no ids are given. Unknown ids are left out."""


class VectorCache(Protocol):
    """Remembers vectors by what was embedded, so that nothing is embedded twice."""

    def vectors(self, hashes: Sequence[str], embedder: str) -> Mapping[str, NDArray[np.float32]]:
        """The known ones, by content hash."""

    def keep(self, hashes: Sequence[str], embedder: str, vectors: NDArray[np.float32]) -> None:
        """Stores them; a known hash is left as it is."""
