"""Ports for computing vectors and for keeping them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.ports.corpus import UnitKind

VectorRows = Iterable[tuple[Sequence[str], "NDArray[np.float32]"]]
"""Ids and their vectors, in batches."""


class Embeddings(Protocol):
    """Embeds texts as unit vectors."""

    @property
    def id(self) -> str:
        """Names model and weights. Vectors of different ids cannot be compared."""

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), each row of length 1, also for an empty text."""


class VectorCache(Protocol):
    """Caches vectors by content hash, so that no text is embedded twice."""

    def vectors(self, hashes: Sequence[str], embedder: str) -> Mapping[str, NDArray[np.float32]]:
        """The cached vectors, by content hash."""

    def keep(self, hashes: Sequence[str], embedder: str, vectors: NDArray[np.float32]) -> None:
        """Stores vectors; a cached one is not replaced."""


class VectorStore(VectorCache, Protocol):
    """A cache beside the corpus: it also finds which passages and profile sentences have no vector yet."""

    def stored(self, kind: UnitKind, embedder: str) -> VectorRows:
        """Ids and vectors of all units of a kind that have a vector."""

    def missing(self, kind: UnitKind, embedder: str) -> list[str]:
        """Ids of the units of a kind without a vector of this embedder, sorted."""

    def count_missing(self, embedder: str) -> int:
        """The number of units of both kinds without a vector of this embedder."""
