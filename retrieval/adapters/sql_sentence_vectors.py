"""Stores the sentence vectors of passages in SQL: one row a passage and embedder, deleted with its passage."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select

from retrieval.adapters import sql_tables as tables
from retrieval.adapters.sql_ids import given, of_ids, one_read
from retrieval.passages.sentence_vectors import SentenceVectors


class SqlSentenceVectors:
    """A SentenceVectorWriter over an engine, for one embedder."""

    def __init__(self, engine: Engine, embedder: str) -> None:
        self._engine = engine
        self._embedder = embedder
        table = tables.sentence_vectors
        columns = (table.c.passage_id, table.c.spans, table.c.vectors)
        self._query = select(*columns).where(table.c.embedder == embedder)

    def kept(self, passage_ids: Sequence[str]) -> dict[str, SentenceVectors]:
        """By passage id, in the order of the given ids; passages without a row are left out."""
        table, found = tables.sentence_vectors, {}
        with one_read(self._engine) as db:
            query = of_ids(db, self._query, table.c.passage_id)
            for key, spans, blob in db.execute(query, given(passage_ids)).all():
                found[key] = SentenceVectors(tuple((low, high) for low, high in json.loads(spans)), bytes(blob))
        return {key: found[key] for key in passage_ids if key in found}

    def keep(self, rows: Mapping[str, SentenceVectors]) -> None:
        """Stores sentence vectors by passage id, in one transaction; stored ones are not replaced."""
        known = self.kept(list(rows))
        fresh = [
            {"passage_id": key, "embedder": self._embedder, "spans": json.dumps(one.spans), "vectors": one.packed}
            for key, one in rows.items()
            if key not in known
        ]
        if fresh:
            with self._engine.begin() as db:
                db.execute(tables.sentence_vectors.insert(), fresh)

    def missing(self) -> list[str]:
        """Ids of the passages without sentence vectors of this embedder, sorted."""
        table, passages = tables.sentence_vectors, tables.passages
        joined = passages.outerjoin(table, (table.c.passage_id == passages.c.id) & (table.c.embedder == self._embedder))
        query = select(passages.c.id).select_from(joined).where(table.c.passage_id.is_(None)).order_by(passages.c.id)
        with self._engine.connect() as db:
            return list(db.execute(query).scalars())
