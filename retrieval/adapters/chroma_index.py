"""A vector index in embedded Chroma: ids and vectors, never text, because Chroma does not erase deleted rows from its file.

A collection records the id and dimension of its embedder and refuses any other. Two processes in one folder would silently
damage it, so a ChromaStore may be opened only while the lock of the folder is held (see `index_folder`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.errors import IndexDamaged, IndexMismatch
from retrieval.passages.fuse import ranked
from retrieval.ports import Scored

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 2_000
"""Rows in one call; Chroma accepts at most 5,461."""

HNSW: Any = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "sync_threshold": 200}
"""Larger than Chroma's defaults: 0.1 ms more a query for a recall of practically 1. Rows that are not synced yet are inserted
again at every start, which takes half a second with the default sync_threshold of 1,000."""


class ChromaStore:
    """A folder with collections. Close it before the folder is removed."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        folder.mkdir(parents=True, exist_ok=True)
        settings = Settings(anonymized_telemetry=False, is_persistent=True)
        with _DamageAsError():
            self._client = chromadb.PersistentClient(str(folder), settings=settings)

    def index(self, name: str, embedder: str, dimension: int) -> ChromaIndex:
        """The collection of that name, created if it is new. Raises IndexMismatch if it belongs to another embedder."""
        wanted = {"embedder": embedder, "dimension": dimension}
        with _DamageAsError():
            collection: Any = self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": HNSW}, metadata=wanted
            )
            found = {key: (collection.metadata or {}).get(key) for key in wanted}
        if found != wanted:
            raise IndexMismatch(_name(found), _name(wanted))
        return ChromaIndex(collection, dimension)

    def close(self) -> None:
        """Closes the files."""
        close = getattr(self._client, "close", None)
        if close is not None:
            close()


class ChromaIndex:
    """A VectorIndex over one collection."""

    def __init__(self, collection: Any, dimension: int) -> None:
        self._collection = collection
        self._dimension = dimension

    def __len__(self) -> int:
        with _DamageAsError():
            return int(self._collection.count())

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds or replaces in batches. Raises IndexMismatch if the vectors have another dimension."""
        if not ids:
            return
        if vectors.shape != (len(ids), self._dimension):
            raise IndexMismatch(f"{self._dimension} numbers a text", f"{vectors.shape[-1]}")
        with _DamageAsError():
            for start in range(0, len(ids), BATCH):
                part = list(ids[start : start + BATCH])
                self._collection.upsert(ids=part, embeddings=vectors[start : start + BATCH])

    def delete(self, ids: Sequence[str]) -> None:
        """Removes in batches; unknown ids are ignored."""
        with _DamageAsError():
            for start in range(0, len(ids), BATCH):
                self._collection.delete(ids=list(ids[start : start + BATCH]))

    def search(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """The k nearest by cosine, best first, ties by id."""
        if k < 1:
            return []
        with _DamageAsError():
            found = self._collection.query(query_embeddings=vector.reshape(1, -1), n_results=k, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return ranked((key, 1.0 - float(distance)) for key, distance in pairs)


class _DamageAsError:
    """Turns every exception of Chroma into IndexDamaged: the index can be rebuilt from the database."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            raise IndexDamaged("The vector index cannot be read.") from error


def _name(facts: dict[str, Any]) -> str:
    return f"{facts.get('embedder')} ({facts.get('dimension')} numbers a text)"
