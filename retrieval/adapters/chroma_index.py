"""Chroma, embedded: ids and vectors on disk, never text, because what it deletes stays in its file.

A collection carries the id and dimension of its embedder and refuses any other. Two processes on one folder would
damage it without a word, so whoever opens a ChromaStore must hold the lock of the folder (see `index_folder`).
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
"""Chroma takes at most 5,461 at once."""

HNSW: Any = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "sync_threshold": 200}
"""Wider than Chroma's defaults: a tenth of a millisecond for a recall of practically 1. What is not synced yet is put into
the graph again at every start: half a second with the default of 1,000."""


class ChromaStore:
    """One folder with several collections. Close it before the folder is removed."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        folder.mkdir(parents=True, exist_ok=True)
        settings = Settings(anonymized_telemetry=False, is_persistent=True)
        with _Damage():
            self._client = chromadb.PersistentClient(str(folder), settings=settings)

    def index(self, name: str, embedder: str, dimension: int) -> ChromaIndex:
        """The collection of that name, made if it is new. Raises IndexMismatch if another embedder filled it."""
        wanted = {"embedder": embedder, "dimension": dimension}
        with _Damage():
            collection: Any = self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": HNSW}, metadata=wanted
            )
            found = {key: (collection.metadata or {}).get(key) for key in wanted}
        if found != wanted:
            raise IndexMismatch(_name(found), _name(wanted))
        return ChromaIndex(collection, dimension)

    def close(self) -> None:
        """Lets go of the files."""
        close = getattr(self._client, "close", None)
        if close is not None:
            close()


class ChromaIndex:
    """A VectorIndex over one collection."""

    def __init__(self, collection: Any, dimension: int) -> None:
        self._collection = collection
        self._dimension = dimension

    def __len__(self) -> int:
        with _Damage():
            return int(self._collection.count())

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds or replaces in batches. Raises IndexMismatch if the vectors have another length."""
        if not ids:
            return
        if vectors.shape != (len(ids), self._dimension):
            raise IndexMismatch(f"{self._dimension} numbers a text", f"{vectors.shape[-1]}")
        with _Damage():
            for start in range(0, len(ids), BATCH):
                part = list(ids[start : start + BATCH])
                self._collection.upsert(ids=part, embeddings=vectors[start : start + BATCH])

    def delete(self, ids: Sequence[str]) -> None:
        """Removes in batches; an unknown id is no error."""
        with _Damage():
            for start in range(0, len(ids), BATCH):
                self._collection.delete(ids=list(ids[start : start + BATCH]))

    def search(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """The k nearest by cosine, best first, ties by id. Not counted before: that takes as long as the search."""
        if k < 1:
            return []
        with _Damage():
            found = self._collection.query(query_embeddings=vector.reshape(1, -1), n_results=k, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return ranked((key, 1.0 - float(distance)) for key, distance in pairs)


class _Damage:
    """Whatever Chroma says about its files is one thing to us: the index is damaged and can be rebuilt."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            raise IndexDamaged("The vector index cannot be read.") from error


def _name(facts: dict[str, Any]) -> str:
    return f"{facts.get('embedder')} ({facts.get('dimension')} numbers a text)"
