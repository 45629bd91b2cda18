"""Caches vectors in SQL, by content hash and embedder.

A lost index is rebuilt from it: 100,000 vectors are read in about a second, while embedding them takes half an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Engine, select
from sqlalchemy.exc import IntegrityError

from retrieval.adapters import sql_tables as tables
from retrieval.ports import UnitKind

IN_BATCH = 500


class SqlVectors:
    """A VectorStore over the table `embeddings`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def vectors(self, hashes: Sequence[str], embedder: str) -> Mapping[str, NDArray[np.float32]]:
        """The cached vectors, by content hash."""
        cache, found = tables.embeddings, {}
        with self._engine.connect() as db:
            for part in batches(list(dict.fromkeys(hashes)), IN_BATCH):
                query = select(cache.c.content_hash, cache.c.vector).where(
                    cache.c.embedder == embedder, cache.c.content_hash.in_(part)
                )
                for key, blob in db.execute(query):
                    found[key] = np.frombuffer(blob, dtype="<f4")
        return found

    def keep(self, hashes: Sequence[str], embedder: str, vectors: NDArray[np.float32]) -> None:
        """Stores vectors that are not cached yet, in one transaction; repeats it if another process stores one meanwhile."""
        try:
            self._insert(hashes, embedder, vectors)
        except IntegrityError:
            self._insert(hashes, embedder, vectors)

    def _insert(self, hashes: Sequence[str], embedder: str, vectors: NDArray[np.float32]) -> None:
        known = self.vectors(hashes, embedder)
        rows = {
            key: {"content_hash": key, "embedder": embedder, "vector": vector.astype("<f4").tobytes()}
            for key, vector in zip(hashes, vectors, strict=True)
            if key not in known
        }
        if rows:
            with self._engine.begin() as db:
                db.execute(tables.embeddings.insert(), list(rows.values()))

    def stored(self, kind: UnitKind, embedder: str) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """Ids and vectors of all units of a kind that have a vector, in batches of 2,000."""
        cache, units = tables.embeddings, tables.UNITS[kind]
        query = (
            select(units.c.id, cache.c.vector)
            .join(cache, (cache.c.content_hash == units.c.content_hash) & (cache.c.embedder == embedder))
            .order_by(units.c.id)
        )
        with self._engine.connect() as db:
            for part in db.execute(query).partitions(2_000):
                yield [row[0] for row in part], np.stack([np.frombuffer(row[1], dtype="<f4") for row in part])

    def missing(self, kind: UnitKind, embedder: str) -> list[str]:
        """Ids of the units of a kind without a vector of this embedder, sorted."""
        cache, units = tables.embeddings, tables.UNITS[kind]
        joined = units.outerjoin(cache, (cache.c.content_hash == units.c.content_hash) & (cache.c.embedder == embedder))
        query = select(units.c.id).select_from(joined).where(cache.c.content_hash.is_(None)).order_by(units.c.id)
        with self._engine.connect() as db:
            return list(db.execute(query).scalars())

    def count_missing(self, embedder: str) -> int:
        """The number of passages and profile sentences without a vector of this embedder."""
        return sum(len(self.missing(kind, embedder)) for kind in tables.UNITS)

    def prune(self) -> int:
        """Forgets vectors that no passage and no evidence needs any more; the number of rows removed."""
        cache = tables.embeddings
        used: list[Column[str]] = [tables.passages.c.content_hash, tables.evidence.c.content_hash]
        query = cache.delete()
        for column in used:
            query = query.where(cache.c.content_hash.not_in(select(column)))
        with self._engine.begin() as db:
            return db.execute(query).rowcount


def batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The items in batches of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
